//! What people can do (`hr.skill.type`, `hr.skill`, `hr.skill.level`, `hr.employee.skill`), and which of it counts today.
//!
//! Checks of overlapping validity are not here: nothing that uses the sandbox enters skills.

use serde_json::json;

use crate::engine::{
    cell::Cell,
    model::{Model, Rule},
    record::Record,
    registry::Registry,
};

use super::OFFICER;

/// Declares the models, and the skills of employees.
pub(super) fn register(registry: &mut Registry) {
    registry.add(kind());
    registry.add(
        Model::new("hr.skill", "Skill")
            .order("sequence, name")
            .fields(fields! {
                char("name").required();
                integer("sequence").default(10);
                many2one("skill_type_id", "hr.skill.type").required().cascade();
                integer("color").related("skill_type_id.color");
            })
            .access("base.group_user", "rc")
            .access(OFFICER, "rwcd"),
    );
    registry.add(
        Model::new("hr.skill.level", "Skill Level")
            .order("level_progress")
            .fields(fields! {
                char("name").required();
                many2one("skill_type_id", "hr.skill.type").cascade();
                integer("level_progress").label("Progress");
                boolean("default_level");
            })
            .access("base.group_user", "r")
            .access(OFFICER, "rwcd"),
    );
    registry.add(held());
    on_employees(registry);
}

/// What employees have of them, and everybody may see.
fn on_employees(registry: &mut Registry) {
    registry.extend("hr.employee", |employee| {
        employee.fields(fields! {
            one2many("employee_skill_ids", "hr.employee.skill", "employee_id").label("Skills");
            one2many("current_employee_skill_ids", "hr.employee.skill", "employee_id").label("Current Employee Skill").compute(current);
            one2many("certification_ids", "hr.employee.skill", "employee_id").label("Certification").compute(certificates);
            many2many("skill_ids", "hr.skill").groups(&[OFFICER]).compute(known);
        })
    });
    registry.extend("hr.employee.public", |employee| {
        employee.fields(fields! {
            one2many("employee_skill_ids", "hr.employee.skill", "employee_id").label("Skills");
            one2many("current_employee_skill_ids", "hr.employee.skill", "employee_id").label("Current Employee Skill").readonly().compute(current);
            one2many("certification_ids", "hr.employee.skill", "employee_id").label("Certification").readonly().compute(certificates);
        })
    });
}

fn kind() -> Model {
    Model::new("hr.skill.type", "Skill Type")
        .order("sequence, name")
        .archivable()
        // The medal of certificates is part of the name that Odoo shows.
        .display_name(|kind| {
            let name = kind.text("name");
            if kind.bool("is_certification") {
                format!("{name}\u{1f396}")
            } else {
                name
            }
        })
        .fields(fields! {
            char("name").required();
            integer("sequence");
            one2many("skill_ids", "hr.skill", "skill_type_id").label("Skills");
            one2many("skill_level_ids", "hr.skill.level", "skill_type_id").label("Levels");
            integer("color").default(1);
            boolean("is_certification").label("Certification");
        })
        .access("base.group_user", "r")
        .access(OFFICER, "rwcd")
}

fn held() -> Model {
    let model = Model::new("hr.employee.skill", "Skill level for employee")
        .order("skill_type_id, skill_level_id")
        .rec_name("skill_id")
        .display_name(|held| {
            let name = |field| {
                held.one(field)
                    .map(|of| of.text("name"))
                    .unwrap_or_default()
            };
            format!("{}: {}", name("skill_id"), name("skill_level_id"))
        })
        .fields(fields! {
            many2one("employee_id", "hr.employee").required().cascade();
            many2one("skill_id", "hr.skill").required().cascade();
            many2one("skill_level_id", "hr.skill.level").required().cascade();
            many2one("skill_type_id", "hr.skill.type").required().cascade();
            integer("level_progress").label("Progress").related("skill_level_id.level_progress");
            integer("color").related("skill_type_id.color");
            date("valid_from").label("Validity Start").default_fn(|env| env.today().into());
            date("valid_to").label("Validity Stop");
            boolean("is_certification").label("Certification").related("skill_type_id.is_certification");
        });
    own_or_officer(model)
}

/// Everybody reads, people change their own, officers everything.
pub(super) fn own_or_officer(model: Model) -> Model {
    model
        .access("base.group_user", "rwcd")
        .access(OFFICER, "rwcd")
        .rule(Rule::of(&["base.group_user"], |_| json!([])).on("r"))
        .rule(
            Rule::of(&["base.group_user"], |env| {
                json!([["employee_id.user_id", "=", env.uid()]])
            })
            .on("wcd"),
        )
        .rule(Rule::of(&[OFFICER], |_| json!([])).on("rwcd"))
}

/// The skills that count today: those without an end in the past, and of a certificate that ran out the last.
fn current(employee: &Record<'_>) -> Cell {
    let held = all(employee);
    let today = employee.env().today();
    let runs = |skill: &&Record<'_>| skill.date("valid_to").is_none_or(|end| end >= today);
    let of_same = |one: &Record<'_>, other: &Record<'_>| {
        one.get("skill_id").as_id() == other.get("skill_id").as_id()
    };
    let last_of_its_kind = |skill: &Record<'_>| {
        let same = || held.iter().filter(|other| of_same(skill, other));
        skill.bool("is_certification")
            && !same().any(|other| runs(&other))
            && same().all(|other| other.date("valid_to") <= skill.date("valid_to"))
    };
    held.iter()
        .filter(|skill| runs(skill) || last_of_its_kind(skill))
        .map(Record::id)
        .collect::<Vec<i64>>()
        .into()
}

fn certificates(employee: &Record<'_>) -> Cell {
    let certificates = all(employee)
        .into_iter()
        .filter(|skill| skill.bool("is_certification"));
    certificates
        .map(|skill| skill.id())
        .collect::<Vec<i64>>()
        .into()
}

fn known(employee: &Record<'_>) -> Cell {
    let mut known: Vec<i64> = all(employee)
        .iter()
        .filter_map(|skill| skill.get("skill_id").as_id())
        .collect();
    known.sort_unstable();
    known.dedup();
    known.into()
}

/// All that the employee ever learned, in the order of the model.
fn all<'e>(employee: &Record<'e>) -> Vec<Record<'e>> {
    let env = employee.env();
    let domain = json!([["employee_id", "=", employee.id()]]);
    let found = env
        .sudo()
        .search("hr.employee.skill", &domain)
        .unwrap_or_default();
    env.browse("hr.employee.skill", &found)
}
