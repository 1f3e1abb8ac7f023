//! Time off (module `hr_holidays`): requests, allocations, kinds of leave and who is away.
//!
//! Accrual plans are declared, but nothing accrues here: allocations are regular ones.

use crate::engine::registry::{Module, Registry};

mod absence;
mod allocation;
mod approval;
mod balance;
mod calendar;
mod cancellation;
mod day_off;
mod duration;
mod grant;
mod kind;
mod leave;
mod preview;
mod request;
mod working_hours;

/// Those who approve the leave of somebody.
const RESPONSIBLE: &str = "hr_holidays.group_hr_holidays_responsible";
/// Officers, who manage all requests.
const OFFICER: &str = "hr_holidays.group_hr_holidays_user";
/// Administrators of the application.
const MANAGER: &str = "hr_holidays.group_hr_holidays_manager";

/// Declares the application.
pub(super) fn register(registry: &mut Registry) {
    registry.add_module(Module {
        name: "hr_holidays",
        label: "Time Off",
        version: "19.0.1.6",
    });
    working_hours::register(registry);
    day_off::register(registry);
    kind::register(registry);
    leave::register(registry);
    allocation::register(registry);
    calendar::register(registry);
    cancellation::register(registry);
    absence::register(registry);
}
