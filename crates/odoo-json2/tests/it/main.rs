//! The crate through its public door: with a service double in place of HTTP, on real sockets, and
//! against the in-process Odoo look-alike.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod clock;
#[cfg(test)]
mod dates;
#[cfg(test)]
mod domains;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod fake;
#[cfg(test)]
mod groups;
#[cfg(test)]
mod patience;
#[cfg(test)]
mod records;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod sockets;
#[cfg(test)]
mod turns;
#[cfg(test)]
mod writing;
