//! The applications on top of the base: accounting, people and projects, each in a folder of its own.
//!
//! Field names, labels, types and selections are those that a real Odoo 19 answers to `fields_get`. Applications that
//! are not declared here do not exist for a client: their models answer 404, as on an Odoo where they are not installed.

use jiff::civil::Date;

use crate::engine::{
    env::Env,
    error::Result,
    registry::{Group, Registry},
};
use crate::load;

/// Lists fields as a table, one a line: `fields! { char("name").label("Number"); date("date"); }`.
macro_rules! fields {
    ($($kind:ident ($($argument:expr),* $(,)?) $(. $setting:ident ($($value:expr),* $(,)?))* ;)*) => {
        vec![$($crate::engine::field::Field::$kind($($argument),*)$(.$setting($($value),*))*),*]
    };
}

pub(crate) mod accounting;
mod given;
mod money;
mod people;
mod product;
mod project;
mod time_zones;

/// Declares the models, groups and modules of the applications.
pub(crate) fn register(registry: &mut Registry) {
    product::register(registry);
    accounting::register(registry);
    people::register(registry);
    project::register(registry);
}

/// Fills the tables with the demo company; companies, people and partners of the base are already there.
pub(crate) fn load(env: &Env, today: Date) -> Result<()> {
    load::company(env, today)
}

/// A group in a table of groups.
const fn group(
    xml_id: &'static str,
    privilege: &'static str,
    name: &'static str,
    implies: &'static [&'static str],
) -> Group {
    Group {
        xml_id,
        privilege,
        name,
        implies,
    }
}

/// What most groups imply: to be an internal user.
const INTERNAL: &[&str] = &["base.group_user"];
