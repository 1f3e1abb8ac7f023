//! The sandbox through its public door: HTTP requests of people with their keys and passwords.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "helpers of tests stop a test where they stand"
)]

mod access;
mod actor;
mod bookkeeping;
mod books;
mod documents;
mod domains;
mod errors;
mod faults;
mod grouping;
mod people;
mod projects;
mod properties;
mod protocol;
mod reading;
mod signing_in;
mod writing;
