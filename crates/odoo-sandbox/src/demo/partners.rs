//! Whom the demo company trades with: customers, vendors and two contact persons. All invented.

use serde::Serialize;

/// A customer, a vendor or a contact person (`res.partner`), shared by both companies.
#[derive(Clone, Debug, Serialize)]
pub struct Partner {
    /// What other records call it.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Whether it is a company; else a person.
    pub is_company: bool,
    /// Key of the company a contact person belongs to.
    pub parent: Option<&'static str>,
    /// Mail address.
    pub email: String,
    /// Phone.
    pub phone: Option<&'static str>,
    /// City.
    pub city: &'static str,
    /// ISO code of the country.
    pub country: &'static str,
    /// Tax id.
    pub vat: Option<&'static str>,
    /// False when archived.
    pub active: bool,
}

/// Keys of the customers of the first company, in the order in which invoices go through them.
pub(super) const CUSTOMERS: [&str; 12] = [
    "brightwater",
    "calloway",
    "dunmore",
    "ember",
    "fenwick",
    "glasshouse",
    "hollis",
    "ironbridge",
    "juniper",
    "kestrel",
    "sandvik",
    "meridian",
];

/// Customers, vendors, two contact persons and one customer that is gone.
pub(super) fn partners() -> Vec<Partner> {
    let mut partners: Vec<Partner> = TABLE.iter().map(partner).collect();
    for partner in &mut partners {
        match partner.key {
            "june" => contact(partner, "brightwater"),
            "tomas" => contact(partner, "sandvik"),
            "oldfield" => partner.active = false,
            _ => {}
        }
    }
    partners
}

/// Key, name, phone, city, country and tax id; an empty text where there is none.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const TABLE: [Row; 24] = [
    (
        "brightwater",
        "Brightwater Labs",
        "+1 617 555 0201",
        "Boston",
        "US",
        "US0412201",
    ),
    (
        "calloway",
        "Calloway Foods",
        "+1 312 555 0202",
        "Chicago",
        "US",
        "US0412202",
    ),
    ("dunmore", "Dunmore University", "", "Albany", "US", ""),
    (
        "ember",
        "Ember Ceramics",
        "+1 503 555 0204",
        "Portland",
        "US",
        "US0412204",
    ),
    ("fenwick", "Fenwick & Daughters", "", "Burlington", "US", ""),
    (
        "glasshouse",
        "Glasshouse Nurseries",
        "+1 585 555 0206",
        "Ithaca",
        "US",
        "US0412206",
    ),
    (
        "hollis",
        "Hollis Water Board",
        "+1 603 555 0207",
        "Hollis",
        "US",
        "",
    ),
    (
        "ironbridge",
        "Ironbridge Steel",
        "+1 412 555 0208",
        "Pittsburgh",
        "US",
        "US0412208",
    ),
    ("juniper", "Juniper Clinic", "", "Denver", "US", ""),
    (
        "kestrel",
        "Kestrel Aviation",
        "+1 316 555 0210",
        "Wichita",
        "US",
        "US0412210",
    ),
    (
        "sandvik",
        "Optik Sandvik",
        "+46 8 555 0211",
        "Uppsala",
        "SE",
        "SE0412211",
    ),
    (
        "meridian",
        "Meridian Surveyors",
        "+1 207 555 0212",
        "Bangor",
        "US",
        "US0412212",
    ),
    (
        "aaltola",
        "Aaltola Instruments",
        "+358 9 555 0213",
        "Espoo",
        "FI",
        "FI0412213",
    ),
    (
        "harbour",
        "Harbour Estates",
        "+1 585 555 0301",
        "Rochester",
        "US",
        "US0413301",
    ),
    (
        "northglass",
        "Northglass Optics",
        "+1 585 555 0302",
        "Buffalo",
        "US",
        "US0413302",
    ),
    (
        "copperline",
        "Copperline Circuits",
        "",
        "Austin",
        "US",
        "US0413303",
    ),
    (
        "swiftparcel",
        "Swift Parcel",
        "+1 901 555 0304",
        "Memphis",
        "US",
        "",
    ),
    ("luminor", "Luminor Energy", "", "Syracuse", "US", ""),
    (
        "precision",
        "Precision Tooling",
        "+1 216 555 0306",
        "Cleveland",
        "US",
        "",
    ),
    (
        "saaristo",
        "Saaristo Logistics",
        "+358 2 555 0307",
        "Turku",
        "FI",
        "FI0413307",
    ),
    ("quill", "Quill Office Supply", "", "Rochester", "US", ""),
    ("oldfield", "Oldfield Mills", "", "Utica", "US", ""),
    (
        "june",
        "June Albrecht",
        "+1 617 555 0221",
        "Boston",
        "US",
        "",
    ),
    ("tomas", "Tomas Ek", "", "Uppsala", "SE", ""),
];

fn partner(row: &Row) -> Partner {
    let (key, name, phone, city, country, vat) = *row;
    let given = |text: &'static str| (!text.is_empty()).then_some(text);
    Partner {
        key,
        name,
        is_company: true,
        parent: None,
        email: format!("accounts@{key}.example"),
        phone: given(phone),
        city,
        country,
        vat: given(vat),
        active: true,
    }
}

fn contact(partner: &mut Partner, parent: &'static str) {
    partner.parent = Some(parent);
    partner.is_company = false;
    partner.email = format!("{}@{parent}.example", partner.key);
}
