//! Reading `#[odoo(…)]`: every mistake becomes an error at its own place.

use syn::{
    Attribute, Error, Expr, Ident, Lit, LitInt, LitStr, Result, Type, meta::ParseNestedMeta,
};

/// The attributes of a field.
#[derive(Default)]
pub(crate) struct FieldAttributes {
    pub(crate) rename: Option<LitStr>,
    pub(crate) optional: Option<Ident>,
    pub(crate) limit: Option<LitInt>,
    pub(crate) order: Option<LitStr>,
    pub(crate) context: Vec<(String, Expr)>,
}

impl FieldAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> Result<Self> {
        let mut found = Self::default();
        for_each(attributes, |meta| {
            if meta.path.is_ident("rename") {
                set(&mut found.rename, &meta, meta.value()?.parse()?)
            } else if meta.path.is_ident("optional") {
                let ident = meta.path.require_ident()?.clone();
                set(&mut found.optional, &meta, ident)
            } else if meta.path.is_ident("limit") {
                let limit: LitInt = meta.value()?.parse()?;
                if limit.base10_parse::<u32>().is_err() || !limit.suffix().is_empty() {
                    return Err(Error::new(limit.span(), "expected a number of records"));
                }
                set(&mut found.limit, &meta, limit)
            } else if meta.path.is_ident("order") {
                set(&mut found.order, &meta, meta.value()?.parse()?)
            } else if meta.path.is_ident("context") {
                meta.parse_nested_meta(|entry| {
                    let key = entry.path.require_ident()?.to_string();
                    found.context.push((key, literal(&entry)?));
                    Ok(())
                })
            } else {
                Err(meta.error("expected `rename`, `optional`, `limit`, `order` or `context`"))
            }
        })?;
        Ok(found)
    }

    /// The first attribute, if any, that only a list of records can have.
    pub(crate) fn list_only(&self) -> Option<Error> {
        let message = "this belongs on a list: `Vec<…>` of nested records";
        let limit = self
            .limit
            .as_ref()
            .map(|limit| Error::new(limit.span(), message));
        limit.or_else(|| {
            self.order
                .as_ref()
                .map(|order| Error::new(order.span(), message))
        })
    }
}

/// The model in `#[odoo(model = "…")]` on a struct.
pub(crate) fn model(name: &Ident, attributes: &[Attribute]) -> Result<LitStr> {
    let mut model = None;
    for_each(attributes, |meta| {
        if meta.path.is_ident("model") {
            let value: LitStr = meta.value()?.parse()?;
            check_model(&value)?;
            set(&mut model, &meta, value)
        } else {
            Err(meta.error("expected `model = \"…\"`"))
        }
    })?;
    model.ok_or_else(|| {
        Error::new(
            name.span(),
            "say which model this is: `#[odoo(model = \"account.move\")]`",
        )
    })
}

/// The value in `#[odoo(value = "…")]` on a variant.
pub(crate) fn value(attributes: &[Attribute]) -> Result<Option<LitStr>> {
    let mut value = None;
    for_each(attributes, |meta| {
        if meta.path.is_ident("value") {
            set(&mut value, &meta, meta.value()?.parse()?)
        } else {
            Err(meta.error("expected `value = \"…\"`"))
        }
    })?;
    Ok(value)
}

/// Refuses attributes where there is nothing to say.
pub(crate) fn none(attributes: &[Attribute]) -> Result<()> {
    for_each(attributes, |meta| {
        Err(meta.error("no attribute is expected here"))
    })
}

/// The argument of a generic type of this name: `String` of `Option<String>`.
pub(crate) fn argument_of<'a>(outer: &str, of: &'a Type) -> Option<&'a Type> {
    let Type::Path(path) = of else { return None };
    let segment = path
        .path
        .segments
        .last()
        .filter(|segment| segment.ident == outer)?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(inner) => Some(inner),
        _ => None,
    })
}

fn for_each(
    attributes: &[Attribute],
    mut each: impl FnMut(ParseNestedMeta<'_>) -> Result<()>,
) -> Result<()> {
    let ours = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("odoo"));
    for attribute in ours {
        attribute.parse_nested_meta(&mut each)?;
    }
    Ok(())
}

fn set<T>(slot: &mut Option<T>, meta: &ParseNestedMeta<'_>, value: T) -> Result<()> {
    match slot.replace(value) {
        Some(_) => Err(meta.error("said twice")),
        None => Ok(()),
    }
}

/// A literal, with or without a minus sign: contexts are constants of the type.
fn literal(entry: &ParseNestedMeta<'_>) -> Result<Expr> {
    let value: Expr = entry.value()?.parse()?;
    let plain = |value: &Expr| {
        matches!(value, Expr::Lit(inner)
            if matches!(inner.lit, Lit::Bool(_) | Lit::Int(_) | Lit::Float(_) | Lit::Str(_)))
    };
    let negative = matches!(&value, Expr::Unary(unary) if plain(&unary.expr));
    if plain(&value) || negative {
        return Ok(value);
    }
    Err(Error::new_spanned(
        value,
        "expected a literal: `true`, `7` or `\"text\"`",
    ))
}

fn check_model(model: &LitStr) -> Result<()> {
    let text = model.value();
    let part = |part: &str| {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        !part.is_empty() && part.chars().all(allowed)
    };
    if text.split('.').all(part) {
        return Ok(());
    }
    Err(Error::new(
        model.span(),
        "not the technical name of a model, such as `account.move`",
    ))
}

/// Whether a type mentions a name anywhere.
pub(crate) fn mentions(of: &impl quote::ToTokens, name: &Ident) -> bool {
    fn search(tokens: proc_macro2::TokenStream, name: &Ident) -> bool {
        tokens.into_iter().any(|token| match token {
            proc_macro2::TokenTree::Ident(ident) => ident == *name || ident == "Self",
            proc_macro2::TokenTree::Group(group) => search(group.stream(), name),
            _ => false,
        })
    }
    search(of.to_token_stream(), name)
}
