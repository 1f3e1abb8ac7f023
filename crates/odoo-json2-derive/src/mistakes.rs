//! What people do wrong with the derives, and what they are told. What the derives do right is
//! tested in `odoo-json2`, where the code they write can run.

use proc_macro2::TokenStream;
use syn::{DeriveInput, Result, parse_quote};

use crate::{record, selection};

fn told(expanded: Result<TokenStream>) -> String {
    expanded.expect_err("a mistake").to_string()
}

fn in_record(input: &DeriveInput) -> String {
    told(record::expand_record(input))
}

fn in_row(input: &DeriveInput) -> String {
    told(record::expand_group_row(input))
}

fn in_selection(input: &DeriveInput) -> String {
    told(selection::expand(input))
}

#[test]
fn a_record_says_which_model_it_is() {
    let told = in_record(&parse_quote!(
        struct Invoice {
            id: i64,
        }
    ));
    assert_eq!(
        told,
        "say which model this is: `#[odoo(model = \"account.move\")]`"
    );
    let told = in_record(&parse_quote!(
        #[odoo(model = "Account Move")]
        struct Invoice {
            id: i64,
        }
    ));
    assert_eq!(
        told,
        "not the technical name of a model, such as `account.move`"
    );
    let told = in_record(&parse_quote!(
        #[odoo(modell = "a.b")]
        struct Invoice {
            id: i64,
        }
    ));
    assert_eq!(told, "expected `model = \"…\"`");
    let told = in_record(&parse_quote!(
        #[odoo(model = "a", model = "b")]
        struct Invoice {
            id: i64,
        }
    ));
    assert_eq!(told, "said twice");
}

#[test]
fn a_record_is_a_plain_struct_with_names() {
    let expected = "a struct with named fields is expected";
    assert_eq!(
        in_record(&parse_quote!(
            #[odoo(model = "a.b")]
            struct Pair(i64, i64);
        )),
        expected
    );
    assert_eq!(
        in_record(&parse_quote!(
            #[odoo(model = "a.b")]
            enum State {
                Draft,
            }
        )),
        expected
    );
    let told = in_record(&parse_quote!(
        #[odoo(model = "a.b")]
        struct Page<T> {
            records: Vec<T>,
        }
    ));
    assert_eq!(told, "a struct without generics is expected");
}

#[test]
fn attributes_of_fields_are_checked() {
    let field = |attribute: TokenStream, of: TokenStream| {
        in_record(&parse_quote!(#[odoo(model = "a.b")] struct A { #[odoo(#attribute)] field: #of }))
    };
    let list = "this belongs on a list: `Vec<…>` of nested records";
    assert_eq!(
        field(parse_quote!(limit = 3), parse_quote!(Option<Ref>)),
        list
    );
    assert_eq!(
        field(parse_quote!(order = "id"), parse_quote!(String)),
        list
    );
    let told = field(parse_quote!(optional), parse_quote!(String));
    assert_eq!(told, "an optional field has the type `Option<…>`");
    let told = field(parse_quote!(renamed = "x"), parse_quote!(String));
    assert_eq!(
        told,
        "expected `rename`, `optional`, `limit`, `order` or `context`"
    );
    let told = field(parse_quote!(context(lang = lang())), parse_quote!(String));
    assert_eq!(told, "expected a literal: `true`, `7` or `\"text\"`");
    assert!(field(parse_quote!(limit = -3), parse_quote!(Vec<Ref>)).contains("number of"));
    assert!(field(parse_quote!(limit = "3"), parse_quote!(Vec<Ref>)).contains("integer"));
    assert_eq!(
        field(parse_quote!(optional, optional), parse_quote!(Option<i64>)),
        "said twice"
    );
}

#[test]
fn a_field_is_read_once() {
    let told = in_record(&parse_quote! {
        #[odoo(model = "a.b")]
        struct A { partner_id: i64, #[odoo(rename = "partner_id")] partner: Option<Ref> }
    });
    assert_eq!(told, "`partner_id` is read twice");
}

#[test]
fn a_record_that_contains_itself_has_no_end() {
    let told = in_record(&parse_quote! {
        #[odoo(model = "project.task")]
        struct Task { child_ids: Vec<Task> }
    });
    assert!(told.starts_with("a record cannot contain itself"), "{told}");
}

#[test]
fn a_row_has_columns_and_nothing_else() {
    let told = in_row(&parse_quote!(
        #[odoo(model = "a.b")]
        struct Row {
            count: i64,
        }
    ));
    assert_eq!(told, "no attribute is expected here");
    let told = in_row(&parse_quote!(
        struct Row {
            #[odoo(context(a = 1))]
            count: i64,
        }
    ));
    assert_eq!(told, "a column of a group has no context");
    let told = in_row(&parse_quote!(
        struct Row {
            #[odoo(optional)]
            count: i64,
        }
    ));
    assert_eq!(told, "an optional field has the type `Option<…>`");
    let told = in_row(&parse_quote!(
        struct Row {
            #[odoo(limit = 1)]
            ids: Vec<i64>,
        }
    ));
    assert_eq!(told, "this belongs on a list: `Vec<…>` of nested records");
}

#[test]
fn a_selection_has_values_and_one_place_for_others() {
    let told = in_selection(&parse_quote!(
        enum State {
            Draft,
            Posted,
        }
    ));
    assert!(told.starts_with("add a variant for values"), "{told}");
    let told = in_selection(&parse_quote!(
        enum State {
            Draft,
            Other(String),
            Else(String),
        }
    ));
    assert_eq!(told, "there can be only one variant for unknown values");
}

#[test]
fn a_value_of_a_selection_has_no_data() {
    let told = in_selection(&parse_quote!(
        enum State {
            Draft(i64),
            Other(String),
        }
    ));
    assert!(
        told.starts_with("a variant is a value without data"),
        "{told}"
    );
    let told = in_selection(&parse_quote!(
        enum State {
            Draft { day: i64 },
            Other(String),
        }
    ));
    assert!(
        told.starts_with("a variant is a value without data"),
        "{told}"
    );
}

#[test]
fn values_of_a_selection_differ() {
    let told = in_selection(&parse_quote! {
        enum State { Draft, #[odoo(value = "draft")] New, Other(String) }
    });
    assert_eq!(told, "two variants stand for the same value");
    let told = in_selection(&parse_quote!(
        enum State {
            #[odoo(name = "x")]
            New,
            Other(String),
        }
    ));
    assert_eq!(told, "expected `value = \"…\"`");
    let told = in_selection(&parse_quote!(
        struct State {
            a: i64,
        }
    ));
    assert_eq!(told, "an enum is expected");
}
