//! What only HR knows of somebody. No such person, street, number or account exists.

use serde::Serialize;

/// Private data (`hr.employee`, and what its version and bank account hold).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Private {
    /// Private mail address.
    pub email: &'static str,
    /// Private phone.
    pub phone: &'static str,
    /// Street and number.
    pub street: &'static str,
    /// Town.
    pub city: &'static str,
    /// Postal code.
    pub zip: &'static str,
    /// ISO code of the country of the address and of the nationality.
    pub country: &'static str,
    /// Family status, as Odoo's selection has it.
    pub marital: &'static str,
    /// Number of children.
    pub children: i64,
    /// Social security number.
    pub ssnid: &'static str,
    /// Passport.
    pub passport: &'static str,
    /// Whom to call.
    pub emergency_contact: &'static str,
    /// And where.
    pub emergency_phone: &'static str,
    /// Bank account.
    pub account: &'static str,
    /// Work permit.
    pub permit: Option<&'static str>,
}

/// What HR knows of an employee.
pub(super) fn of(employee: &str) -> Option<Private> {
    PRIVATE
        .iter()
        .find(|(key, _)| *key == employee)
        .map(|(_, private)| *private)
}

const PRIVATE: [(&str, Private); 5] = [
    (
        "alice",
        Private {
            email: "alice.m@home.example",
            phone: "+1 585 555 7110",
            street: "9 Canal Walk",
            city: "Rochester",
            zip: "14604",
            country: "US",
            marital: "married",
            children: 2,
            ssnid: "900-55-7110",
            passport: "YA7110332",
            emergency_contact: "Paolo Marchetti",
            emergency_phone: "+1 585 555 8111",
            account: "US0071100098",
            permit: Some("WP-7110-A"),
        },
    ),
    (
        "tara",
        Private {
            email: "tara.l@home.example",
            phone: "+1 585 555 7120",
            street: "31 Mill Race",
            city: "Fairport",
            zip: "14450",
            country: "US",
            marital: "cohabitant",
            children: 1,
            ssnid: "900-55-7120",
            passport: "SE7120446",
            emergency_contact: "Nils Berg",
            emergency_phone: "+1 585 555 8121",
            account: "US0071200076",
            permit: None,
        },
    ),
    (
        "hanna",
        Private {
            email: "hanna.o@home.example",
            phone: "+1 585 555 7130",
            street: "4 Poplar Close",
            city: "Pittsford",
            zip: "14534",
            country: "US",
            marital: "divorced",
            children: 0,
            ssnid: "900-55-7130",
            passport: "NG7130558",
            emergency_contact: "Grace Okafor",
            emergency_phone: "+1 585 555 8131",
            account: "US0071300054",
            permit: None,
        },
    ),
    (
        "emil",
        Private {
            email: "emil.n@home.example",
            phone: "+1 585 555 7121",
            street: "17 Lock Street",
            city: "Brockport",
            zip: "14420",
            country: "US",
            marital: "married",
            children: 1,
            ssnid: "900-55-7121",
            passport: "CZ7121667",
            emergency_contact: "Jana Novak",
            emergency_phone: "+1 585 555 8122",
            account: "US0071210032",
            permit: Some("WP-7121-E"),
        },
    ),
    (
        "mara",
        Private {
            email: "mara.q@home.example",
            phone: "+1 585 555 7122",
            street: "2 Observatory Lane",
            city: "Webster",
            zip: "14580",
            country: "US",
            marital: "single",
            children: 0,
            ssnid: "900-55-7122",
            passport: "NL7122773",
            emergency_contact: "Pieter Quist",
            emergency_phone: "+1 585 555 8123",
            account: "US0071220010",
            permit: None,
        },
    ),
];
