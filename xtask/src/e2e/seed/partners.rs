//! Customers, vendors and contact persons.

use odoo_json2::Values;

use super::{Seeder, quiet};

/// Seeds the partners.
pub(super) async fn seed(seeder: &mut Seeder<'_>) -> anyhow::Result<()> {
    for partner in &seeder.demo.partners {
        let parent = match partner.parent {
            Some(key) => Some(seeder.id("partner", key)?),
            None => None,
        };
        let values = Values::new()
            .set("name", partner.name)
            .set("is_company", partner.is_company)
            .set("email", partner.email.as_str())
            .set("city", partner.city)
            .set("country_id", seeder.country(partner.country).await?)
            .set("active", partner.active)
            .set_some("phone", partner.phone)
            .set_some("vat", partner.vat)
            .set_some("parent_id", parent);
        seeder
            .ensure(("partner", partner.key), "res.partner", quiet(), values)
            .await?;
    }
    Ok(())
}
