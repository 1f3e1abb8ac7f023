//! Files on records: `ir.attachment`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;

use crate::{DateTime, DecodeError, Error, Odoo, Record, Values, derive_support, field};

/// A file to attach, or one that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The name with which people see it.
    pub name: String,
    /// Its type, such as `application/pdf`.
    pub mimetype: String,
    /// Its content.
    pub bytes: Bytes,
}

/// A file on a record, without its content.
#[derive(Clone, Debug, PartialEq, Record)]
#[odoo(model = "ir.attachment")]
pub struct Attachment {
    /// The id of the attachment.
    pub id: i64,
    /// The name with which people see it.
    pub name: String,
    /// Its type, such as `application/pdf`.
    pub mimetype: Option<String>,
    /// Its size in bytes.
    pub file_size: i64,
    /// When it was attached.
    pub create_date: Option<DateTime>,
}

/// How many attachments of a record are listed at most.
const LISTED: usize = 200;

impl Odoo {
    /// Attaches a file to a record and gives the id of the attachment. The user needs the right to
    /// change the record. To show the file beside the record, also call
    /// [`set_main_attachment`](Self::set_main_attachment).
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn attach(&self, model: &str, id: i64, file: &File) -> Result<i64, Error> {
        let values = file.to_values().set("res_model", model).set("res_id", id);
        let ids = self.create("ir.attachment", [values]).await?;
        let nothing = || DecodeError::new("the id of the attachment", &serde_json::Value::Null);
        Ok(ids.first().copied().ok_or_else(nothing)?)
    }

    /// Makes an attachment the one that Odoo previews beside its record. Odoo does nothing, and says
    /// nothing, when the user may not change the record or the type cannot be shown.
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn set_main_attachment(&self, attachment: i64) -> Result<(), Error> {
        let call = self
            .writing("ir.attachment", "register_as_main_attachment")
            .ids(&[attachment]);
        self.perform(&call).await.map(drop)
    }

    /// The files on a record, newest first, 200 at most.
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn attachments(&self, model: &str, id: i64) -> Result<Vec<Attachment>, Error> {
        let domain = field("res_model").eq(model) & field("res_id").eq(id);
        let page = self
            .search::<Attachment>(domain)
            .order("id desc")
            .limit(LISTED)
            .await?;
        Ok(page.records)
    }

    /// A file with its content. The limit on answers applies to its base64 form, which is a third larger.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none, [`Error::TooLarge`], and every other [`Error`].
    pub async fn download(&self, attachment: i64) -> Result<File, Error> {
        // `datas` and never `raw`: bytes that are not UTF-8 make Odoo answer with an error page.
        let fields = ["name", "mimetype", "datas"];
        let call = self
            .reading("ir.attachment", "read")
            .ids(&[attachment])
            .arg("fields", fields);
        let value = self.perform(&call).await?;
        let missing = || Error::Missing {
            message: format!("ir.attachment {attachment}"),
        };
        let record = value.get(0).ok_or_else(missing)?;
        let datas: Option<String> = derive_support::field(record, "datas")?;
        let decoded = STANDARD.decode(datas.unwrap_or_default().as_bytes());
        let wrong = |_| DecodeError::new("base64", &record["datas"]).within("datas");
        let mimetype: Option<String> = derive_support::field(record, "mimetype")?;
        Ok(File {
            name: derive_support::field(record, "name")?,
            mimetype: mimetype.unwrap_or_else(|| "application/octet-stream".to_owned()),
            bytes: decoded.map_err(wrong)?.into(),
        })
    }
}

impl File {
    /// The fields of an `ir.attachment` that hold the file, without the record it belongs to.
    pub fn to_values(&self) -> Values {
        Values::new()
            .set("name", &self.name)
            .set("mimetype", &self.mimetype)
            .set_binary("datas", self.bytes.clone())
    }
}
