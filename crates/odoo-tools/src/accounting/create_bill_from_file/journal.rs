//! The purchase journal of a new bill.

use odoo_json2::{Domain, Error, Odoo, Record, Ref, field};

use super::choice::{self, CHOICES, Choice};
use crate::error::ToolError;
use crate::words::Words;

/// The journals' model.
pub(super) const MODEL: &str = "account.journal";

#[derive(Debug, Record)]
#[odoo(model = "account.journal")]
struct Journal {
    id: i64,
    name: String,
    code: Option<String>,
}

/// The journal with this name or code; without one the first, which Odoo takes, too.
pub(super) async fn find(odoo: &Odoo, text: Option<&str>, company: i64) -> Result<Ref, ToolError> {
    let purchase = field("type").eq("purchase") & field("company_id").eq(company);
    let Some(text) = text else {
        let first = search(odoo, purchase).await?.into_iter().next();
        return first.map(Journal::reference).ok_or_else(|| {
            choice::nothing("your company has no purchase journal that you may see".to_owned())
        });
    };
    // A part of a name can be in more names than are listed, so the whole one is looked for first.
    let exactly = choice::is("name", text) | choice::is("code", text);
    let mut found = search(odoo, purchase.clone() & exactly).await?;
    if found.is_empty() {
        let part = Words::of(text).within_any(&["name", "code"]);
        found = search(odoo, purchase & part).await?;
    }
    // A company has each code once, and names may be there twice.
    if let Some(at) = found.iter().position(|journal| journal.has_code(text)) {
        found = vec![found.swap_remove(at)];
    }
    let found = found.into_iter().map(|journal| Choice {
        mark: format!("code {}", journal.code.as_deref().unwrap_or_default()),
        record: journal.reference(),
    });
    let next = "Give the code of one as `journal`.";
    choice::one("purchase journal", text, found.collect(), next)
}

async fn search(odoo: &Odoo, domain: Domain) -> Result<Vec<Journal>, Error> {
    let found = odoo
        .search::<Journal>(domain)
        .order("sequence, id")
        .limit(CHOICES);
    Ok(found.await?.records)
}

impl Journal {
    fn has_code(&self, text: &str) -> bool {
        self.code
            .as_deref()
            .is_some_and(|code| code.eq_ignore_ascii_case(text))
    }

    fn reference(self) -> Ref {
        Ref {
            id: self.id,
            name: self.name,
        }
    }
}
