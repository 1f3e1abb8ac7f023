//! What `read_employee_history` asks of Odoo: versions, résumé and skills, nested in the employee.

use jiff::civil::Date;
use odoo_json2::{Record, Ref};
use serde_json::Value;

use super::super::profile::Contract;
use super::super::skill::SkillRow;
use super::super::whom::Candidate;
use super::{Position, ResumeLine, Version, changes};
use crate::answer::Amount;
use crate::{characters, markup};

/// The longest text of a résumé line that is shown whole.
const LONGEST_DESCRIPTION: usize = 600;

/// The longest name of one.
const LONGEST_NAME: usize = 200;

/// An employee with what everybody may know of the past.
#[derive(Debug, Record)]
#[odoo(model = "hr.employee.public")]
pub(in super::super) struct PublicRow {
    id: i64,
    name: String,
    active: bool,
    job_title: Option<String>,
    department_id: Option<Ref>,
    #[odoo(optional, limit = 100, order = "date_start desc, id desc")]
    resume_line_ids: Option<Vec<ResumeRow>>,
    #[odoo(optional, limit = 200)]
    employee_skill_ids: Option<Vec<SkillRow>>,
}

/// The same with what HR keeps.
#[derive(Debug, Record)]
#[odoo(model = "hr.employee")]
pub(in super::super) struct FullRow {
    id: i64,
    name: String,
    active: bool,
    job_title: Option<String>,
    department_id: Option<Ref>,
    #[odoo(limit = 100, order = "date_version desc")]
    version_ids: Vec<VersionRow>,
    #[odoo(optional, limit = 100, order = "date_start desc, id desc")]
    resume_line_ids: Option<Vec<ResumeRow>>,
    #[odoo(optional, limit = 200)]
    employee_skill_ids: Option<Vec<SkillRow>>,
}

/// What both have.
#[derive(Debug)]
pub(in super::super) struct Person {
    pub(in super::super) id: i64,
    pub(in super::super) name: String,
    pub(in super::super) active: bool,
    place: String,
    pub(in super::super) versions: Vec<VersionRow>,
    pub(in super::super) resume: Option<Vec<ResumeRow>>,
    pub(in super::super) skills: Option<Vec<SkillRow>>,
}

#[derive(Debug, Record)]
#[odoo(model = "hr.version")]
pub(in super::super) struct VersionRow {
    date_version: Option<Date>,
    job_title: Option<String>,
    job_id: Option<Ref>,
    department_id: Option<Ref>,
    work_location_id: Option<Ref>,
    resource_calendar_id: Option<Ref>,
    employee_type: Option<String>,
    #[odoo(optional)]
    contract_type_id: Option<Ref>,
    #[odoo(optional)]
    contract_date_start: Option<Date>,
    #[odoo(optional)]
    contract_date_end: Option<Date>,
    #[odoo(optional)]
    trial_date_end: Option<Date>,
    #[odoo(optional)]
    wage: Option<f64>,
    #[odoo(optional)]
    currency_id: Option<Ref>,
    #[odoo(optional)]
    structure_type_id: Option<Ref>,
}

#[derive(Debug, Record)]
#[odoo(model = "hr.resume.line")]
pub(in super::super) struct ResumeRow {
    name: String,
    line_type_id: Option<Ref>,
    date_start: Option<Date>,
    date_end: Option<Date>,
    description: Option<String>,
}

impl From<PublicRow> for Person {
    fn from(row: PublicRow) -> Self {
        Self {
            id: row.id,
            place: place(row.job_title, row.department_id),
            name: row.name,
            active: row.active,
            versions: Vec::new(),
            resume: row.resume_line_ids,
            skills: row.employee_skill_ids,
        }
    }
}

impl From<FullRow> for Person {
    fn from(row: FullRow) -> Self {
        Self {
            id: row.id,
            place: place(row.job_title, row.department_id),
            name: row.name,
            active: row.active,
            versions: row.version_ids,
            resume: row.resume_line_ids,
            skills: row.employee_skill_ids,
        }
    }
}

fn place(job: Option<String>, department: Option<Ref>) -> String {
    let parts = [job, department.map(|department| department.name)];
    let parts = parts.into_iter().flatten();
    parts.map(|part| format!(", {part}")).collect()
}

impl Candidate for Person {
    fn id(&self) -> i64 {
        self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_active(&self) -> bool {
        self.active
    }

    fn place(&self) -> String {
        self.place.clone()
    }
}

impl Version {
    /// The versions of an answer, newest first as they come.
    pub(in super::super) fn all(rows: Vec<VersionRow>, today: Date) -> Vec<Self> {
        let mut versions = Vec::with_capacity(rows.len());
        let mut next: Option<Date> = None;
        let mut is_settled = false;
        for row in rows {
            let begun = row.date_version.is_some_and(|since| since <= today);
            let version = Self::of(row, next);
            next = version.from;
            versions.push(Self {
                current: begun && !is_settled,
                ..version
            });
            is_settled |= begun;
        }
        changes::tell(&mut versions);
        versions
    }

    /// A version ends on the eve of the next, or with its contract if that is earlier.
    fn of(row: VersionRow, next: Option<Date>) -> Self {
        let name = |of: Option<Ref>| of.map(|of| of.name);
        let eve = next.and_then(|day| day.yesterday().ok());
        let until = match (eve, row.contract_date_end) {
            (Some(eve), Some(end)) => Some(eve.min(end)),
            (eve, end) => eve.or(end),
        };
        let wage = row.wage.filter(|wage| *wage != 0.0).map(Amount::new);
        let contract = Contract {
            kind: name(row.contract_type_id),
            from: row.contract_date_start,
            until: row.contract_date_end,
            trial_until: row.trial_date_end,
            wage,
            // Officers may read the currency, but not what is paid in it.
            currency: name(row.currency_id).filter(|_| wage.is_some()),
            salary_structure: name(row.structure_type_id),
        };
        Self {
            from: row.date_version,
            until,
            current: false,
            position: name(row.job_id).filter(|job| Some(job) != row.job_title.as_ref()),
            job: row.job_title,
            department: name(row.department_id),
            location: name(row.work_location_id),
            working_hours: name(row.resource_calendar_id),
            employee_type: row.employee_type,
            contract: contract.known(),
            changed: Vec::new(),
        }
    }
}

impl ResumeLine {
    /// The résumé of an answer.
    pub(in super::super) async fn all(rows: Option<Vec<ResumeRow>>) -> Vec<Self> {
        let mut lines = Vec::new();
        for row in rows.unwrap_or_default() {
            lines.push(Self {
                name: characters::clip(row.name.trim(), LONGEST_NAME).into_owned(),
                kind: row.line_type_id.map(|kind| kind.name),
                from: row.date_start,
                until: row.date_end,
                description: markup::markdown(row.description, LONGEST_DESCRIPTION).await,
            });
        }
        lines
    }
}

impl Position {
    /// The job titles that Odoo tells everybody, newest first as they come.
    pub(in super::super) fn all(told: &Value) -> Vec<Self> {
        let day = |value: &Value| value.as_str().and_then(|day| day.parse().ok());
        let position = |line: &Value| {
            Some(Self {
                job: line["job_title"].as_str()?.to_owned(),
                from: day(&line["date_start"]),
                until: day(&line["date_end"]),
            })
        };
        let lines = told.as_array();
        lines.into_iter().flatten().filter_map(position).collect()
    }
}
