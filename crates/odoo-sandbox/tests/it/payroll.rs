//! Payslips as the payroll officer reads them, and that nobody else does.

use odoo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::actor::{Actor, TODAY, shared};

/// Sum of a field over the slips of a month.
async fn sum(field: &str, month: &str) -> f64 {
    let body = json!({ "domain": [["date_from", "=", month]], "fields": [field] });
    let slips = shared("ada").call("hr.payslip/search_read", body).await;
    let slips = slips.as_array().unwrap().iter();
    slips.map(|slip| slip[field].as_f64().unwrap()).sum()
}

#[tokio::test]
async fn slips_add_up_to_the_salaries_in_the_books() {
    for month in ["2025-12-01", "2026-06-01", "2026-11-01"] {
        assert!((sum("gross_wage", month).await - 24_000.0).abs() < 0.005);
        assert!((sum("net_wage", month).await - 18_600.0).abs() < 0.005);
    }
}

#[tokio::test]
async fn each_slip_is_the_sum_of_its_lines() {
    let specification = json!({
        "basic_wage": {}, "net_wage": {},
        "line_ids": { "fields": { "code": {}, "total": {} } },
        "worked_days_line_ids": { "fields": { "number_of_days": {}, "number_of_hours": {} } },
    });
    let body = json!({ "domain": [], "specification": specification });
    let slips = shared("ada").call("hr.payslip/web_search_read", body).await;
    assert_eq!(slips["length"], 120);
    for slip in slips["records"].as_array().unwrap() {
        let total = |wanted: &[&str]| -> f64 {
            let lines = slip["line_ids"].as_array().unwrap().iter();
            lines
                .filter(|line| wanted.contains(&line["code"].as_str().unwrap()))
                .map(|line| line["total"].as_f64().unwrap())
                .sum()
        };
        let net = slip["net_wage"].as_f64().unwrap();
        assert!(
            (total(&["BASIC", "TAX", "SOCIAL"]) - net).abs() < 0.005,
            "{slip}"
        );
        assert!((total(&["NET"]) - net).abs() < 0.005, "{slip}");
        let days = &slip["worked_days_line_ids"][0];
        let hours = days["number_of_days"].as_f64().unwrap() * 8.0;
        assert_eq!(days["number_of_hours"], hours);
    }
}

#[tokio::test]
async fn the_month_of_today_is_not_paid_yet() {
    let body = json!({ "domain": [], "groupby": ["state"], "aggregates": ["__count"] });
    let groups = shared("ada")
        .call("hr.payslip/formatted_read_group", body)
        .await;
    let groups = groups.as_array().unwrap().iter();
    let counts: Vec<String> = groups
        .map(|group| format!("{} {}", group["state"].as_str().unwrap(), group["__count"]))
        .collect();
    assert_eq!(counts, ["draft 10", "paid 110"]);
}

#[tokio::test]
async fn nobody_else_reads_slips() {
    for login in ["alice", "emil", "tara", "hanna", "rosa"] {
        for model in [
            "hr.payslip",
            "hr.payslip.line",
            "hr.payslip.worked_days",
            "hr.payslip.run",
        ] {
            let body = json!({ "domain": [] });
            let refused = shared(login)
                .refused(&format!("{model}/search"), body)
                .await;
            assert_eq!(refused[0], 403, "{login} {model}");
        }
        let files = json!({ "domain": [["res_model", "=", "hr.payslip"]] });
        let found = shared(login).call("ir.attachment/search", files).await;
        assert_eq!(found, json!([]), "{login}");
    }
}

#[tokio::test]
async fn community_has_no_payroll() {
    let community = Sandbox::builder().today(TODAY).community();
    let sandbox = community.start().await.expect("a sandbox");
    let refused: Value = Actor::of(&sandbox, "ada")
        .refused("hr.payslip/search", json!({ "domain": [] }))
        .await;
    assert_eq!(refused[2], "the model 'hr.payslip' does not exist");
}
