//! The document that a file is for, before and after.

use odoo_json2::{Odoo, Record, Ref, field};

use super::super::document::{self, Kind};
use super::name_of;
use crate::answer::Named;
use crate::error::ToolError;
use crate::upload::Upload;

/// An invoice, bill or refund with its files.
#[derive(Debug, Record)]
#[odoo(model = "account.move")]
pub(super) struct Document {
    id: i64,
    name: Option<String>,
    display_name: String,
    move_type: String,
    state: String,
    partner_id: Option<Ref>,
    company_id: Option<Ref>,
    message_main_attachment_id: Option<Ref>,
    #[odoo(limit = 200)]
    attachment_ids: Vec<File>,
}

#[derive(Debug, Record)]
#[odoo(model = "ir.attachment")]
struct File {
    id: i64,
    name: String,
    checksum: Option<String>,
}

/// Reads the document, if this user sees it and it is an invoice in a wide sense.
pub(super) async fn read(odoo: &Odoo, id: i64) -> Result<Document, ToolError> {
    let found = odoo
        .search::<Document>(field("id").eq(id) & Kind::any())
        .limit(1)
        .await?;
    found.records.into_iter().next().ok_or_else(|| {
        ToolError::not_found(
            format!("there is no invoice or bill with the id {id} among those you may see"),
            "Nothing was stored. Find it with list_invoices; a bill that is not in Odoo yet is made \
             with create_bill_from_file.",
        )
    })
}

impl Document {
    pub(super) const fn id(&self) -> i64 {
        self.id
    }

    pub(super) fn number(&self) -> Option<&str> {
        self.name.as_deref().filter(|name| *name != "/")
    }

    pub(super) fn document(&self) -> Named {
        Named::from(name_of(self.number(), &self.display_name, self.id))
    }

    pub(super) fn kind(&self) -> Option<Kind> {
        Kind::of(&self.move_type)
    }

    pub(super) fn state(&self) -> String {
        document::state(self.state.clone())
    }

    pub(super) fn partner(&self) -> Option<Named> {
        Named::of(self.partner_id.clone())
    }

    pub(super) fn company(&self) -> Option<Ref> {
        self.company_id.clone()
    }

    pub(super) fn main(&self) -> Option<&Ref> {
        self.message_main_attachment_id.as_ref()
    }

    pub(super) fn files(&self) -> usize {
        self.attachment_ids.len()
    }

    /// A file by its id, called as it is stored.
    pub(super) fn named(&self, id: i64, given: &str) -> Named {
        let stored = self.attachment_ids.iter().find(|file| file.id == id);
        let name = stored.map_or(given, |file| &file.name).to_owned();
        Named::from(Ref { id, name })
    }

    /// The file of the document that has exactly these bytes: uploading it again is no news.
    pub(super) fn same_file(&self, upload: &Upload) -> Option<i64> {
        let checksum = upload.checksum();
        let same = |file: &&File| file.checksum.as_deref() == Some(&*checksum);
        self.attachment_ids.iter().find(same).map(|file| file.id)
    }
}
