//! The context of a call: language, time zone, companies and whatever else a method looks at.
//!
//! JSON-2 replaces the whole context of the user with the one in the request
//! (`addons/rpc/controllers/json2.py`), so that a call without it runs in English, in UTC and over
//! all companies at once. This client therefore sends one with every call. It does not look up the
//! user's own settings: [`Odoo::context_get`](crate::Odoo::context_get) and
//! [`Odoo::profile`](crate::Odoo::profile) do.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

use crate::ToValue;

/// What every call tells Odoo about the person who asks.
///
/// ```
/// use odoo_json2::Context;
///
/// let context = Context::new().lang("en_US").tz("Europe/Rome").companies([1, 2]);
/// assert_eq!(context.allowed_company_ids, [1, 2]);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    /// The language of labels and translated fields, such as `en_US`. It must be installed in
    /// Odoo, or every call is refused with [`Error::UserError`](crate::Error::UserError).
    pub lang: Option<String>,
    /// The IANA time zone in which Odoo groups datetimes and computes "today". Values read stay UTC.
    pub tz: Option<String>,
    /// The companies whose records are visible; the first is the current one. Empty means all
    /// companies of the user at once, with the default one as the current.
    pub allowed_company_ids: Vec<i64>,
    /// Every other key. A key of the same name as one of the fields above wins over the field.
    pub extra: Map<String, Value>,
}

impl Context {
    /// An empty context: English source terms, UTC, all companies.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the language, such as `en_US`.
    #[must_use]
    pub fn lang(mut self, lang: impl Into<String>) -> Self {
        self.lang = Some(lang.into());
        self
    }

    /// Sets the IANA time zone, such as `Europe/Rome`.
    #[must_use]
    pub fn tz(mut self, tz: impl Into<String>) -> Self {
        self.tz = Some(tz.into());
        self
    }

    /// Sets the visible companies, the current one first.
    #[must_use]
    pub fn companies(mut self, ids: impl IntoIterator<Item = i64>) -> Self {
        self.allowed_company_ids = ids.into_iter().collect();
        self
    }

    /// Sets any other key, such as `active_test` or `default_move_type`.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl ToValue) -> Self {
        self.extra.insert(key.into(), value.to_value());
        self
    }
}

impl Serialize for Context {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let own = |key: &str| !self.extra.contains_key(key);
        let mut map = serializer.serialize_map(None)?;
        if let Some(lang) = self.lang.as_ref().filter(|_| own("lang")) {
            map.serialize_entry("lang", lang)?;
        }
        if let Some(tz) = self.tz.as_ref().filter(|_| own("tz")) {
            map.serialize_entry("tz", tz)?;
        }
        if !self.allowed_company_ids.is_empty() && own("allowed_company_ids") {
            map.serialize_entry("allowed_company_ids", &self.allowed_company_ids)?;
        }
        for (key, value) in &self.extra {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}
