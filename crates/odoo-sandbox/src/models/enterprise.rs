//! Applications that only Odoo Enterprise has, after its public documentation: no running one was asked.

use jiff::civil::Date;

use crate::engine::{env::Env, error::Result, registry::Registry};

/// Declares the applications.
pub(super) fn register(_registry: &mut Registry) {}

/// Fills their tables; the demo company is already there.
pub(super) fn load(_env: &Env, _today: Date) -> Result<()> {
    Ok(())
}
