//! The words for states and priorities of tasks, beside Odoo's codes.

use odoo_json2::{Domain, field};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The states in which nothing more is to be done.
const CLOSED: [&str; 2] = ["1_done", "1_canceled"];

// Which tasks are asked for. No doc comment: the argument's name says it in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StateFilter {
    Open,
    Closed,
    All,
    InProgress,
    ChangesRequested,
    Approved,
    Waiting,
    Done,
    Cancelled,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    InProgress,
    ChangesRequested,
    Approved,
    /// For another task to be done first.
    Waiting,
    Done,
    Cancelled,
    /// A state that an app of this Odoo added.
    Other,
}

// How urgent a task is. Odoo calls the lowest one low.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub(super) enum PriorityName {
    Medium,
    High,
    Urgent,
}

impl StateFilter {
    pub(super) fn domain(self) -> Domain {
        let state = match self {
            Self::Open => return State::open(),
            Self::Closed => return State::closed(),
            Self::All => return Domain::all(),
            Self::InProgress => "01_in_progress",
            Self::ChangesRequested => "02_changes_requested",
            Self::Approved => "03_approved",
            Self::Waiting => "04_waiting_normal",
            Self::Done => "1_done",
            Self::Cancelled => "1_canceled",
        };
        field("state").eq(state)
    }
}

impl State {
    pub(super) fn of(code: &str) -> Self {
        match code {
            "01_in_progress" => Self::InProgress,
            "02_changes_requested" => Self::ChangesRequested,
            "03_approved" => Self::Approved,
            "04_waiting_normal" => Self::Waiting,
            "1_done" => Self::Done,
            "1_canceled" => Self::Cancelled,
            _ => Self::Other,
        }
    }

    pub(super) const fn is_open(self) -> bool {
        !matches!(self, Self::Done | Self::Cancelled)
    }

    pub(super) fn open() -> Domain {
        field("state").not_in(CLOSED)
    }

    pub(super) fn closed() -> Domain {
        field("state").in_(CLOSED)
    }
}

impl PriorityName {
    /// The priority of a code; nothing for the lowest, which most tasks have.
    pub(super) fn of(code: &str) -> Option<Self> {
        match code {
            "1" => Some(Self::Medium),
            "2" => Some(Self::High),
            "3" => Some(Self::Urgent),
            _ => None,
        }
    }

    /// The codes of this priority and those above it.
    pub(super) fn and_above(self) -> Vec<&'static str> {
        let codes = [(Self::Medium, "1"), (Self::High, "2"), (Self::Urgent, "3")];
        codes
            .into_iter()
            .filter(|(priority, _)| *priority >= self)
            .map(|(_, code)| code)
            .collect()
    }
}
