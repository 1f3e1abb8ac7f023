//! The vendor of a new bill.

use odoo_json2::{Domain, Error, Odoo, Record, Ref, field};

use super::CreateBillFromFile;
use super::choice::{self, CHOICES, Choice};
use crate::error::ToolError;
use crate::words::Words;

#[derive(Debug, Record)]
#[odoo(model = "res.partner")]
struct Vendor {
    id: i64,
    display_name: String,
}

/// The vendor by id or name; none where none was named.
pub(super) async fn find(
    odoo: &Odoo,
    wanted: &CreateBillFromFile,
) -> Result<Option<Ref>, ToolError> {
    let (text, found) = match (wanted.vendor_id, wanted.vendor.as_deref()) {
        (Some(id), _) => {
            let found = search(odoo, field("id").eq(id)).await?;
            (format!("with the id {id}"), found)
        }
        (None, Some(name)) => (name.to_owned(), called(odoo, name).await?),
        (None, None) => return Ok(None),
    };
    let found = found.into_iter().map(|vendor| Choice {
        mark: format!("id {}", vendor.id),
        record: Ref {
            id: vendor.id,
            name: vendor.display_name,
        },
    });
    let next = "Give the whole name, or the id of one as `vendor_id`.";
    choice::one("vendor", &text, found.collect(), next).map(Some)
}

/// Those of exactly this name, also as a contact of a company is listed; else those that have it in
/// theirs. A part of a name can be in more names than are listed.
async fn called(odoo: &Odoo, name: &str) -> Result<Vec<Vendor>, Error> {
    let exactly = choice::is("name", name) | choice::is("complete_name", name);
    let found = search(odoo, exactly).await?;
    if found.is_empty() {
        return search(odoo, Words::of(name).within("name")).await;
    }
    Ok(found)
}

async fn search(odoo: &Odoo, domain: Domain) -> Result<Vec<Vendor>, Error> {
    Ok(odoo.search::<Vendor>(domain).limit(CHOICES).await?.records)
}
