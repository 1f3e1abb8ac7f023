//! What a JSON-RPC message is about, read before rmcp sees it.
//!
//! Not for its content: arguments are looked at, not kept. This look is here for clear errors
//! (rmcp answers every unreadable body 415), for what a message may cost (`scan`), and because
//! sessions and quirks depend on the method and on the protocol revision.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::answer::{INVALID_REQUEST, PARSE_ERROR};
use crate::id::Id;
use crate::lenient::{Object, Text};
use crate::scan::JsonLimits;
use crate::strict::Unrepeated;

/// A message that is fit for rmcp.
#[derive(Debug)]
pub(crate) struct Message<'a> {
    /// The id of a request, `None` for notifications and answers.
    pub(crate) id: Option<Id>,
    /// The method of a request or notification, `None` for answers.
    pub(crate) method: Option<Cow<'a, str>>,
    /// The parameters that this crate looks at.
    pub(crate) params: Params<'a>,
}

/// The parts of `params` that this crate looks at; wrong types count as absent here and are
/// reported by rmcp.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Params<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default)]
    uri: Text<'a>,
    #[serde(borrow, default, rename = "clientInfo")]
    client_info: Object<Program<'a>>,
    #[serde(borrow, default, rename = "_meta")]
    meta: Object<Meta<'a>>,
    /// Here for its repeated members, which end the reading.
    #[serde(default, rename = "arguments")]
    _arguments: Unrepeated,
    #[serde(borrow, default, rename = "requestId")]
    request_id: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
struct Meta<'a> {
    #[serde(borrow, default, rename = "io.modelcontextprotocol/protocolVersion")]
    version: Text<'a>,
    #[serde(borrow, default, rename = "io.modelcontextprotocol/clientInfo")]
    client_info: Object<Program<'a>>,
}

/// A program's name and version.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Program<'a> {
    #[serde(borrow, default)]
    pub(crate) name: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) version: Text<'a>,
}

/// Why a body is no message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Malformed {
    /// The JSON-RPC error code.
    pub(crate) code: i32,
    /// What is wrong.
    pub(crate) message: Cow<'static, str>,
    /// The request's id, where it could be read.
    pub(crate) id: Option<Id>,
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow, default)]
    jsonrpc: Text<'a>,
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    method: Text<'a>,
    #[serde(borrow, default)]
    params: Object<Params<'a>>,
    #[serde(default)]
    result: Object<serde::de::IgnoredAny>,
    #[serde(default)]
    error: Object<serde::de::IgnoredAny>,
}

impl<'a> Message<'a> {
    /// Looks a body over, within these limits.
    pub(crate) fn read(body: &'a [u8], limits: JsonLimits) -> Result<Self, Malformed> {
        match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => {}
            Some(b'[') => return Err(malformed(NO_BATCH)),
            _ => return Err(not_json("The body is not a JSON object")),
        }
        limits
            .check(body)
            .map_err(|excess| malformed(format!("The message {excess}")))?;
        let raw: Raw<'a> = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
        raw.check()
    }

    /// The request that a `notifications/cancelled` names.
    pub(crate) fn cancelled(&self) -> Option<Id> {
        let named = self.method.as_deref() == Some("notifications/cancelled");
        Id::read(self.params.request_id.filter(|_| named)?)
    }

    /// The tool that a call names.
    pub(crate) fn tool(&self) -> Option<&str> {
        let is_call = self.method.as_deref() == Some("tools/call");
        self.params.name.get().filter(|_| is_call)
    }

    /// The revision named in `_meta`, which only requests of the 2026-07-28 era carry.
    pub(crate) fn meta_version(&self) -> Option<&str> {
        self.params.meta.get().and_then(|meta| meta.version.get())
    }

    /// The calling program, from `_meta` or from the parameters of `initialize`.
    pub(crate) fn program(&self) -> Option<&Program<'a>> {
        let in_meta = self
            .params
            .meta
            .get()
            .and_then(|meta| meta.client_info.get());
        in_meta.or_else(|| self.params.client_info.get())
    }

    /// What `Mcp-Name` names for this method (MCP 2026-07-28, transports chapter).
    pub(crate) fn target(&self) -> Option<&str> {
        match self.method.as_deref()? {
            "tools/call" | "prompts/get" => self.params.name.get(),
            "resources/read" => self.params.uri.get(),
            _ => None,
        }
    }
}

impl<'a> Raw<'a> {
    fn check(self) -> Result<Message<'a>, Malformed> {
        let id = match self.id.map(Id::read) {
            Some(None) => return Err(malformed(BAD_ID)),
            id => id.flatten(),
        };
        let fail = |message: &'static str| {
            Err(Malformed {
                code: INVALID_REQUEST,
                message: message.into(),
                id: id.clone(),
            })
        };
        if self.jsonrpc.get() != Some("2.0") {
            return fail("`jsonrpc` must be \"2.0\"");
        }
        let answers = self.result.is_present() || self.error.is_present();
        if self.method.get().is_none() && !answers {
            return fail("The message has no `method`");
        }
        if self.method.get().is_some() && answers {
            return fail("A message has either a `method` or a `result` or `error`");
        }
        if self.params.is_present() && self.params.get().is_none() {
            return fail("`params` must be an object");
        }
        Ok(Message {
            id,
            method: self.method.into_inner(),
            params: self.params.into_inner().unwrap_or_default(),
        })
    }
}

const BAD_ID: &str = "The id must be a string or an integer of at most 1024 bytes";

/// What is said to a batch where none may be.
pub(crate) const NO_BATCH: &str =
    "Batches are not supported in this revision; send one message a request";

pub(crate) fn unreadable(error: &serde_json::Error) -> Malformed {
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        // A repeated member is legal JSON but means two things at once (which one would the
        // next parser take?), so it is refused.
        serde_json::error::Category::Data => malformed(format!(
            "The message cannot be understood at {place}: a member is repeated"
        )),
        _ => not_json(format!("The body is not valid JSON at {place}")),
    }
}

pub(crate) fn malformed(message: impl Into<Cow<'static, str>>) -> Malformed {
    Malformed {
        code: INVALID_REQUEST,
        message: message.into(),
        id: None,
    }
}

fn not_json(message: impl Into<Cow<'static, str>>) -> Malformed {
    Malformed {
        code: PARSE_ERROR,
        message: message.into(),
        id: None,
    }
}
