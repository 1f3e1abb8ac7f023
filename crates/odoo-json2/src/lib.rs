#![doc = include_str!("../README.md")]

// The derives name this crate by its public name; its own records use them too.
extern crate self as odoo_json2;

mod access;
mod action;
mod attachment;
mod bucket;
mod builder;
mod call;
mod clock;
mod context;
mod datetime;
#[doc(hidden)]
pub mod derive_support;
mod domain;
mod error;
mod field_value;
mod fields;
mod group;
mod keys;
mod odoo;
mod pool;
mod profile;
mod queue;
mod read;
mod record;
mod reference;
mod search;
mod sign_in;
mod to_value;
mod transport;
mod values;
pub mod wire;
mod write;

use std::{future::Future, pin::Pin};

pub use odoo_json2_derive::{GroupRow, Record, Selection};
pub use secrecy::SecretString;

pub use crate::{
    access::{NameSearch, Operation, ServerVersion},
    action::ActionOutcome,
    attachment::{Attachment, File},
    bucket::Bucket,
    builder::{BuildError, OdooBuilder},
    call::Call,
    clock::{Clock, ClockStep, ManualClock},
    context::Context,
    datetime::{Date, DateTime},
    domain::{Domain, DomainError, Field, field},
    error::{Error, Fault},
    field_value::{DecodeError, FieldValue},
    fields::{FieldInfo, ReadableFields},
    group::Group,
    keys::{KeyInfo, MintedKey},
    odoo::Odoo,
    pool::Limits,
    profile::{CompanyRef, Profile, UserContext},
    read::{Read, ReadOne},
    record::{FieldOptions, GroupRow, Nested, Record, Specification},
    reference::Ref,
    search::{Page, Search},
    sign_in::{Session, SignIn, SignInError, TotpChallenge},
    to_value::ToValue,
    transport::{TransportError, http_client_builder},
    values::{Command, Values},
};

/// The future that awaiting a builder such as [`Search`] makes.
pub type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;
