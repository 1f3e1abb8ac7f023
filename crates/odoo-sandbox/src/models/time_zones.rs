//! The time zones that `tz` fields offer.

/// A selection of the IANA zones; Odoo lists all of them.
pub(super) const TIME_ZONES: &[(&str, &str)] = &[
    ("Africa/Lagos", "Africa/Lagos"),
    ("America/Chicago", "America/Chicago"),
    ("America/Denver", "America/Denver"),
    ("America/Los_Angeles", "America/Los_Angeles"),
    ("America/New_York", "America/New_York"),
    ("America/Sao_Paulo", "America/Sao_Paulo"),
    ("Asia/Dubai", "Asia/Dubai"),
    ("Asia/Kolkata", "Asia/Kolkata"),
    ("Asia/Singapore", "Asia/Singapore"),
    ("Asia/Tokyo", "Asia/Tokyo"),
    ("Australia/Sydney", "Australia/Sydney"),
    ("Europe/Berlin", "Europe/Berlin"),
    ("Europe/Brussels", "Europe/Brussels"),
    ("Europe/Helsinki", "Europe/Helsinki"),
    ("Europe/London", "Europe/London"),
    ("Europe/Paris", "Europe/Paris"),
    ("Europe/Prague", "Europe/Prague"),
    ("Europe/Rome", "Europe/Rome"),
    ("Europe/Stockholm", "Europe/Stockholm"),
    ("UTC", "UTC"),
];
