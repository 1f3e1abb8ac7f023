//! Files (`ir.attachment`). Who may see or change the record a file hangs on may see or change the file.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value as Json, json};

use super::{PORTAL, USER, document, secret, user};
use crate::engine::{
    cell::Cell,
    env::Env,
    error::{OdooError, Result},
    field::Field,
    method::{Args, Method, Target},
    model::{Model, Operation, Rule, Vals},
    record::Record,
    registry::Registry,
};

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("ir.attachment", "Attachment")
            .order("id desc")
            .fields(fields())
            .access("base.group_public", "r")
            .access(PORTAL, "rw")
            .access(USER, "rwcd")
            .rule(Rule::global(|env| visible(env, Operation::Read)).on("r"))
            .rule(Rule::global(|env| visible(env, Operation::Write)).on("wd"))
            .method(
                Method::record("read", read)
                    .optional("fields")
                    .optional("load")
                    .readonly(),
            )
            .method(
                Method::record("register_as_main_attachment", register_as_main).optional("force"),
            )
            .before_create(before_create)
            .before_write(before_write),
    );
}

fn fields() -> Vec<Field> {
    vec![
        Field::char("name").required(),
        Field::text("description"),
        Field::selection("type", &[("url", "URL"), ("binary", "File")])
            .required()
            .default("binary"),
        Field::char("url"),
        Field::binary("datas").label("File Content (base64)"),
        Field::binary("raw")
            .label("File Content (raw)")
            .compute(|_| Cell::Empty),
        Field::char("mimetype").label("Mime Type").readonly(),
        Field::integer("file_size").readonly(),
        Field::char("checksum").label("Checksum/SHA1").readonly(),
        Field::char("res_model").label("Resource Model"),
        Field::integer("res_id")
            .label("Resource ID")
            .aggregator("count"),
        Field::char("res_field").label("Resource Field"),
        Field::char("res_name")
            .label("Resource Name")
            .compute(resource_name),
        Field::boolean("public").label("Is public document"),
        Field::many2one("company_id", "res.company").default_fn(|env| env.company().into()),
        Field::many2one("original_id", "ir.attachment"),
    ]
}

fn resource_name(attachment: &Record<'_>) -> Cell {
    let (model, id) = (attachment.text("res_model"), attachment.int("res_id"));
    match attachment.env().registry().model(&model) {
        Some(model) if id != 0 => attachment.env().record(model, id).display_name().into(),
        _ => Cell::Empty,
    }
}

/// The files the caller may see or change: public ones, own orphans, and those of records that allow it.
fn visible(env: &Env, operation: Operation) -> Json {
    let sudo = env.sudo();
    let all = sudo.search("ir.attachment", &json!([])).unwrap_or_default();
    let system = user::is_system(env);
    let fits = |id: &i64| {
        let file = sudo.record_of("ir.attachment", *id);
        let (model, target) = (file.text("res_model"), file.int("res_id"));
        if operation == Operation::Read && file.bool("public") {
            return true;
        }
        if model.is_empty() || target == 0 {
            return system || file.int("create_uid") == env.uid();
        }
        document::allows(env, &model, target, operation)
    };
    let ids: Vec<i64> = all.into_iter().filter(fits).collect();
    json!([["id", "in", ids]])
}

/// Refuses files on records that the caller may not change, and reads what the content says about itself.
fn before_create(env: &Env, values: &mut Vals) -> Result<()> {
    check_target(env, values)?;
    describe(values, true);
    Ok(())
}

fn before_write(env: &Env, _: &[i64], values: &mut Vals) -> Result<()> {
    check_target(env, values)?;
    describe(values, false);
    Ok(())
}

fn check_target(env: &Env, values: &Vals) -> Result<()> {
    let model = values
        .get("res_model")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let id = values
        .get("res_id")
        .and_then(Json::as_i64)
        .unwrap_or_default();
    if env.is_sudo()
        || model.is_empty()
        || id == 0
        || document::allows(env, model, id, Operation::Write)
    {
        return Ok(());
    }
    Err(OdooError::access(
        "Sorry, you are not allowed to access this document.",
    ))
}

fn describe(values: &mut Vals, new: bool) {
    let Some(datas) = values.get("datas").and_then(Json::as_str) else {
        if new {
            values
                .entry("mimetype")
                .or_insert_with(|| json!("application/octet-stream"));
        }
        return;
    };
    // Python's decoder passes over what is no base 64.
    let digits: String = datas
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || "+/=".contains(*letter))
        .collect();
    let bytes = STANDARD.decode(digits.as_bytes()).unwrap_or_default();
    let name = values
        .get("name")
        .and_then(Json::as_str)
        .unwrap_or_default()
        .to_lowercase();
    let given = values
        .get("mimetype")
        .and_then(Json::as_str)
        .map(ToOwned::to_owned);
    let kind = given.unwrap_or_else(|| mimetype(&bytes, &name).to_owned());
    values.insert("mimetype".into(), kind.into());
    values.insert("file_size".into(), bytes.len().into());
    values.insert("checksum".into(), secret::checksum(&bytes).into());
}

/// The type by the ending of the name, else by the first bytes.
fn mimetype(bytes: &[u8], name: &str) -> &'static str {
    const ENDINGS: [(&str, &str); 9] = [
        (".pdf", "application/pdf"),
        (".png", "image/png"),
        (".jpg", "image/jpeg"),
        (".jpeg", "image/jpeg"),
        (".webp", "image/webp"),
        (".xml", "application/xml"),
        (".csv", "text/csv"),
        (".txt", "text/plain"),
        (".zip", "application/zip"),
    ];
    const STARTS: [(&[u8], &str); 5] = [
        (b"%PDF", "application/pdf"),
        (b"\x89PNG", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"PK\x03\x04", "application/zip"),
    ];
    let by_name = ENDINGS.iter().find(|(ending, _)| name.ends_with(ending));
    let by_bytes = || {
        STARTS
            .iter()
            .find(|(start, _)| bytes.starts_with(start))
            .map(|(_, kind)| *kind)
    };
    let text = || std::str::from_utf8(bytes).is_ok().then_some("text/plain");
    by_name
        .map(|(_, kind)| *kind)
        .or_else(by_bytes)
        .or_else(text)
        .unwrap_or("application/octet-stream")
}

/// `read`; but raw bytes are no JSON, and Odoo then fails with a plain HTML page.
fn read(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let wanted = args.get("fields").and_then(Json::as_array);
    let names: Vec<&str> = wanted.map_or_else(Vec::new, |names| {
        names.iter().filter_map(Json::as_str).collect()
    });
    if names.contains(&"raw") {
        return Err(OdooError::unserialisable());
    }
    let pairs = args
        .given("load")
        .is_none_or(|load| load == "_classic_read");
    Ok(json!(env.read(
        env.model(target.model)?,
        target.ids,
        &names,
        pairs
    )?))
}

/// Makes files the main document of their records: silently nothing without write access, or for XML.
fn register_as_main(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let force = args.given("force").is_none_or(crate::engine::env::truthy);
    env.check_existing(env.model(target.model)?, target.ids)?;
    for file in env.browse(target.model, target.ids) {
        set_main(env, &file, force);
    }
    Ok(Json::Null)
}

/// Makes a file the main document of its record, if the caller may change the record.
pub(super) fn set_main(env: &Env, file: &Record<'_>, force: bool) {
    let (model, id) = (file.text("res_model"), file.int("res_id"));
    let kind = file.text("mimetype");
    let shown = !kind.ends_with("xml") && kind != "application/octet-stream";
    let Some(model) = env.registry().model(&model) else {
        return;
    };
    let has_main = model
        .get("message_main_attachment_id")
        .is_some_and(Field::has_column);
    if shown && has_main && document::allows(env, model.name, id, Operation::Write) {
        let record = env.record(model, id);
        if force || record.get("message_main_attachment_id").is_empty() {
            record.set("message_main_attachment_id", file.id());
        }
    }
}
