//! Every answer that Odoo, or something in front of it, gives instead of a result.

use std::time::Duration;

use odoo_json2::{Error, Fault, Limits, TransportError, field};
use serde_json::{Value, json};

use crate::fake::{Answer, FakeOdoo};

const FIELD_GROUP: &str = "You do not have enough rights to access the field \"stage_id\" on Project \
    (project.project). Please contact your system administrator.\n\nOperation: read";

/// Does not pause before a retry, which is not what these tests are about.
fn hasty() -> Limits {
    Limits {
        retry_pause: Duration::ZERO,
        ..Limits::default()
    }
}

async fn reading(answer: Answer) -> Error {
    let odoo = FakeOdoo::answering([answer]).client(hasty());
    odoo.count("account.move", field("id").gt(0))
        .await
        .expect_err("the answer is an error")
}

async fn writing(answer: Answer) -> Error {
    let odoo = FakeOdoo::answering([answer]).alice();
    odoo.call("account.move", "action_post")
        .ids(&[7])
        .run()
        .await
        .expect_err("an error")
}

/// Status, class and message of an exception; the variant it becomes, and whose fault that is.
const EXCEPTIONS: &[(u16, &str, &str, &str)] = &[
    (
        401,
        "werkzeug.exceptions.Unauthorized",
        "Invalid apikey",
        "InvalidKey (Key)",
    ),
    (
        401,
        "werkzeug.exceptions.Unauthorized",
        "User not authenticated, use an API Key",
        "ProxyRefused (Network)",
    ),
    (
        404,
        "werkzeug.exceptions.NotFound",
        "the model 'no.model' does not exist",
        "NotInstalled (Odoo)",
    ),
    (
        404,
        "werkzeug.exceptions.NotFound",
        "The method 'account.move.nope' does not exist",
        "UnknownMethod (Caller)",
    ),
    (
        404,
        "werkzeug.exceptions.NotFound",
        "Did you mean POST /json/2/<model>/<method>?",
        "NotOdoo (Odoo)",
    ),
    (
        403,
        "odoo.exceptions.AccessError",
        "Private methods (such as 'a._b') cannot be called remotely.",
        "UnknownMethod (Caller)",
    ),
    (
        403,
        "odoo.exceptions.AccessError",
        "You are not allowed to access 'Journal Entry' (account.move) records.",
        "AccessDenied (User)",
    ),
    (
        403,
        "odoo.exceptions.AccessError",
        FIELD_GROUP,
        "FieldForbidden (User)",
    ),
    (
        403,
        "odoo.exceptions.AccessDenied",
        "Access Denied",
        "AccessDenied (User)",
    ),
    (
        404,
        "odoo.exceptions.MissingError",
        "Record does not exist or has been deleted.",
        "Missing (User)",
    ),
    (
        409,
        "odoo.exceptions.LockError",
        "Could not lock.",
        "Conflict (Network)",
    ),
    (
        422,
        "odoo.exceptions.UserError",
        "The entry must be in draft.",
        "UserError (User)",
    ),
    (
        422,
        "odoo.exceptions.ValidationError",
        "You can not have two users with the same login!",
        "Validation (User)",
    ),
    (
        422,
        "odoo.addons.payment.SomeError",
        "Something of an app.",
        "UserError (User)",
    ),
    (
        422,
        "werkzeug.exceptions.UnprocessableEntity",
        "got an unexpected keyword argument 'foo'",
        "BadArguments (Caller)",
    ),
    (
        400,
        "werkzeug.exceptions.BadRequest",
        "could not parse the body as json",
        "BadArguments (Caller)",
    ),
    (
        413,
        "werkzeug.exceptions.RequestEntityTooLarge",
        "The data value exceeds the limit.",
        "RequestTooLarge (Caller)",
    ),
    (
        500,
        "builtins.ValueError",
        "Invalid field 'nofield' in 'project.task'",
        "BadArguments (Caller)",
    ),
    (
        500,
        "builtins.TypeError",
        "unsupported operand",
        "BadArguments (Caller)",
    ),
    (
        500,
        "psycopg2.errors.UndefinedFunction",
        "function sum(text) does not exist",
        "BadArguments (Caller)",
    ),
    (
        500,
        "psycopg2.errors.SerializationFailure",
        "could not serialize access",
        "Conflict (Network)",
    ),
    (
        500,
        "psycopg2.errors.DeadlockDetected",
        "deadlock detected",
        "Conflict (Network)",
    ),
    (
        500,
        "psycopg2.OperationalError",
        "server closed the connection",
        "Unavailable (Network)",
    ),
    (
        500,
        "odoo.sql_db.PoolError",
        "The Connection Pool Is Full",
        "Unavailable (Network)",
    ),
    (
        500,
        "odoo.exceptions.RedirectWarning",
        "text",
        "RedirectWarning (Odoo)",
    ),
    (
        500,
        "builtins.ZeroDivisionError",
        "division by zero",
        "Server (Odoo)",
    ),
];

#[tokio::test]
async fn the_class_of_the_exception_decides() {
    for (status, name, message, expected) in EXCEPTIONS {
        let error = reading(Answer::exception(*status, name, message)).await;
        assert!(
            !format!("{error:?} {error}").contains("CANARY"),
            "no traceback: {error:?}"
        );
        let variant = format!("{error:?}");
        let variant = variant.split([' ', '(']).next().unwrap();
        assert_eq!(
            format!("{variant} ({:?})", error.fault()),
            *expected,
            "{name}: {message}"
        );
    }
}

#[tokio::test]
async fn what_a_proxy_says_never_counts_against_the_key() {
    let proxy = |status| Answer::html(status, "<html>401 Authorization Required</html>");
    for status in [401, 403, 407] {
        assert_eq!(reading(proxy(status)).await, Error::ProxyRefused { status });
    }
    let json = Answer::status(401, json!({"error": "unauthorized", "name": "gateway"}));
    assert_eq!(reading(json).await, Error::ProxyRefused { status: 401 });
    let json = Answer::status(403, json!({"message": "blocked"}));
    assert_eq!(reading(json).await, Error::ProxyRefused { status: 403 });
}

#[tokio::test]
async fn web_pages_and_redirects_are_not_odoo() {
    let database = Error::WrongDatabase {
        database: "larkspur".to_owned(),
    };
    assert_eq!(
        reading(Answer::html(404, "No database is selected")).await,
        database
    );
    for answer in [
        Answer::html(200, "<html>"),
        Answer::html(303, ""),
        Answer::html(415, ""),
    ] {
        let error = reading(answer).await;
        assert!(matches!(error, Error::NotOdoo { .. }), "{error:?}");
        assert_eq!(error.fault(), Fault::Odoo);
    }
    let page = reading(Answer::html(500, "<h1>Internal Server Error</h1>")).await;
    assert_eq!(
        page,
        Error::Server {
            name: "HTTP 500".to_owned()
        }
    );
    assert_eq!(reading(Answer::html(413, "")).await, Error::RequestTooLarge);
    assert!(matches!(
        reading(Answer::html(429, "")).await,
        Error::Busy { .. }
    ));
}

#[tokio::test]
async fn a_forbidden_field_is_named_in_any_language() {
    let german = "Sie haben nicht die erforderlichen Rechte, um auf das Feld \"stage_id\" in Projekt \
        (project.project) zuzugreifen.";
    let public = "The fields “private_email”, which you are trying to read, are not available";
    for (message, model) in [
        (FIELD_GROUP, Some("project.project")),
        (german, Some("project.project")),
        (public, None),
    ] {
        let error = reading(Answer::exception(
            403,
            "odoo.exceptions.AccessError",
            message,
        ))
        .await;
        let Error::FieldForbidden {
            model: named,
            field,
            ..
        } = error
        else {
            panic!("{error:?}");
        };
        assert_eq!(named.as_deref(), model);
        assert!(field == "stage_id" || field == "private_email");
    }
    let rule =
        "Sorry, Emil \"The Fox\" (id=7) doesn't have 'read' access to:\n- Expense (hr.expense)";
    let error = reading(Answer::exception(403, "odoo.exceptions.AccessError", rule)).await;
    assert!(matches!(error, Error::AccessDenied { .. }), "{error:?}");
}

#[tokio::test]
async fn a_redirect_warning_shows_its_text_and_not_its_action() {
    let body = json!({
        "name": "odoo.exceptions.RedirectWarning",
        "message": "No journal found\n{'type': 'ir.actions.act_window'}\nGo\n{}",
        "arguments": ["No journal found", {"type": "ir.actions.act_window"}, "Go", {}],
        "debug": "Traceback CANARY",
    });
    let error = reading(Answer::status(500, body)).await;
    assert_eq!(
        error,
        Error::RedirectWarning {
            message: "No journal found".to_owned()
        }
    );
}

#[tokio::test]
async fn messages_are_cut_and_cleaned_and_sql_stays_in() {
    let noisy = format!("one\u{7}\r\n\n\n\n\ttwo {}", "x".repeat(5_000));
    let Error::UserError { message } =
        reading(Answer::exception(422, "odoo.exceptions.UserError", &noisy)).await
    else {
        panic!("a user error");
    };
    assert!(message.starts_with("one\n\n two xxx"), "{message:.40}");
    assert!(message.chars().count() <= 2_000);
    let sql = reading(Answer::exception(
        500,
        "psycopg2.errors.DataError",
        "LINE 17: SELECT secret",
    ))
    .await;
    assert!(!format!("{sql} {sql:?}").contains("SELECT"));
}

#[tokio::test]
async fn only_a_write_can_have_an_unknown_outcome() {
    let broken = || Answer::Broken(TransportError::Interrupted("reset".to_owned()));
    for answer in [broken(), Answer::html(502, ""), Answer::html(504, "")] {
        let (read, write) = (reading(answer.clone()).await, writing(answer).await);
        assert!(!read.outcome_unknown() && read.retry_safe(), "{read:?}");
        assert!(write.outcome_unknown() && !write.retry_safe(), "{write:?}");
    }
    let refused = || Answer::Broken(TransportError::Connect("refused".to_owned()));
    assert!(writing(refused()).await.retry_safe(), "nothing was sent");
    let conflict = Answer::exception(409, "odoo.exceptions.LockError", "locked");
    assert!(writing(conflict).await.retry_safe(), "nothing was written");
}

#[tokio::test]
async fn a_misfit_says_where_and_not_what() {
    let odoo = FakeOdoo::answering([Answer::json(json!({"uid": "secret"}))]).alice();
    let error = odoo.context_get().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Odoo's answer does not have the expected form: uid: expected an integer, found text"
    );
    let odoo = FakeOdoo::answering([Answer::json(Value::Null)]).alice();
    assert!(matches!(
        odoo.call("a.b", "c").fetch::<Vec<i64>>().await,
        Err(Error::Decode(_))
    ));
}

#[tokio::test]
async fn helpers_tell_the_kinds_apart() {
    let company = "Access to unauthorized or invalid companies.";
    let company = reading(Answer::exception(
        403,
        "odoo.exceptions.AccessError",
        company,
    ))
    .await;
    assert!(company.company_refused() && company.is_access());
    let gone = reading(Answer::exception(
        404,
        "odoo.exceptions.MissingError",
        "gone",
    ))
    .await;
    assert!(gone.is_missing() && !gone.is_not_installed());
    let text = reading(Answer::exception(422, "odoo.exceptions.UserError", "no")).await;
    assert!(text.is_user_error() && !text.is_unavailable());
    let key = reading(Answer::exception(
        401,
        "werkzeug.exceptions.Unauthorized",
        "Invalid apikey",
    ))
    .await;
    assert!(key.is_invalid_key());
}
