//! Files that people hand over: checked before anything of them reaches Odoo.
//!
//! A file arrives as Base64 in an argument. What it is, is decided by its bytes and never by its
//! name; only documents and pictures that Odoo shows beside a record are taken, and only whole ones.
//! Where the file goes is the tool's business.
//!
//! The text is given up as soon as it is decoded, and Odoo's is made while the request is written,
//! so that a file is in memory once beside the one text at hand.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use odoo_json2::{Error, File, Odoo};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::digest;
use crate::error::ToolError;
use crate::schema::BYTES;
use crate::session::UserSession;

mod kind;
mod name;
mod queue;
mod whole;

use kind::Kind;
use queue::Room;
pub(crate) use queue::UploadQueue;
use whole::Damage;

/// The largest file, in bytes: what Odoo and the proxies in front of it usually take.
const LARGEST: usize = 10 * 1024 * 1024;

/// The longest Base64 of [`LARGEST`] bytes, with a line break after every 64 characters.
const LONGEST: usize = LARGEST.div_ceil(3) * 4 / 64 * 65 + 65;

/// Whoever encodes decides about padding; both are beyond doubt.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The argument that holds a file's content.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Base64(String);

/// A file that may be attached.
pub(crate) struct Upload {
    file: File,
    /// Given back with the file.
    _room: Room,
}

impl Upload {
    /// Decodes and checks a file, when there is room for it in memory. Nothing is sent anywhere.
    ///
    /// The name it gets is `file_name` without folders, invisible characters and misleading
    /// endings: it ends as files of its type do.
    pub(crate) async fn read(
        user: &UserSession,
        file_name: &str,
        content: Base64,
    ) -> Result<Self, ToolError> {
        let room = user.uploads().enter(content.0.len()).await?;
        let bytes = content.decode()?;
        let Some(kind) = Kind::of(&bytes) else {
            return Err(refused(format!("`content` is {}", kind::described(&bytes))));
        };
        whole::check(kind, &bytes).map_err(|damage| damaged(damage, kind, bytes.len()))?;
        Ok(Self {
            file: File {
                name: name::harmless(file_name, kind),
                mimetype: kind.mimetype().to_owned(),
                bytes: bytes.into(),
            },
            _room: room,
        })
    }

    /// What Odoo keeps as the file's `checksum` when it is stored with [`Self::attach`]: an
    /// attachment that has it is the same file.
    pub(crate) fn checksum(&self) -> String {
        digest::checksum(&self.file.bytes)
    }

    /// Creates the attachment, of a record or (without an id) of none yet, and gives its id.
    ///
    /// Odoo keeps the bytes as they are; left to itself it shrinks large pictures, and what is
    /// stored would not be what was handed over.
    pub(crate) async fn attach(
        &self,
        odoo: &Odoo,
        model: &str,
        id: Option<i64>,
    ) -> Result<i64, Error> {
        let context = odoo.context().clone().with("image_no_postprocess", true);
        let values = self.file.to_values().set("res_model", model);
        let values = values.set_some("res_id", id);
        let odoo = odoo.with_context(context);
        let made = odoo.create("ir.attachment", [values]).await?;
        made.first().copied().ok_or_else(|| Error::Missing {
            message: "ir.attachment".to_owned(),
        })
    }

    /// The name that people will see.
    pub(crate) fn name(&self) -> &str {
        &self.file.name
    }

    /// The media type, such as `application/pdf`.
    pub(crate) fn mimetype(&self) -> &str {
        &self.file.mimetype
    }

    /// The size in bytes.
    pub(crate) fn size(&self) -> usize {
        self.file.bytes.len()
    }
}

impl Base64 {
    fn decode(self) -> Result<Vec<u8>, ToolError> {
        let mut text = self.0.into_bytes();
        // In place: a copy would be larger than the file.
        text.retain(|byte| !byte.is_ascii_whitespace());
        let text = plain(&text)?;
        // Before decoding, so that a refused file costs no second copy.
        if text.len() / 4 * 3 > LARGEST + 3 {
            return Err(too_large());
        }
        let bytes = ENGINE.decode(text).map_err(|_| {
            refused("`content` is not Base64, or only a part of it arrived".to_owned())
        })?;
        if bytes.len() > LARGEST {
            return Err(too_large());
        }
        if bytes.is_empty() {
            return Err(refused("`content` is empty".to_owned()));
        }
        Ok(bytes)
    }
}

/// The Base64 of a `data:` URL, as which clients like to hand files over, or the text as it is.
fn plain(text: &[u8]) -> Result<&[u8], ToolError> {
    let Some(url) = text.strip_prefix(b"data:") else {
        return Ok(text);
    };
    let comma = url.iter().position(|byte| *byte == b',');
    match comma.and_then(|at| url.split_at_checked(at)) {
        Some((head, [_, data @ ..])) if head.ends_with(b";base64") => Ok(data),
        _ => Err(refused(
            "`content` is a data: URL, but not one with Base64 in it".to_owned(),
        )),
    }
}

fn too_large() -> ToolError {
    refused(format!(
        "the file is larger than {} MiB",
        LARGEST / 1024 / 1024
    ))
}

fn damaged(damage: Damage, kind: Kind, length: usize) -> ToolError {
    let kind = kind.name();
    refused(match damage {
        Damage::Incomplete => format!(
            "the file arrived incomplete: {length} bytes of a {kind} came, and its end is missing"
        ),
        Damage::Empty => format!("`content` is a {kind} without a picture in it"),
        Damage::Oversized(size) => format!(
            "the picture has {} x {} pixels, more than any scan or photograph",
            size.width, size.height
        ),
    })
}

fn refused(message: String) -> ToolError {
    ToolError::argument(
        message,
        "Nothing was stored. Give the whole file as Base64: pdf, png, jpeg, webp or heic, at most \
         10 MiB.",
    )
}

impl JsonSchema for Base64 {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Base64")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": BYTES,
            "maxLength": LONGEST,
            "description": "Base64 of a pdf, png, jpeg, webp or heic, at most 10 MiB.",
        })
    }
}
