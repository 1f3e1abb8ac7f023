//! Enums that are values of a selection field.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, LitStr, Result, Type, Variant};

use crate::attributes;

/// The variants, sorted by what they are for.
struct Variants<'a> {
    /// Variants without data, and the value each stands for.
    known: Vec<(&'a Ident, LitStr)>,
    /// The variant that keeps values the enum does not know.
    other: &'a Ident,
}

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    attributes::none(&input.attrs)?;
    let Variants { known, other } = variants(input)?;
    let ident = &input.ident;
    let (idents, values): (Vec<_>, Vec<_>) = known.into_iter().unzip();
    let conversions = conversions(ident);
    let odoo = odoo_traits(ident);
    Ok(quote! {
        #[automatically_derived]
        impl #ident {
            /// The value as Odoo knows it.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#idents => #values,)*
                    Self::#other(value) => value,
                }
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<&str> for #ident {
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#idents,)*
                    _ => Self::#other(::std::borrow::ToOwned::to_owned(value)),
                }
            }
        }

        #conversions
        #odoo
    })
}

/// To and from text.
fn conversions(ident: &Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::core::convert::From<::std::string::String> for #ident {
            fn from(value: ::std::string::String) -> Self {
                <Self as ::core::convert::From<&str>>::from(&value)
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<#ident> for ::std::string::String {
            fn from(value: #ident) -> Self {
                ::std::borrow::ToOwned::to_owned(value.as_str())
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

    }
}

/// To and from Odoo.
fn odoo_traits(ident: &Ident) -> TokenStream {
    let value = quote!(::odoo_json2::derive_support::serde_json::Value);
    quote! {
        #[automatically_derived]
        impl ::odoo_json2::FieldValue for #ident {
            fn from_value(value: &#value) -> ::core::result::Result<Self, ::odoo_json2::DecodeError> {
                match value.as_str() {
                    ::core::option::Option::Some(text) => ::core::result::Result::Ok(text.into()),
                    ::core::option::Option::None => ::core::result::Result::Err(
                        ::odoo_json2::DecodeError::new("a value of a selection", value),
                    ),
                }
            }
        }

        #[automatically_derived]
        impl ::odoo_json2::ToValue for #ident {
            fn to_value(self) -> #value {
                <#value as ::core::convert::From<&str>>::from(self.as_str())
            }
        }

        #[automatically_derived]
        impl ::odoo_json2::ToValue for &#ident {
            fn to_value(self) -> #value {
                <#value as ::core::convert::From<&str>>::from(self.as_str())
            }
        }
    }
}

fn variants(input: &DeriveInput) -> Result<Variants<'_>> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new(input.ident.span(), "an enum is expected"));
    };
    let mut known = Vec::new();
    let mut other = None;
    let mut seen = HashSet::new();
    for variant in &data.variants {
        if keeps_text(variant) {
            attributes::none(&variant.attrs)?;
            if other.replace(&variant.ident).is_some() {
                let message = "there can be only one variant for unknown values";
                return Err(Error::new(variant.ident.span(), message));
            }
            continue;
        }
        let value = known_value(variant)?;
        if !seen.insert(value.value()) {
            return Err(Error::new(
                value.span(),
                "two variants stand for the same value",
            ));
        }
        known.push((&variant.ident, value));
    }
    let other = other.ok_or_else(|| {
        let message = "add a variant for values that this enum does not know: `Other(String)`";
        Error::new(input.ident.span(), message)
    })?;
    Ok(Variants { known, other })
}

fn known_value(variant: &Variant) -> Result<LitStr> {
    if !matches!(variant.fields, Fields::Unit) {
        let message = "a variant is a value without data, or `Other(String)` for unknown values";
        return Err(Error::new(variant.ident.span(), message));
    }
    let value = attributes::value(&variant.attrs)?;
    let ident = &variant.ident;
    Ok(value.unwrap_or_else(|| LitStr::new(&snake_case(&ident.to_string()), ident.span())))
}

/// Whether it is the variant for unknown values: exactly one `String`.
fn keeps_text(variant: &Variant) -> bool {
    let Fields::Unnamed(fields) = &variant.fields else {
        return false;
    };
    let mut types = fields.unnamed.iter().map(|field| &field.ty);
    let text = |of: &Type| {
        matches!(of, Type::Path(path)
            if path.path.segments.last().is_some_and(|segment| segment.ident == "String"))
    };
    types.next().is_some_and(text) && types.next().is_none()
}

fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for (index, character) in name.chars().enumerate() {
        if character.is_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    snake
}
