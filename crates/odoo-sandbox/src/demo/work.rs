//! Projects, stages and tags of the demo company, and the types of its tasks (the tasks stand in `tasks`).

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use serde::Serialize;

/// Who sees a project (`project.project.privacy_visibility`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Privacy {
    /// Only the people who follow it.
    Followers,
    /// Every internal user.
    Employees,
}

impl Privacy {
    /// Odoo's selection key.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Followers => "followers",
            Self::Employees => "employees",
        }
    }
}

/// How a task stands (`project.task.state`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Being worked on.
    InProgress,
    /// Somebody asked for changes.
    ChangesRequested,
    /// Approved.
    Approved,
    /// Done.
    Done,
    /// Cancelled.
    Canceled,
    /// Waits for the tasks that block it; Odoo sets it, nobody enters it.
    Waiting,
}

impl TaskState {
    /// Odoo's selection key, for example `01_in_progress`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "01_in_progress",
            Self::ChangesRequested => "02_changes_requested",
            Self::Approved => "03_approved",
            Self::Done => "1_done",
            Self::Canceled => "1_canceled",
            Self::Waiting => "04_waiting_normal",
        }
    }
}

/// How urgent a task is (`project.task.priority`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// The usual.
    Low,
    /// Above the usual.
    Medium,
    /// Soon.
    High,
    /// At once.
    Urgent,
}

impl Priority {
    /// Odoo's selection key, `0` to `3`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "0",
            Self::Medium => "1",
            Self::High => "2",
            Self::Urgent => "3",
        }
    }
}

/// A task stage (`project.task.type`).
#[derive(Clone, Debug, Serialize)]
pub struct Stage {
    /// What tasks call it.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Order in the kanban view.
    pub sequence: i64,
    /// Whether it is folded, which marks what is over.
    pub fold: bool,
}

/// A tag of projects and tasks (`project.tags`). Its name is its key.
#[derive(Clone, Debug, Serialize)]
pub struct Tag {
    /// Its name.
    pub name: &'static str,
    /// Colour index.
    pub color: i64,
}

/// A project (`project.project`) of the first company, with all stages.
#[derive(Clone, Debug, Serialize)]
pub struct Project {
    /// What tasks call it.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Login of the manager.
    pub manager: &'static str,
    /// Key of the customer.
    pub partner: Option<&'static str>,
    /// Who sees it.
    pub privacy: Privacy,
    /// Logins of the users who follow it.
    pub followers: &'static [&'static str],
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
    /// Names of its tags.
    pub tags: &'static [&'static str],
    /// Description, in HTML.
    pub description: &'static str,
    /// Whether it is a template for other projects.
    pub is_template: bool,
    /// Whether its tasks may block each other (`allow_task_dependencies`).
    pub dependencies: bool,
    /// False when archived.
    pub active: bool,
}

/// A task (`project.task`).
#[derive(Clone, Debug, Serialize)]
pub struct Task {
    /// What subtasks and blocked tasks call it.
    pub key: &'static str,
    /// Its title.
    pub name: &'static str,
    /// Key of the project; none for a private to-do of its only assignee.
    pub project: Option<&'static str>,
    /// Key of the stage; none for a private to-do.
    pub stage: Option<&'static str>,
    /// How it stands.
    pub state: TaskState,
    /// How urgent it is.
    pub priority: Priority,
    /// Logins of the assignees.
    pub assignees: Vec<&'static str>,
    /// Deadline, in UTC.
    pub deadline: Option<DateTime>,
    /// Names of its tags.
    pub tags: Vec<&'static str>,
    /// Description, in HTML.
    pub description: Option<&'static str>,
    /// Key of the task it is a part of.
    pub parent: Option<&'static str>,
    /// Keys of the tasks that must be done first.
    pub blocked_by: Vec<&'static str>,
}

/// Stages of all projects.
pub(super) fn stages() -> Vec<Stage> {
    let stage = |key, name, sequence, fold| Stage {
        key,
        name,
        sequence,
        fold,
    };
    vec![
        stage("backlog", "Backlog", 10, false),
        stage("doing", "In Progress", 20, false),
        stage("review", "Review", 30, false),
        stage("finished", "Finished", 40, true),
    ]
}

/// Tags of projects and tasks.
pub(super) fn tags() -> Vec<Tag> {
    let tag = |name, color| Tag { name, color };
    vec![
        tag("Hardware", 1),
        tag("Firmware", 4),
        tag("Facilities", 7),
        tag("Paperwork", 10),
        tag("Customer", 3),
    ]
}

/// Four projects: one open to all, one for its followers, one template and one that is over.
pub(super) fn projects(anchor: Date) -> Vec<Project> {
    vec![
        spectrometer(anchor),
        lab_move(anchor),
        onboarding(),
        trade_fair(anchor),
    ]
}

fn spectrometer(anchor: Date) -> Project {
    Project {
        key: "spectrometer",
        name: "Spectrometer Mk IV",
        manager: "tara",
        partner: None,
        privacy: Privacy::Employees,
        followers: &["tara"],
        start: Some(anchor.saturating_sub(90.days())),
        end: Some(anchor.saturating_add(60.days())),
        tags: &["Hardware", "Firmware"],
        description: "<p>The successor of our bench spectrometer.</p>\
                      <ul><li>half the warm-up time</li><li>USB-C</li></ul>",
        is_template: false,
        dependencies: true,
        active: true,
    }
}

fn lab_move(anchor: Date) -> Project {
    Project {
        key: "lab-move",
        name: "Calibration Lab Move",
        manager: "tara",
        partner: None,
        privacy: Privacy::Followers,
        followers: &["tara"],
        start: Some(anchor.saturating_sub(30.days())),
        end: Some(anchor.saturating_add(21.days())),
        tags: &["Facilities"],
        description: "<p>The lab moves to the ground floor. <b>No visitors</b> in the last week.</p>",
        is_template: false,
        dependencies: false,
        active: true,
    }
}

fn onboarding() -> Project {
    Project {
        key: "onboarding",
        name: "Customer Onboarding",
        manager: "ada",
        partner: None,
        privacy: Privacy::Employees,
        followers: &["ada"],
        start: None,
        end: None,
        tags: &["Customer"],
        description: "<p>What we do for every new customer.</p>",
        is_template: true,
        dependencies: false,
        active: true,
    }
}

fn trade_fair(anchor: Date) -> Project {
    Project {
        key: "fair",
        name: "Spring Trade Fair",
        manager: "ada",
        partner: Some("meridian"),
        privacy: Privacy::Employees,
        followers: &["ada"],
        start: Some(anchor.saturating_sub(300.days())),
        end: Some(anchor.saturating_sub(200.days())),
        tags: &[],
        description: "<p>Our stand in hall 4.</p>",
        is_template: false,
        dependencies: false,
        active: false,
    }
}
