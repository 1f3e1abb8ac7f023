//! The protocol without any input or output: calls become requests, answers become values.
//!
//! Everything [`Odoo`](crate::Odoo) does goes through these functions, which makes them the place
//! to look when JSON-2 has to be spoken over a transport of another kind.
//!
//! ```
//! use odoo_json2::wire::{Endpoint, Intent, MethodCall};
//!
//! let endpoint = Endpoint::new("https://odoo.example.com", "larkspur", "example/1.0")?;
//! let call = MethodCall::new("res.partner", "search_count", Intent::Read)
//!     .arg("domain", odoo_json2::field("customer_rank").gt(0));
//! let request = endpoint.request(&call, &"0123456789abcdef".into())?;
//! assert_eq!(request.uri().path(), "/json/2/res.partner/search_count");
//! assert_eq!(&request.body()[..], br#"{"context":{},"domain":[["customer_rank",">",0]]}"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod endpoint;

pub(crate) use answer::{OdooError, is_json};
pub use {answer::decode, endpoint::Endpoint};

use std::{borrow::Cow, fmt};

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

use crate::{Context, ToValue, Values};

/// The room that a body gets apart from files, in bytes; most calls need no more.
const SMALL_BODY: usize = 1024;

/// Whether a call may change something. Only what the caller declares counts, since JSON-2 sends
/// everything as POST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Reads only; may be sent twice.
    Read,
    /// May write; is never sent twice.
    Write,
}

/// A call of a method of a model, with all its parameters.
///
/// Its `Debug` form leaves out arguments and context, which may hold anything.
#[derive(Clone)]
pub struct MethodCall {
    pub(crate) model: Cow<'static, str>,
    pub(crate) method: Cow<'static, str>,
    pub(crate) intent: Intent,
    pub(crate) ids: Option<Vec<i64>>,
    pub(crate) context: Context,
    pub(crate) args: Map<String, Value>,
    pub(crate) records: Vec<Values>,
}

impl MethodCall {
    /// A call without records, arguments and context.
    pub fn new(
        model: impl Into<Cow<'static, str>>,
        method: impl Into<Cow<'static, str>>,
        intent: Intent,
    ) -> Self {
        Self {
            model: model.into(),
            method: method.into(),
            intent,
            ids: None,
            context: Context::default(),
            args: Map::new(),
            records: Vec::new(),
        }
    }

    /// The records to call the method on. Methods of the model itself take none: Odoo refuses
    /// `search` or `create` with ids.
    #[must_use]
    pub fn ids(mut self, ids: &[i64]) -> Self {
        self.ids = Some(ids.to_vec());
        self
    }

    /// An argument by its Python name.
    #[must_use]
    pub fn arg(mut self, name: impl Into<String>, value: impl ToValue) -> Self {
        self.args.insert(name.into(), value.to_value());
        self
    }

    /// An argument that is left out when there is none.
    #[must_use]
    pub fn arg_some(self, name: &str, value: Option<impl ToValue>) -> Self {
        match value {
            Some(value) => self.arg(name, value),
            None => self,
        }
    }

    /// The records that `create` is to make (`vals_list`). Their binary fields are encoded while
    /// the body is written.
    #[must_use]
    pub fn records(mut self, records: impl IntoIterator<Item = Values>) -> Self {
        self.records = records.into_iter().collect();
        self
    }

    /// The context, which replaces the user's own.
    #[must_use]
    pub fn context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }
}

impl MethodCall {
    /// The body of the request. Room for files is made at once: a buffer that doubles while it
    /// grows takes up to three times the file.
    pub(crate) fn body(&self) -> Result<Vec<u8>, serde_json::Error> {
        let binary: usize = self.records.iter().map(Values::binary_length).sum();
        let mut body = Vec::with_capacity(SMALL_BODY + binary);
        serde_json::to_writer(&mut body, self)?;
        Ok(body)
    }
}

impl fmt::Debug for MethodCall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}/{} ({:?})",
            self.model, self.method, self.intent
        )
    }
}

impl Serialize for MethodCall {
    /// The body of the request. `ids` and `context` are reserved names of the protocol.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_map(None)?;
        if let Some(ids) = &self.ids {
            body.serialize_entry("ids", ids)?;
        }
        body.serialize_entry("context", &self.context)?;
        for (name, value) in &self.args {
            body.serialize_entry(name, value)?;
        }
        if !self.records.is_empty() {
            body.serialize_entry("vals_list", &self.records)?;
        }
        body.end()
    }
}
