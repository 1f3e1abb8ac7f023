//! A small object-relational engine that behaves like Odoo's, over tables in memory.
//!
//! It knows how to declare models, keep rows, check access and answer the standard methods. It is not for the
//! contents of any application: those are declared on top, in `base` and `models`.

mod access;
mod aggregate;
mod bucket;
pub(crate) mod builtin;
pub(crate) mod cell;
mod command;
mod condition;
mod convert;
mod domain;
pub(crate) mod env;
pub(crate) mod error;
pub(crate) mod field;
mod fields_get;
pub(crate) mod group;
mod group_by;
mod grouped;
pub(crate) mod html;
mod matcher;
pub(crate) mod method;
pub(crate) mod model;
mod moment;
mod number;
mod operator;
mod order;
mod path;
mod pattern;
pub(crate) mod present;
pub(crate) mod python;
mod read;
mod reading;
pub(crate) mod record;
pub(crate) mod registry;
pub(crate) mod search;
pub(crate) mod stencil;
pub(crate) mod store;
mod unlink;
pub(crate) mod write;
mod writing;
