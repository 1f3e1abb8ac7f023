//! Leave: requests, allocations, balances and who is away.

use crate::registry::RegistryBuilder;

mod colleague;
mod holidays;
mod read_time_off;
mod request_time_off;
mod standing;
mod time_off_balance;
mod who_is_off;

/// Adds the tools of this folder.
pub(crate) fn register(registry: RegistryBuilder) -> RegistryBuilder {
    registry
        .tool::<read_time_off::ReadTimeOff>()
        .tool::<time_off_balance::TimeOffBalance>()
        .tool::<who_is_off::WhoIsOff>()
        .tool::<request_time_off::RequestTimeOff>()
}
