//! The errors of a real Odoo, word for word.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::actor::shared;

fn lines(errors: &[Value]) -> String {
    errors
        .iter()
        .map(Value::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let ada = shared("ada");
    let seen = vec![
        ada.refused("no.model/search", json!({"domain": []})).await,
        ada.refused("res.partner/nope", json!({})).await,
        ada.refused("res.partner/name", json!({})).await,
        ada.refused("res.partner/_search", json!({})).await,
        ada.refused("res.partner/browse", json!({"ids": [1]})).await,
        ada.refused(
            "res.partner/write",
            json!({"ids": [999_999], "vals": {"name": "x"}}),
        )
        .await,
    ];
    assert_snapshot!(lines(&seen), @r#"
    [404,"werkzeug.exceptions.NotFound","the model 'no.model' does not exist"]
    [404,"werkzeug.exceptions.NotFound","The method 'res.partner.nope' does not exist"]
    [404,"werkzeug.exceptions.NotFound","The method 'res.partner.name' does not exist"]
    [403,"odoo.exceptions.AccessError","Private methods (such as 'res.partner._search') cannot be called remotely."]
    [403,"odoo.exceptions.AccessError","Private methods (such as 'res.partner.browse') cannot be called remotely."]
    [404,"odoo.exceptions.MissingError","Record does not exist or has been deleted.\n(Record: res.partner(999999,), User: 6)"]
    "#);
}

#[tokio::test]
async fn arguments_must_fit_the_signature() {
    let ada = shared("ada");
    let seen = vec![
        ada.refused("res.partner/search", json!({})).await,
        ada.refused("res.partner/search", json!({"domain": [], "foo": 1}))
            .await,
        ada.refused("res.partner/search", json!({"domain": [], "ids": [1]}))
            .await,
        ada.refused("res.partner/name_search", json!({"name": "a", "args": []}))
            .await,
        ada.refused("res.partner/create", json!({"vals": {}})).await,
        ada.refused("res.partner/search", json!({"domain": [], "limit": "x"}))
            .await,
        ada.refused("res.partner/search", json!({"domain": [], "limit": -1}))
            .await,
    ];
    assert_snapshot!(lines(&seen), @r#"
    [422,"werkzeug.exceptions.UnprocessableEntity","missing a required argument: 'domain'"]
    [422,"werkzeug.exceptions.UnprocessableEntity","got an unexpected keyword argument 'foo'"]
    [422,"werkzeug.exceptions.UnprocessableEntity","cannot call res.partner.search with ids"]
    [422,"werkzeug.exceptions.UnprocessableEntity","got an unexpected keyword argument 'args'"]
    [422,"werkzeug.exceptions.UnprocessableEntity","missing a required argument: 'vals_list'"]
    [500,"psycopg2.errors.InvalidTextRepresentation","invalid input syntax for type bigint: \"x\"\n"]
    [500,"psycopg2.errors.InvalidRowCountInLimitClause","LIMIT must not be negative\n"]
    "#);
}

fn bad_domains() -> [Value; 15] {
    [
        json!([["nofield", "=", 1]]),
        json!([["country_id.nofield", "=", 1]]),
        json!([["name.x", "=", 1]]),
        json!([["name", "foo", 1]]),
        json!([["name"]]),
        json!("abc"),
        json!(null),
        json!(["|", ["name", "=", "a"]]),
        json!([["contact_address", "ilike", "a"]]),
        json!([["name", "child_of", "x"]]),
        json!([["name", "not any", []]]),
        json!([["id", "=", "x"]]),
        json!([["create_date", ">", "bad"]]),
        json!([["create_date", ">", "2026-01-01T10:00:00Z"]]),
        json!([["color", ">=", "abc"]]),
    ]
}

#[tokio::test]
async fn bad_domains_are_quoted_as_python_prints_them() {
    let ada = shared("ada");
    let mut seen = Vec::new();
    for domain in bad_domains() {
        seen.push(
            ada.refused("res.partner/search", json!({"domain": domain}))
                .await,
        );
    }
    assert_snapshot!(lines(&seen), @r#"
    [500,"builtins.ValueError","Invalid field res.partner.nofield in condition ('nofield', '=', 1)"]
    [500,"builtins.ValueError","Invalid field res.country.nofield in condition ('nofield', '=', 1)"]
    [500,"builtins.ValueError","Invalid field property 'x' on res.partner.name"]
    [500,"builtins.ValueError","Invalid operator in condition ('name', 'foo', 1)"]
    [500,"builtins.ValueError","Domain() invalid item in domain: ['name']"]
    [500,"builtins.TypeError","Domain() invalid argument type for domain: 'abc'"]
    [500,"builtins.TypeError","Domain() invalid argument type for domain: None"]
    [500,"builtins.ValueError","Domain() malformed domain ['|', ['name', '=', 'a']]"]
    [500,"builtins.ValueError","Cannot convert res.partner.contact_address to SQL because it is not stored"]
    [500,"builtins.ValueError","Cannot execute child_of for res.partner.name, works only for relational fields in condition ('name', 'child_of', 'x')"]
    [500,"builtins.ValueError","Cannot use 'any' with non-relational fields in condition ('name', 'not any', [(1, '=', 1)])"]
    [500,"psycopg2.errors.InvalidTextRepresentation","invalid input syntax for type integer: \"x\"\n"]
    [500,"builtins.ValueError","Invalid term 'bad' in expression date: 'bad'"]
    [500,"builtins.ValueError","expecting only datetimes with no timezone: '2026-01-01T10:00:00Z'"]
    [500,"builtins.ValueError","invalid literal for int() with base 10: 'abc'"]
    "#);
}

#[tokio::test]
async fn orders_are_checked() {
    let ada = shared("ada");
    let seen = vec![
        ada.refused(
            "res.partner/search",
            json!({"domain": [], "order": "name; drop"}),
        )
        .await,
        ada.refused(
            "res.partner/search",
            json!({"domain": [], "order": "nofield"}),
        )
        .await,
        ada.refused(
            "res.partner/search",
            json!({"domain": [], "order": "contact_address"}),
        )
        .await,
        ada.refused("res.partner/search", json!({"domain": [], "order": 5}))
            .await,
    ];
    assert_snapshot!(lines(&seen), @r#"
    [422,"odoo.exceptions.UserError","Invalid \"order\" specified (name; drop). A valid \"order\" specification is a comma-separated list of valid field names (optionally followed by asc/desc for the direction)"]
    [500,"builtins.ValueError","Invalid field 'nofield' on model 'res.partner'"]
    [500,"builtins.ValueError","Cannot convert res.partner.contact_address to SQL because it is not stored"]
    [500,"builtins.TypeError","expected string or bytes-like object, got 'int'"]
    "#);
}

#[tokio::test]
async fn emil_is_told_who_may_do_what_he_may_not() {
    let emil = shared("emil");
    let company = json!({"ids": [1], "vals": {"name": "x"}});
    let request = json!({"ids": [1], "fields": ["request"]});
    let stranger = json!({"ids": [1], "fields": ["name"]});
    let elsewhere = json!({"domain": [], "context": {"allowed_company_ids": [2]}});
    let french = json!({"domain": [], "context": {"lang": "fr_FR"}});
    let mut seen = Vec::new();
    for (path, body) in [
        ("ir.model/search", json!({"domain": []})),
        ("res.company/write", company),
        (
            "res.users.apikeys/create",
            json!({"vals_list": {"name": "x"}}),
        ),
        ("res.users.identitycheck/read", request),
        ("res.users.apikeys/read", stranger),
        ("res.partner/search", elsewhere),
        ("res.partner/search", french),
    ] {
        seen.push(emil.refused(path, body).await);
    }
    assert_snapshot!(lines(&seen), @r#"
    [403,"odoo.exceptions.AccessError","You are not allowed to access 'Models' (ir.model) records.\n\nThis operation is allowed for the following groups:\n\t- Access Rights\n\nContact your administrator to request access if necessary."]
    [403,"odoo.exceptions.AccessError","You are not allowed to modify 'Companies' (res.company) records.\n\nThis operation is allowed for the following groups:\n\t- Access Rights\n\nContact your administrator to request access if necessary."]
    [403,"odoo.exceptions.AccessError","You are not allowed to create 'Users API Keys' (res.users.apikeys) records.\n\nNo group currently allows this operation.\n\nContact your administrator to request access if necessary."]
    [403,"odoo.exceptions.AccessError","You do not have enough rights to access the field \"request\" on Password Check Wizard (res.users.identitycheck). Please contact your system administrator.\n\nOperation: read\nUser: 3\nGroups: always forbidden"]
    [403,"odoo.exceptions.AccessError","Uh-oh! Looks like you have stumbled upon some top-secret records.\n\nSorry, Emil Novak (id=3) doesn't have 'read' access to:\n- Users API Keys (res.users.apikeys)\n\nIf you really, really need access, perhaps you can win over your friendly administrator with a batch of freshly baked cookies."]
    [403,"odoo.exceptions.AccessError","Access to unauthorized or invalid companies."]
    [422,"odoo.exceptions.UserError","Invalid language code: fr_FR"]
    "#);
}

#[tokio::test]
async fn values_must_fit_their_fields() {
    let ada = shared("ada");
    let mut seen = Vec::new();
    for vals in [
        json!({"name": "X", "nofield": 1}),
        json!({"name": "X", "type": "nokey"}),
        json!({"name": "X", "country_id": 99_999}),
        json!({"name": "X", "color": "abc"}),
        json!({"name": "X", "category_id": "x"}),
        json!({"name": "X", "category_id": [[4, 99_999]]}),
        json!({}),
        json!("x"),
    ] {
        seen.push(
            ada.refused("res.partner/create", json!({"vals_list": vals}))
                .await,
        );
    }
    assert_snapshot!(lines(&seen), @r#"
    [500,"builtins.ValueError","Invalid field 'nofield' in 'res.partner'"]
    [500,"builtins.ValueError","Wrong value for res.partner.type: 'nokey'"]
    [422,"odoo.exceptions.ValidationError","The operation cannot be completed: Another model is using the record you are trying to delete.\n\nThe troublemaker is: 'Contact' (res.partner)\nThanks to the following constraint: 'Country' (country_id)\nHow about archiving the record instead?"]
    [500,"builtins.ValueError","invalid literal for int() with base 10: 'abc'"]
    [500,"builtins.ValueError","Wrong value for res.partner.category_id: x"]
    [404,"odoo.exceptions.MissingError","Record does not exist or has been deleted.\n(Record: res.partner.category(99999,), User: 6)"]
    [422,"odoo.exceptions.ValidationError","The operation cannot be completed: Contacts require a name"]
    [500,"builtins.AttributeError","'str' object has no attribute 'get'"]
    "#);
}
