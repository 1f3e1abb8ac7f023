//! `account.journal.create_document_from_attachment`: a draft document for each file that is dropped on a journal.

use serde_json::{Map, Value as Json, json};

use crate::engine::{
    env::Env,
    error::{OdooError, Result},
    method::{Args, Method, Target},
    model::{Operation, Vals},
    record::Record,
    write::vals,
};

use super::document;

const ATTACHMENT: &str = "ir.attachment";

/// The method's signature.
pub(super) fn method() -> Method {
    Method::record("create_document_from_attachment", create).required("attachment_ids")
}

/// Makes one draft for each file, with the file as its main document, and answers where they are shown.
fn create(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let kind = env
        .key("default_move_type")
        .and_then(Json::as_str)
        .unwrap_or("entry")
        .to_owned();
    let named = target.ids.first().copied();
    let named = named.or_else(|| env.key("default_journal_id").and_then(Json::as_i64));
    let journal = match named {
        Some(journal) => journal,
        None => journal_for(env, &kind)?,
    };
    let files = args.ids("attachment_ids");
    if files.is_empty() {
        return Err(OdooError::user("No attachment was provided"));
    }
    let model = env.model(ATTACHMENT)?;
    env.check_existing(model, &files)?;
    env.check_records(model, &files, Operation::Read)?;
    let mut made = Vec::new();
    for file in env.browse(ATTACHMENT, &files) {
        made.push(draft(env, journal, &kind, &file)?);
    }
    Ok(window(env, &made))
}

/// The first journal of the company that takes such documents.
fn journal_for(env: &Env, kind: &str) -> Result<i64> {
    let wanted = if document::is_sale(kind) {
        "sale"
    } else if document::is_invoice(kind) {
        "purchase"
    } else {
        return Err(OdooError::user(
            "The journal in which to upload the invoice is not specified. ",
        ));
    };
    let domain = json!([["type", "=", wanted], ["company_id", "=", env.company()]]);
    // With the caller's rights: whoever may not read journals gets no further.
    let found = env.search("account.journal", &domain)?;
    found.first().copied().ok_or_else(|| {
        let company = env.record_of("res.company", env.company()).display_name();
        OdooError::user(format!(
            "No journal could be found in company {company} for any of those types: {wanted}"
        ))
    })
}

fn draft(env: &Env, journal: i64, kind: &str, file: &Record<'_>) -> Result<i64> {
    let id = env.create(
        "account.move",
        vals(json!({ "move_type": kind, "journal_id": journal })),
    )?;
    file.set("res_model", "account.move");
    file.set("res_id", id);
    env.call(
        ATTACHMENT,
        "register_as_main_attachment",
        &[file.id()],
        Vals::new(),
    )?;
    let note = json!({
        "body": "<p>This document was created from the following attachment(s).</p>",
        "body_is_html": true,
        "attachment_ids": [file.id()],
    });
    env.call("account.move", "message_post", &[id], vals(note))?;
    Ok(id)
}

fn window(env: &Env, made: &[i64]) -> Json {
    let views =
        |kinds: &[&str]| -> Vec<Json> { kinds.iter().map(|kind| json!([false, kind])).collect() };
    let mut action = Map::from_iter([
        ("name".to_owned(), json!("Generated Documents")),
        ("domain".to_owned(), json!([["id", "in", made]])),
        ("res_model".to_owned(), json!("account.move")),
        ("type".to_owned(), json!("ir.actions.act_window")),
        ("context".to_owned(), json!(env.context())),
    ]);
    if let [one] = made {
        action.insert("views".into(), json!(views(&["form"])));
        action.insert("view_mode".into(), json!("form"));
        action.insert("res_id".into(), json!(one));
    } else {
        action.insert("views".into(), json!(views(&["list", "kanban", "form"])));
        action.insert("view_mode".into(), json!("list, kanban, form"));
    }
    Json::Object(action)
}
