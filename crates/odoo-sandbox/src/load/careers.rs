//! Careers: skills and résumés, the versions that employees went through, and what HR knows of them.

use serde_json::{Value as Json, json};

use super::Load;
use crate::demo::{Career, Position, Private, ResumeKind, SkillType};
use crate::engine::{error::Result, write::vals};

/// Loads the kinds of skills, then one career after the other.
pub(super) fn load(load: &Load<'_>) -> Result<()> {
    brought_along(load)?;
    for kind in &load.demo.skill_types {
        skill_type(load, kind)?;
    }
    for career in &load.demo.careers {
        positions(load, career)?;
        studies(load, career)?;
        if let Some(private) = &career.private {
            privacy(load, career, private)?;
        }
    }
    Ok(())
}

/// Kinds of contracts and of résumé lines, which Odoo brings along.
fn brought_along(load: &Load<'_>) -> Result<()> {
    for (place, (name, id)) in CONTRACTS.into_iter().enumerate() {
        let values = json!({ "name": name, "sequence": 1001 + place });
        let made = load.env.create("hr.contract.type", vals(values))?;
        load.env.set_xml_id(id, "hr.contract.type", made);
    }
    for (place, kind) in ResumeKind::ALL.into_iter().enumerate() {
        let values = json!({
            "name": kind.name(), "sequence": place + 1, "is_course": kind == ResumeKind::Training,
        });
        let made = load.env.create("hr.resume.line.type", vals(values))?;
        load.env
            .set_xml_id(kind.external_id(), "hr.resume.line.type", made);
    }
    Ok(())
}

const CONTRACTS: [(&str, &str); 2] = [
    ("Permanent", "hr.contract_type_permanent"),
    ("Temporary", "hr.contract_type_temporary"),
];

fn skill_type(load: &Load<'_>, kind: &SkillType) -> Result<()> {
    let values = json!({
        "name": kind.name, "sequence": kind.sequence, "is_certification": kind.is_certification,
    });
    let id = load.create("skill_type", kind.key, "hr.skill.type", values)?;
    for skill in &kind.skills {
        let values = json!({ "name": skill.name, "skill_type_id": id });
        load.create("skill", skill.key, "hr.skill", values)?;
    }
    for level in &kind.levels {
        let values =
            json!({ "name": level.name, "skill_type_id": id, "level_progress": level.progress });
        let key = format!("{}_{}", kind.key, level.key);
        load.create("skill_level", &key, "hr.skill.level", values)?;
    }
    Ok(())
}

/// Earlier positions become versions of their own, the present one is written to the version that is there.
fn positions(load: &Load<'_>, career: &Career) -> Result<()> {
    let employee = load.id("employee", career.employee)?;
    let here = load
        .env
        .record_of("hr.employee", employee)
        .get("current_version_id")
        .as_id()
        .unwrap_or_default();
    let Some((present, earlier)) = career.positions.split_last() else {
        return Ok(());
    };
    for position in earlier {
        let values = json!({ "values": version(load, position)? });
        let values = values.as_object().cloned().unwrap_or_default();
        load.env
            .call("hr.employee", "create_version", &[employee], values)?;
    }
    load.env
        .write("hr.version", &[here], vals(version(load, present)?))
}

fn version(load: &Load<'_>, position: &Position) -> Result<Json> {
    Ok(json!({
        "date_version": position.since.to_string(),
        "job_title": position.title,
        "department_id": load.id("department", position.department)?,
        "wage": position.wage,
        "contract_type_id": load.env.xml_id(position.contract.kind()),
        "contract_date_start": position.contract.start.to_string(),
        "contract_date_end": position.contract.end.map(|day| day.to_string()),
    }))
}

fn studies(load: &Load<'_>, career: &Career) -> Result<()> {
    let employee = load.id("employee", career.employee)?;
    for line in &career.resume {
        let values = json!({
            "employee_id": employee, "name": line.name,
            "line_type_id": load.env.xml_id(line.kind.external_id()),
            "date_start": line.start.to_string(),
            "date_end": line.end.map(|day| day.to_string()),
            "description": line.description,
        });
        load.env.create("hr.resume.line", vals(values))?;
    }
    for studied in &career.skills {
        let level = format!("{}_{}", studied.kind, studied.level);
        let values = json!({
            "employee_id": employee,
            "skill_type_id": load.id("skill_type", studied.kind)?,
            "skill_id": load.id("skill", studied.skill)?,
            "skill_level_id": load.id("skill_level", &level)?,
            "valid_from": studied.from.to_string(),
            "valid_to": studied.to.map(|day| day.to_string()),
        });
        load.env.create("hr.employee.skill", vals(values))?;
    }
    Ok(())
}

fn privacy(load: &Load<'_>, career: &Career, private: &Private) -> Result<()> {
    let employee = load.id("employee", career.employee)?;
    let card = load
        .env
        .record_of("hr.employee", employee)
        .get("work_contact_id")
        .as_id();
    let account = json!({ "acc_number": private.account, "partner_id": card });
    let account = load.env.create("res.partner.bank", vals(account))?;
    let country = load.country(private.country)?;
    let values = json!({
        "private_email": private.email,
        "private_phone": private.phone,
        "private_street": private.street,
        "private_city": private.city,
        "private_zip": private.zip,
        "private_country_id": country,
        "country_id": country,
        "marital": private.marital,
        "children": private.children,
        "ssnid": private.ssnid,
        "passport_id": private.passport,
        "emergency_contact": private.emergency_contact,
        "emergency_phone": private.emergency_phone,
        "permit_no": private.permit,
        "bank_account_ids": [[6, 0, [account]]],
    });
    load.env.write("hr.employee", &[employee], vals(values))
}
