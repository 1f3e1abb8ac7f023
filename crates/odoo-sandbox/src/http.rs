//! The sandbox on the wire: JSON-2, the sign-in pages and sessions, and the pages of errors.

pub(crate) mod fault;
mod json2;
mod page;
mod record_page;
mod reply;
mod router;
mod rpc;
pub(crate) mod server;
pub(crate) mod session;
mod socket;
mod totp;
