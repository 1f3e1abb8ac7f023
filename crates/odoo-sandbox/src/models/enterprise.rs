//! Applications that only Odoo Enterprise has, after its public documentation: no running one was asked.

use jiff::civil::Date;

use crate::engine::{env::Env, error::Result, registry::Registry};

mod online_bank;
mod payroll;

/// Declares the applications.
pub(super) fn register(registry: &mut Registry) {
    online_bank::register(registry);
    payroll::register(registry);
}

/// Fills their tables; the demo company is already there.
pub(super) fn load(env: &Env, today: Date) -> Result<()> {
    online_bank::load(env, today)?;
    payroll::load(env, today)
}
