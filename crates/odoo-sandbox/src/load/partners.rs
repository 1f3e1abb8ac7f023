//! Customers, vendors and contact persons.

use serde_json::json;

use super::Load;
use crate::engine::error::Result;

/// Loads the partners; parents stand before children.
pub(super) fn load(load: &Load<'_>) -> Result<()> {
    for partner in &load.demo.partners {
        let values = json!({
            "name": partner.name,
            "is_company": partner.is_company,
            "parent_id": load.maybe("partner", partner.parent)?,
            "email": partner.email,
            "phone": partner.phone,
            "city": partner.city,
            "country_id": load.country(partner.country)?,
            "vat": partner.vat.or(vat_of(load, partner.parent)),
            "active": partner.active,
        });
        load.create("partner", partner.key, "res.partner", values)?;
    }
    Ok(())
}

/// People of a company share its tax id.
fn vat_of(load: &Load<'_>, company: Option<&str>) -> Option<&'static str> {
    load.demo
        .partners
        .iter()
        .find(|partner| Some(partner.key) == company)?
        .vat
}
