//! The derive macros of `odoo-json2`.
//!
//! Not for direct use: `odoo-json2` re-exports them and documents their attributes. They write the
//! specification (what to ask Odoo for) and the decoder (how to read the answer) from the same
//! fields, so that a list of fields never has to be written twice. Everything that is wrong with a
//! struct is reported at compile time, at the place where it is wrong.

mod attributes;
#[cfg(test)]
mod mistakes;
mod record;
mod selection;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Implements `odoo_json2::Record` for a struct with named fields.
///
/// ```text
/// #[derive(Record)]
/// #[odoo(model = "account.move")]
/// struct Invoice {
///     id: i64,
///     #[odoo(rename = "partner_id")]
///     customer: Option<Ref>,
///     #[odoo(optional)]
///     narration: Option<String>,
///     #[odoo(limit = 100, order = "sequence, id", context(active_test = false))]
///     invoice_line_ids: Vec<InvoiceLine>,
/// }
/// ```
#[proc_macro_derive(Record, attributes(odoo))]
pub fn derive_record(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    record::expand_record(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Implements `odoo_json2::GroupRow` for a struct with named fields; `#[odoo(rename = "…")]` names
/// the column.
///
/// ```text
/// #[derive(GroupRow)]
/// struct ByMonth {
///     #[odoo(rename = "date:month")]
///     month: Option<Bucket>,
///     #[odoo(rename = "balance:sum")]
///     balance: f64,
/// }
/// ```
#[proc_macro_derive(GroupRow, attributes(odoo))]
pub fn derive_group_row(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    record::expand_group_row(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Makes an enum the type of a selection field.
///
/// Each variant without data is a value: its name in `snake_case`, or what `#[odoo(value = "…")]`
/// says. One variant with a `String` keeps values that the enum does not know.
///
/// ```text
/// #[derive(Selection)]
/// enum MoveType {
///     #[odoo(value = "out_invoice")]
///     Invoice,
///     Entry,
///     Other(String),
/// }
/// ```
#[proc_macro_derive(Selection, attributes(odoo))]
pub fn derive_selection(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    selection::expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
