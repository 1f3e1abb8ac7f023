//! The demo company as pure data: who works there, whom it trades with, a year of its books and its projects.
//!
//! Everything is relative to one anchor date and derived from indexes, so the same anchor always gives the
//! same company. It is given as a person would enter it into Odoo: an invoice has lines, prices and taxes,
//! but no journal items, residuals or names. Computing those is the reader's work (the sandbox here, a real
//! Odoo when it is seeded with the same data). No I/O and no identifiers: records refer to each other by key.

use jiff::civil::Date;
use serde::Serialize;

pub use bank::{BankStatement, BankTransaction};
pub use books::{DocumentLine, EntryLine, LineKind, Move, MoveBody, MoveKind, MoveState, Payment};
pub(crate) use calendar::{MONTHS, Months};
pub use careers::{
    Career, Contract, Level, Position, Private, ResumeKind, ResumeLine, Skill, SkillType, Studied,
};
pub use employees::Employee;
pub use leave::{Allocation, Leave, LeaveEnd, LeaveKind, PublicHoliday};
pub use ledger::{
    Account, AccountType, Company, INSTRUMENTS, Journal, JournalType, NORDIC, Rate, Tax, TaxUse,
};
pub use partners::Partner;
pub use receipts::Receipt;
pub use spending::{Expense, ExpenseStage, Spent};
pub use staff::{Department, Person, Role};
pub use work::{Priority, Privacy, Project, Stage, Tag, Task, TaskState};

#[cfg(test)]
mod balance;
mod bank;
mod books;
mod calendar;
mod careers;
mod costs;
mod employees;
mod leave;
mod ledger;
mod nordic;
mod partners;
mod receipts;
mod spending;
mod staff;
mod tasks;
mod trade;
mod work;

/// Name of the demo database, as `X-Odoo-Database` carries it.
pub const DATABASE: &str = "larkspur";

/// The whole demo company. Records refer to each other by their `key` (people by their login).
#[derive(Clone, Debug, Serialize)]
pub struct DemoCompany {
    /// The day that counts as today; nothing posted is dated after it.
    pub anchor: Date,
    /// The companies (`res.company`); the first is the default one.
    pub companies: Vec<Company>,
    /// Exchange rates (`res.currency.rate`).
    pub rates: Vec<Rate>,
    /// Users (`res.users`); all but the auditor are linked to one of the employees.
    pub people: Vec<Person>,
    /// Departments (`hr.department`).
    pub departments: Vec<Department>,
    /// Employees (`hr.employee`); managers stand before those they manage.
    pub employees: Vec<Employee>,
    /// Kinds of skills (`hr.skill.type`).
    pub skill_types: Vec<SkillType>,
    /// How employees came to their jobs, and what else HR keeps on them.
    pub careers: Vec<Career>,
    /// Days off of the companies (`resource.calendar.leaves`).
    pub public_holidays: Vec<PublicHoliday>,
    /// Days that employees may take (`hr.leave.allocation`).
    pub allocations: Vec<Allocation>,
    /// Requests for time off (`hr.leave`), in the order in which they were entered.
    pub leaves: Vec<Leave>,
    /// Customers, vendors and their contacts (`res.partner`); parents stand before children.
    pub partners: Vec<Partner>,
    /// Accounts the books use (`account.account`); each exists once in every company.
    pub accounts: Vec<Account>,
    /// Taxes the books use (`account.tax`); each exists once in every company.
    pub taxes: Vec<Tax>,
    /// Journals the books use (`account.journal`); each exists once in every company.
    pub journals: Vec<Journal>,
    /// Invoices, bills, refunds and entries (`account.move`), in the order in which they were entered and
    /// posted, which decides their numbers.
    pub moves: Vec<Move>,
    /// Registered payments (`account.payment`), in the order in which they were registered: after all moves.
    pub payments: Vec<Payment>,
    /// Bank transactions (`account.bank.statement.line`), in the order in which the banks reported them.
    pub transactions: Vec<BankTransaction>,
    /// Bank statements (`account.bank.statement`) that list most of the transactions.
    pub statements: Vec<BankStatement>,
    /// Expenses (`hr.expense`), in the order in which they were entered and booked: after all payments.
    pub expenses: Vec<Expense>,
    /// Task stages (`project.task.type`), in their sequence.
    pub stages: Vec<Stage>,
    /// Project and task tags (`project.tags`).
    pub tags: Vec<Tag>,
    /// Projects (`project.project`).
    pub projects: Vec<Project>,
    /// Tasks (`project.task`); parents and blockers stand before those that need them.
    pub tasks: Vec<Task>,
}

/// The demo company as it looks on the day `anchor`.
#[must_use]
pub fn company(anchor: Date) -> DemoCompany {
    let months = Months::ending_at(anchor);
    let (moves, payments) = books::books(&months);
    let (transactions, statements) = bank::bank(&months, &moves, &payments);
    DemoCompany {
        anchor,
        companies: ledger::companies(),
        rates: ledger::rates(&months),
        people: staff::people(),
        departments: staff::departments(),
        employees: employees::employees(),
        public_holidays: leave::public_holidays(anchor),
        allocations: leave::allocations(anchor, &employees::active()),
        leaves: leave::leaves(anchor),
        skill_types: careers::skill_types(),
        careers: careers::careers(),
        partners: partners::partners(),
        accounts: ledger::accounts(),
        taxes: ledger::taxes(),
        journals: ledger::journals(),
        moves,
        payments,
        expenses: spending::expenses(anchor, &employees::employees()),
        transactions,
        statements,
        stages: work::stages(),
        tags: work::tags(),
        projects: work::projects(anchor),
        tasks: tasks::tasks(anchor),
    }
}
