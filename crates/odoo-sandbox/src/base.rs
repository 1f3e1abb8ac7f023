//! What every Odoo has, whatever applications are installed: users, groups, companies, partners, currencies, languages,
//! attachments, messages, API keys, and the catalogues of models and modules.

use jiff::civil::Date;

use crate::engine::{
    builtin,
    env::Env,
    error::Result,
    registry::{Group, Module, Registry},
};

pub(crate) mod apikey;
mod attachment;
mod catalogue;
mod company;
mod document;
pub(crate) mod identity;
mod message;
mod parameter;
mod partner;
mod people;
pub(crate) mod secret;
pub(crate) mod user;

/// The group of internal users.
pub(crate) const USER: &str = "base.group_user";
/// The group that manages users and companies.
pub(crate) const ACCESS_RIGHTS: &str = "base.group_erp_manager";
/// The group of administrators.
pub(crate) const SYSTEM: &str = "base.group_system";
/// The group of outsiders who sign in.
pub(crate) const PORTAL: &str = "base.group_portal";

/// What comes with being an administrator.
const ADMINISTRATOR: &[&str] = &[
    ACCESS_RIGHTS,
    "base.group_sanitize_override",
    "base.group_partner_manager",
    "base.group_allow_export",
    "base.group_no_one",
];

/// Declares the models, groups and modules.
pub(crate) fn register(registry: &mut Registry) {
    builtin::register(registry);
    for (name, label, version) in [
        ("base", "Base", "19.0.1.3"),
        ("web", "Web", "19.0.1.0"),
        ("mail", "Discuss", "19.0.1.19"),
        ("rpc", "RPC", "19.0.1.0"),
        ("auth_totp", "Two-Factor Authentication (TOTP)", "19.0.1.0"),
    ] {
        registry.add_module(Module {
            name,
            label,
            version,
        });
    }
    groups(registry);
    user::register(registry);
    company::register(registry);
    partner::register(registry);
    attachment::register(registry);
    message::register(registry);
    apikey::register(registry);
    identity::register(registry);
    catalogue::register(registry);
    parameter::register(registry);
}

/// Fills the tables: catalogues, currencies, companies and people of the demo company.
pub(crate) fn load(env: &Env, today: Date) -> Result<()> {
    catalogue::load(env)?;
    people::load(env, today)
}

fn groups(registry: &mut Registry) {
    let group = |xml_id, privilege, name, implies| Group {
        xml_id,
        privilege,
        name,
        implies,
    };
    for group in [
        group(
            USER,
            "",
            "Role / User",
            &["base.group_multi_currency", "base.group_no_one"],
        ),
        group(SYSTEM, "", "Role / Administrator", ADMINISTRATOR),
        group(ACCESS_RIGHTS, "", "Access Rights", &[USER]),
        group(
            "base.group_sanitize_override",
            "",
            "Bypass HTML Field Sanitize",
            &[],
        ),
        group(PORTAL, "", "Role / Portal", &[]),
        group("base.group_public", "", "Role / Public", &[]),
        group("base.group_multi_company", "", "Multi Companies", &[]),
        group("base.group_multi_currency", "", "Multi Currencies", &[]),
        group("base.group_no_one", "", "Technical Features", &[]),
        group("base.group_allow_export", "Export", "Allowed", &[]),
        group("base.group_partner_manager", "Contact", "Creation", &[]),
    ] {
        registry.add_group(group);
    }
}
