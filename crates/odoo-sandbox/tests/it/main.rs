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
mod crowd;
mod documents;
mod domains;
mod errors;
mod expenses;
mod faults;
mod grouping;
mod payroll;
mod people;
mod projects;
mod properties;
mod protocol;
mod reading;
mod record_pages;
mod signing_in;
mod time_off;
mod writing;
