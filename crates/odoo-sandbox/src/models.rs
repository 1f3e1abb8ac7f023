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
mod enterprise;
mod expenses;
mod given;
mod money;
mod people;
mod product;
mod project;
mod time_off;
mod time_zones;

/// Which applications there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edition {
    /// Those that everybody has.
    Community,
    /// Those of Odoo Enterprise besides.
    Enterprise,
}

/// Declares the models, groups and modules of the applications.
pub(crate) fn register(registry: &mut Registry, edition: Edition) {
    product::register(registry);
    accounting::register(registry);
    people::register(registry);
    time_off::register(registry);
    expenses::register(registry);
    project::register(registry);
    if edition == Edition::Enterprise {
        enterprise::register(registry);
    }
}

/// Fills the tables with the demo company; companies, people and partners of the base are already there.
pub(crate) fn load(env: &Env, today: Date, edition: Edition) -> Result<()> {
    load::company(env, today)?;
    match edition {
        Edition::Community => Ok(()),
        Edition::Enterprise => enterprise::load(env, today),
    }
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
