//! Structs that are read: `Record` and `GroupRow`.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Data, DeriveInput, Error, Field, Fields, Result, Type, ext::IdentExt, spanned::Spanned};

use crate::attributes::{self, FieldAttributes, argument_of, mentions};

/// A field of the struct with what its attributes say.
struct Member<'a> {
    ident: &'a Ident,
    of: &'a Type,
    /// The name of the field in Odoo.
    name: String,
    attributes: FieldAttributes,
}

pub(crate) fn expand_record(input: &DeriveInput) -> Result<TokenStream> {
    let model = attributes::model(&input.ident, &input.attrs)?;
    let members = members(input)?;
    let ident = &input.ident;
    for member in &members {
        member.check_in_record(ident)?;
    }
    let fields = members.iter().map(Member::specification);
    let decoders = members.iter().map(Member::decoder);
    Ok(quote! {
        #[automatically_derived]
        impl ::odoo_json2::Record for #ident {
            const MODEL: &'static str = #model;

            fn specification() -> ::odoo_json2::Specification {
                static SPECIFICATION: ::odoo_json2::derive_support::LazyLock<
                    ::odoo_json2::Specification,
                > = ::odoo_json2::derive_support::LazyLock::new(|| {
                    ::odoo_json2::Specification::of(#model) #(#fields)*
                });
                ::core::clone::Clone::clone(&*SPECIFICATION)
            }

            fn decode(
                record: &::odoo_json2::derive_support::serde_json::Value,
            ) -> ::core::result::Result<Self, ::odoo_json2::DecodeError> {
                ::core::result::Result::Ok(Self { #(#decoders),* })
            }
        }
    })
}

pub(crate) fn expand_group_row(input: &DeriveInput) -> Result<TokenStream> {
    attributes::none(&input.attrs)?;
    let members = members(input)?;
    for member in &members {
        member.check_in_row()?;
    }
    let ident = &input.ident;
    let decoders = members.iter().map(Member::decoder);
    Ok(quote! {
        #[automatically_derived]
        impl ::odoo_json2::GroupRow for #ident {
            fn decode(
                record: &::odoo_json2::derive_support::serde_json::Value,
            ) -> ::core::result::Result<Self, ::odoo_json2::DecodeError> {
                ::core::result::Result::Ok(Self { #(#decoders),* })
            }
        }
    })
}

fn members(input: &DeriveInput) -> Result<Vec<Member<'_>>> {
    if !input.generics.params.is_empty() {
        return Err(Error::new(
            input.generics.span(),
            "a struct without generics is expected",
        ));
    }
    let expected = "a struct with named fields is expected";
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(input.ident.span(), expected));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new(input.ident.span(), expected));
    };
    let members = fields
        .named
        .iter()
        .filter_map(|field| Member::of(field).transpose());
    let members = members.collect::<Result<Vec<_>>>()?;
    let mut seen = HashSet::new();
    for member in &members {
        if !seen.insert(&member.name) {
            let message = format!("`{}` is read twice", member.name);
            return Err(Error::new(member.ident.span(), message));
        }
    }
    Ok(members)
}

impl<'a> Member<'a> {
    fn of(field: &'a Field) -> Result<Option<Self>> {
        let Some(ident) = &field.ident else {
            return Ok(None);
        };
        let attributes = FieldAttributes::parse(&field.attrs)?;
        let renamed = attributes.rename.as_ref().map(syn::LitStr::value);
        let name = renamed.unwrap_or_else(|| ident.unraw().to_string());
        Ok(Some(Self {
            ident,
            of: &field.ty,
            name,
            attributes,
        }))
    }

    fn check_in_record(&self, record: &Ident) -> Result<()> {
        if mentions(self.of, record) {
            let message = "a record cannot contain itself: what to ask for would have no end; \
                           use `Vec<i64>`, `Ref` or a second struct";
            return Err(Error::new_spanned(self.of, message));
        }
        self.check_optional()?;
        let of = argument_of("Option", self.of).unwrap_or(self.of);
        match self.attributes.list_only() {
            Some(error) if argument_of("Vec", of).is_none() => Err(error),
            _ => Ok(()),
        }
    }

    fn check_in_row(&self) -> Result<()> {
        if !self.attributes.context.is_empty() {
            return Err(Error::new(
                self.ident.span(),
                "a column of a group has no context",
            ));
        }
        self.check_optional()?;
        self.attributes.list_only().map_or(Ok(()), Err)
    }

    fn check_optional(&self) -> Result<()> {
        match &self.attributes.optional {
            Some(optional) if argument_of("Option", self.of).is_none() => Err(Error::new(
                optional.span(),
                "an optional field has the type `Option<…>`",
            )),
            _ => Ok(()),
        }
    }

    fn specification(&self) -> TokenStream {
        let Self {
            of,
            name,
            attributes,
            ..
        } = self;
        let optional = attributes.optional.is_some();
        let limit = match &attributes.limit {
            Some(limit) => quote!(::core::option::Option::Some(#limit)),
            None => quote!(::core::option::Option::None),
        };
        let order = match &attributes.order {
            Some(order) => quote!(::core::option::Option::Some(#order)),
            None => quote!(::core::option::Option::None),
        };
        let context = self.context();
        quote_spanned! {of.span()=>
            .field(#name, ::odoo_json2::FieldOptions {
                nested: <#of as ::odoo_json2::FieldValue>::nested(),
                optional: #optional,
                limit: #limit,
                order: #order,
                context: #context,
            })
        }
    }

    fn context(&self) -> TokenStream {
        let entries = &self.attributes.context;
        if entries.is_empty() {
            return quote!(::core::option::Option::None);
        }
        let entries = entries
            .iter()
            .map(|(key, value)| quote!(.with(#key, #value)));
        quote!(::core::option::Option::Some(::odoo_json2::Context::new() #(#entries)*))
    }

    fn decoder(&self) -> TokenStream {
        let Self {
            ident,
            of,
            name,
            attributes,
        } = self;
        let record = match &attributes.limit {
            Some(limit) => {
                quote!(&::odoo_json2::derive_support::within(record, #name, #limit))
            }
            None => quote!(record),
        };
        match argument_of("Option", of).filter(|_| attributes.optional.is_some()) {
            Some(inner) => quote_spanned! {of.span()=>
                #ident: ::odoo_json2::derive_support::optional_field::<#inner>(#record, #name)?
            },
            None => quote_spanned! {of.span()=>
                #ident: ::odoo_json2::derive_support::field::<#of>(#record, #name)?
            },
        }
    }
}
