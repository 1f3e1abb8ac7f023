//! The demo company's books close at every month end, whatever day it is.

use jiff::civil::{Date, date};
use odoo_json2::{Context, Domain, GroupRow, Odoo, field};
use odoo_sandbox::Sandbox;

/// The balance of all accounts of one type.
#[derive(Debug, GroupRow)]
struct Side {
    /// None for headings and remarks, which have no account.
    #[odoo(rename = "account_id.account_type")]
    kind: Option<String>,
    #[odoo(rename = "balance:sum")]
    balance: f64,
}

/// The accountant of a sandbox.
fn alice(sandbox: &Sandbox) -> anyhow::Result<Odoo> {
    Ok(Odoo::builder(sandbox.url())
        .database(sandbox.database())
        .api_key(sandbox.mint_key("alice"))
        .build()?)
}

/// The sum of all accounts whose type begins with a word: asset, liability, equity, income or expense.
fn sum(sides: &[Side], word: &str) -> f64 {
    sides
        .iter()
        .filter(|side| {
            side.kind
                .as_deref()
                .is_some_and(|kind| kind.starts_with(word))
        })
        .map(|side| side.balance)
        .sum()
}

/// Balances by account type at the end of a day.
async fn balances(odoo: &Odoo, company: i64, until: Date) -> anyhow::Result<Vec<Side>> {
    let domain: Domain = field("parent_state").eq("posted") & field("date").lte(until);
    Ok(odoo
        .group_model("account.move.line", domain)
        .by("account_id.account_type")
        .sum("balance")
        .context(Context::new().companies([company]))
        .rows()
        .await?)
}

#[tokio::test]
async fn assets_equal_liabilities_equity_and_result_on_any_day() -> anyhow::Result<()> {
    for today in [date(2027, 1, 1), date(2028, 2, 29)] {
        let sandbox = Sandbox::builder().today(today).start().await?;
        let odoo = alice(&sandbox)?;
        let profile = odoo.profile().await?;
        assert_eq!(profile.companies.len(), 2);
        for company in &profile.companies {
            let mut until = today;
            for _ in 0..3 {
                let sides = balances(&odoo, company.id, until).await?;
                let assets = sum(&sides, "asset");
                let others: f64 = ["liability", "equity", "income", "expense"]
                    .iter()
                    .map(|word| sum(&sides, word))
                    .sum();
                assert!(assets > 0.0, "{} has no assets on {until}", company.name);
                assert!(
                    (assets + others).abs() < 0.005,
                    "{}: assets {assets} against {others} on {until}",
                    company.name
                );
                until = until.first_of_month().yesterday()?;
            }
        }
    }
    Ok(())
}
