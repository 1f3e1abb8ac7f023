//! Colleagues: who they are, how to reach them, what became of them and what they are paid.

use crate::registry::RegistryBuilder;
use crate::session::UserSession;

mod detail;
mod history;
mod payslip;
mod profile;
mod read_employee;
mod read_employee_history;
mod read_payslips;
mod search_employees;
mod skill;
mod whom;

/// The staff directory, which everybody may read.
const PUBLIC: &str = "hr.employee.public";

/// The same people with the same ids as HR sees them.
const FULL: &str = "hr.employee";

/// What employees go through over time, which only HR reads.
const VERSION: &str = "hr.version";

/// Whether a user works in HR, and so reads employees as such.
///
/// That `hr.employee` can be read says less: an administrator without a role in HR may, and is
/// refused as soon as one asks for a job or a department, since these belong to the version.
fn is_in_hr(user: &UserSession) -> bool {
    user.reads(FULL) && user.reads(VERSION)
}

/// Adds the tools of this folder.
pub(crate) fn register(registry: RegistryBuilder) -> RegistryBuilder {
    registry
        .tool::<read_employee::ReadEmployee>()
        .tool::<read_employee_history::ReadEmployeeHistory>()
        .tool::<read_payslips::ReadPayslips>()
        .tool::<search_employees::SearchEmployees>()
}
