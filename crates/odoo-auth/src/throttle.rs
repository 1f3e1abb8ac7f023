//! How often somebody may try: sign-ins, and requests that cost us a fetch or a row.
//!
//! Not for `/mcp`: there the token decides. Nothing here limits `/token` or `/register` by address
//! alone, because everybody's requests come from the same addresses of Anthropic's.

mod buckets;
mod line;
mod memory;
mod network;
mod records;
mod sign_in;
mod tally;

pub use self::sign_in::{Attempt, Held, HeldBy, OdooCooldown, SignInThrottle};
pub(crate) use self::{buckets::Buckets, network::Network};
