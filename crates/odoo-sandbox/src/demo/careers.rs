//! Careers: how people came to their jobs, what they earn, what they can do, and what only HR knows of them.
//! All invented. Eleven of the employees have one; the others were entered with their present job and no more.
//!
//! The wages of the first company add up to the salaries that its books pay each month, so that payslips and
//! books tell the same.

use jiff::civil::Date;
use serde::Serialize;

pub use private::Private;
pub use skills::{Level, Skill, SkillType, Studied};

mod positions;
mod private;
mod resumes;
mod skills;

/// The career of an employee (`hr.version`, `hr.resume.line`, `hr.employee.skill`).
#[derive(Clone, Debug, Serialize)]
pub struct Career {
    /// Key of the employee.
    pub employee: &'static str,
    /// Positions, oldest first; the last one is the present one.
    pub positions: Vec<Position>,
    /// Life outside the company.
    pub resume: Vec<ResumeLine>,
    /// Skills, with those that were surpassed.
    pub skills: Vec<Studied>,
    /// What only HR may see.
    pub private: Option<Private>,
}

/// What was true of an employee from a day on (`hr.version`).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Position {
    /// The first day.
    pub since: Date,
    /// Job title.
    pub title: &'static str,
    /// Key of the department.
    pub department: &'static str,
    /// Gross wage of a month, in the currency of the company.
    pub wage: i64,
    /// The contract it belongs to.
    pub contract: Contract,
}

/// A contract; several positions in a row may belong to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Contract {
    /// The first day.
    pub start: Date,
    /// The last day, if it is known.
    pub end: Option<Date>,
}

/// A line of a résumé (`hr.resume.line`).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ResumeLine {
    /// What the line is about; a kind that Odoo brings along.
    pub kind: ResumeKind,
    /// What and where.
    pub name: &'static str,
    /// The first day.
    pub start: Date,
    /// The last day.
    pub end: Option<Date>,
    /// More about it, as HTML.
    pub description: Option<&'static str>,
}

/// The kinds of lines that every Odoo has (`hr.resume.line.type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ResumeKind {
    /// Work elsewhere.
    Experience,
    /// School and university.
    Education,
    /// Courses.
    Training,
}

impl ResumeKind {
    /// Every kind, in Odoo's order.
    pub const ALL: [Self; 3] = [Self::Experience, Self::Education, Self::Training];

    /// Its external id in module `hr_skills`.
    #[must_use]
    pub fn external_id(self) -> &'static str {
        match self {
            Self::Experience => "hr_skills.resume_type_experience",
            Self::Education => "hr_skills.resume_type_education",
            Self::Training => "hr_skills.resume_type_training",
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Experience => "Other Experience",
            Self::Education => "Education",
            Self::Training => "Training",
        }
    }
}

impl Contract {
    /// Its kind, by Odoo's external id.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.end {
            None => "hr.contract_type_permanent",
            Some(_) => "hr.contract_type_temporary",
        }
    }
}

impl Career {
    /// The position that counts today.
    #[must_use]
    pub fn present(&self) -> Option<&Position> {
        self.positions.last()
    }
}

/// The careers.
pub(super) fn careers() -> Vec<Career> {
    let career = |employee: &'static str| Career {
        employee,
        positions: positions::of(employee),
        resume: resumes::of(employee),
        skills: skills::of(employee),
        private: private::of(employee),
    };
    positions::PEOPLE.into_iter().map(career).collect()
}

/// The kinds of skills, with their levels.
pub(super) fn skill_types() -> Vec<SkillType> {
    skills::types()
}

#[cfg(test)]
mod tests {
    use super::super::employees::employees;
    use super::*;

    #[test]
    fn careers_end_where_people_are_today() {
        let employees = employees();
        for career in careers() {
            let employee = employees
                .iter()
                .find(|employee| employee.key == career.employee)
                .expect("an employee");
            let present = career.present().expect("a position");
            assert_eq!(
                (present.title, present.department),
                (employee.job_title, employee.department)
            );
            let days = career.positions.iter().map(|position| position.since);
            assert!(days.is_sorted_by(|before, after| before < after));
        }
    }

    #[test]
    fn wages_are_what_the_books_pay() {
        let employees = employees();
        let company = |key| {
            employees
                .iter()
                .find(|employee| employee.key == key)
                .map(|employee| employee.company)
        };
        let wages = careers()
            .into_iter()
            .filter(|career| company(career.employee) == Some(super::super::INSTRUMENTS))
            .filter_map(|career| career.present().map(|position| position.wage));
        assert_eq!(wages.sum::<i64>(), 24_000);
    }
}
