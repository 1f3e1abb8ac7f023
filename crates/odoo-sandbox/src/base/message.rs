//! Messages on records (`mail.message`) and `message_post`, which every model has here.

use serde_json::{Value as Json, json};

use super::{PORTAL, USER, attachment, document};
use crate::engine::{
    env::{Env, truthy},
    error::Result,
    field::Field,
    html::{escape, sanitize},
    method::{Args, Method, Target},
    model::{Model, Operation, Rule},
    registry::Registry,
    write::vals,
};

/// Declares the models and the method.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("mail.message.subtype", "Message subtypes")
            .order("sequence, id")
            .fields([
                Field::char("name").label("Message Type").required(),
                Field::integer("sequence").default(1),
                Field::boolean("internal").label("Internal Only"),
            ])
            .access(USER, "r"),
    );
    registry.add(message());
    registry.add_method(Method::record("message_post", message_post).any_arguments());
}

fn message() -> Model {
    Model::new("mail.message", "Message")
        .order("id desc")
        .rec_name("record_name")
        .fields(fields())
        .access("base.group_public", "r")
        .access(PORTAL, "r")
        .access(USER, "rwcd")
        .rule(Rule::global(visible))
}

fn fields() -> Vec<Field> {
    vec![
        Field::char("subject"),
        Field::datetime("date").default_fn(|env| env.now().into()),
        Field::html("body").label("Contents"),
        Field::char("model").label("Related Document Model"),
        Field::integer("res_id")
            .label("Related Document ID")
            .aggregator("count"),
        Field::char("record_name").label("Message Record Name"),
        Field::selection(
            "message_type",
            &[
                ("email", "Incoming Email"),
                ("comment", "Comment"),
                ("email_outgoing", "Outgoing Email"),
                ("notification", "System notification"),
                ("auto_comment", "Automated Targeted Notification"),
                ("user_notification", "User Specific Notification"),
            ],
        )
        .label("Type")
        .required()
        .default("comment"),
        Field::many2one("subtype_id", "mail.message.subtype").label("Subtype"),
        Field::many2one("author_id", "res.partner")
            .label("Author")
            .default_fn(|env| env.user().get("partner_id")),
        Field::char("email_from").label("From"),
        Field::many2many("attachment_ids", "ir.attachment").label("Attachments"),
        Field::many2many("partner_ids", "res.partner").label("Recipients"),
        Field::boolean("is_internal").label("Employee Only"),
    ]
}

/// The messages the caller wrote, and those on records that they may read.
fn visible(env: &Env) -> Json {
    let sudo = env.sudo();
    let partner = env.user().get("partner_id").as_id();
    let all = sudo.search("mail.message", &json!([])).unwrap_or_default();
    let fits = |id: &i64| {
        let message = sudo.record_of("mail.message", *id);
        let (model, target) = (message.text("model"), message.int("res_id"));
        message.get("author_id").as_id() == partner
            || document::allows(env, &model, target, Operation::Read)
    };
    let ids: Vec<i64> = all.into_iter().filter(fits).collect();
    json!([["id", "in", ids]])
}

/// Posts a message on a record that the caller may read. The body is escaped unless it is said to be HTML.
fn message_post(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let model = env.model(target.model)?;
    env.check_access(model, Operation::Read)?;
    env.check_existing(model, target.ids)?;
    env.check_records(model, target.ids, Operation::Read)?;
    let [id] = target.ids else {
        let shown = crate::engine::error::python_tuple(target.ids);
        let text = format!("Expected singleton: {}{shown}", target.model);
        return Err(crate::engine::error::OdooError::value(text));
    };
    let body = args.text("body").unwrap_or_default();
    let html = args.get("body_is_html").is_some_and(truthy);
    let body = if html { sanitize(body) } else { escape(body) };
    let comment = args.text("subtype_xmlid") == Some("mail.mt_comment");
    let subtype = env.xml_id(if comment {
        "mail.mt_comment"
    } else {
        "mail.mt_note"
    });
    let files = args.ids("attachment_ids");
    adopt(env, &files, target.model, *id);
    let user = env.user();
    let message = env.sudo().create(
        "mail.message",
        vals(json!({
            "body": body,
            "subject": args.text("subject"),
            "model": target.model,
            "res_id": id,
            "record_name": env.record(model, *id).display_name(),
            "message_type": args.text("message_type").unwrap_or("notification"),
            "subtype_id": subtype,
            "author_id": user.get("partner_id").as_id(),
            "email_from": user.get("email").as_text(),
            "attachment_ids": [[6, 0, files]],
            "partner_ids": [[6, 0, args.ids("partner_ids")]],
        })),
    )?;
    Ok(json!([message]))
}

/// Hangs the caller's own loose files on the record.
fn adopt(env: &Env, files: &[i64], model: &str, id: i64) {
    for file in env.browse("ir.attachment", files) {
        let loose = file.is("res_model", "mail.compose.message") && file.int("res_id") == 0;
        if loose && file.int("create_uid") == env.uid() {
            file.set("res_model", model);
            file.set("res_id", id);
            // Whoever may post may so set the first document, although not change the record.
            attachment::set_main(&env.sudo(), &file, false);
        }
    }
}
