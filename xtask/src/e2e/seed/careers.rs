//! Careers: skills and résumés, the versions that employees went through, and what HR knows of them.

use std::collections::HashMap;

use anyhow::Context as _;
use odoo_json2::{Command, Values, field};
use odoo_sandbox::demo::{Career, Position, Private, SkillType};
use serde_json::{Value, json};

use super::{Seeder, quiet};

/// Seeds the kinds of skills, then one career after the other.
pub(super) async fn seed(seeder: &mut Seeder<'_>) -> anyhow::Result<()> {
    let demo = seeder.demo;
    for kind in &demo.skill_types {
        skill_type(seeder, kind).await?;
    }
    for career in &demo.careers {
        positions(seeder, career)
            .await
            .with_context(|| format!("the positions of {}", career.employee))?;
        resume(seeder, career).await?;
        skills(seeder, career).await?;
        if let Some(private) = &career.private {
            privacy(seeder, career, private).await?;
        }
    }
    Ok(())
}

/// Odoo takes a kind of skills only with skills and levels in it, which are then found by their names.
async fn skill_type(seeder: &mut Seeder<'_>, kind: &SkillType) -> anyhow::Result<()> {
    let skill = |name: &str| Command::Create(Values::new().set("name", name));
    let level = |name: &str, progress: i64| {
        let values = Values::new().set("name", name);
        Command::Create(values.set("level_progress", progress))
    };
    let skills: Vec<Command> = kind.skills.iter().map(|one| skill(one.name)).collect();
    let levels: Vec<Command> = (kind.levels.iter())
        .map(|one| level(one.name, one.progress))
        .collect();
    let values = Values::new()
        .set("name", kind.name)
        .set("sequence", kind.sequence)
        .set("is_certification", kind.is_certification)
        .set("skill_ids", skills)
        .set("skill_level_ids", levels);
    let name = ("skill_type", kind.key);
    let id = seeder
        .ensure(name, "hr.skill.type", quiet(), values)
        .await?;
    for skill in &kind.skills {
        adopt_part(seeder, ("skill", skill.key), "hr.skill", (skill.name, id)).await?;
    }
    for level in &kind.levels {
        let key = format!("{}_{}", kind.key, level.key);
        let name = ("skill_level", key.as_str());
        adopt_part(seeder, name, "hr.skill.level", (level.name, id)).await?;
    }
    Ok(())
}

async fn adopt_part(
    seeder: &mut Seeder<'_>,
    name: (&str, &str),
    model: &str,
    (label, kind): (&str, i64),
) -> anyhow::Result<()> {
    if seeder.known(name.0, name.1).is_some() {
        return Ok(());
    }
    let domain = field("name").eq(label) & field("skill_type_id").eq(kind);
    let found = seeder.find(model, domain, quiet()).await?;
    let id = found.with_context(|| format!("no {model} `{label}`"))?;
    seeder.adopt(name, model, id).await
}

/// Earlier positions become versions of their own. The present one is written last, to the version that Odoo made
/// with the employee: a single version would take the contract's first day for its own.
async fn positions(seeder: &mut Seeder<'_>, career: &Career) -> anyhow::Result<()> {
    let employee = seeder.id("employee", career.employee)?;
    let Some((present, earlier)) = career.positions.split_last() else {
        return Ok(());
    };
    let last = format!("{}/present", career.employee);
    if seeder.known("version", &last).is_some() {
        return Ok(());
    }
    let here = current_version(seeder, employee).await?;
    for position in earlier {
        let key = format!("{}/{}", career.employee, position.since);
        if seeder.known("version", &key).is_some() {
            continue;
        }
        let values = version(seeder, position).await?;
        let made: Vec<i64> = seeder
            .odoo
            .with_context(quiet())
            .call("hr.employee", "create_version")
            .ids(&[employee])
            .arg("values", values)
            .fetch()
            .await?;
        let id = *made.first().context("Odoo made no version")?;
        seeder.adopt(("version", &key), "hr.version", id).await?;
    }
    let values = version(seeder, present).await?;
    let odoo = seeder.odoo.with_context(quiet());
    odoo.write("hr.version", &[here], &values).await?;
    seeder.adopt(("version", &last), "hr.version", here).await
}

/// The version that the employee was entered with.
async fn current_version(seeder: &Seeder<'_>, employee: i64) -> anyhow::Result<i64> {
    let rows: Vec<HashMap<String, Value>> = seeder
        .odoo
        .call("hr.employee", "read")
        .ids(&[employee])
        .arg("fields", ["current_version_id"])
        .arg("load", "")
        .read_only()
        .fetch()
        .await?;
    let id = rows
        .first()
        .and_then(|row| row.get("current_version_id")?.as_i64());
    id.context("an employee without a version")
}

async fn version(seeder: &Seeder<'_>, position: &Position) -> anyhow::Result<Values> {
    let kind = seeder.external_id(position.contract.kind()).await?;
    Ok(Values::new()
        .set("date_version", position.since)
        .set("job_title", position.title)
        .set(
            "department_id",
            seeder.id("department", position.department)?,
        )
        .set("wage", position.wage)
        .set("contract_type_id", kind)
        .set("contract_date_start", position.contract.start)
        .set_some("contract_date_end", position.contract.end))
}

async fn resume(seeder: &mut Seeder<'_>, career: &Career) -> anyhow::Result<()> {
    let employee = seeder.id("employee", career.employee)?;
    for line in &career.resume {
        let kind = seeder.external_id(line.kind.external_id()).await?;
        let values = Values::new()
            .set("employee_id", employee)
            .set("name", line.name)
            .set("line_type_id", kind)
            .set("date_start", line.start)
            .set_some("date_end", line.end)
            .set_some("description", line.description);
        let key = format!("{}/{}", career.employee, line.name);
        let name = ("resume", key.as_str());
        seeder
            .ensure(name, "hr.resume.line", quiet(), values)
            .await?;
    }
    Ok(())
}

async fn skills(seeder: &mut Seeder<'_>, career: &Career) -> anyhow::Result<()> {
    let employee = seeder.id("employee", career.employee)?;
    for studied in &career.skills {
        let level = format!("{}_{}", studied.kind, studied.level);
        let values = Values::new()
            .set("employee_id", employee)
            .set("skill_type_id", seeder.id("skill_type", studied.kind)?)
            .set("skill_id", seeder.id("skill", studied.skill)?)
            .set("skill_level_id", seeder.id("skill_level", &level)?)
            .set("valid_from", studied.from)
            .set_some("valid_to", studied.to);
        let key = format!("{}/{}/{}", career.employee, studied.skill, studied.level);
        let name = ("employee_skill", key.as_str());
        seeder
            .ensure(name, "hr.employee.skill", quiet(), values)
            .await?;
    }
    Ok(())
}

async fn privacy(
    seeder: &mut Seeder<'_>,
    career: &Career,
    private: &Private,
) -> anyhow::Result<()> {
    let employee = seeder.id("employee", career.employee)?;
    if seeder.known("account_of", career.employee).is_some() {
        return Ok(());
    }
    let odoo = seeder.odoo.with_context(quiet());
    let cards: Vec<HashMap<String, Value>> = odoo
        .call("hr.employee", "read")
        .ids(&[employee])
        .arg("fields", ["work_contact_id"])
        .arg("load", "")
        .read_only()
        .fetch()
        .await?;
    let card = cards
        .first()
        .and_then(|row| row.get("work_contact_id")?.as_i64())
        .context("an employee without a card")?;
    let account = Values::new()
        .set("acc_number", private.account)
        .set("partner_id", card);
    let made = odoo.create("res.partner.bank", [account]).await?;
    let account = *made.first().context("Odoo made no bank account")?;
    let country = seeder.country(private.country).await?;
    let values = personal(private, country).set("bank_account_ids", json!([[6, 0, [account]]]));
    odoo.write("hr.employee", &[employee], &values).await?;
    let name = ("account_of", career.employee);
    seeder.adopt(name, "res.partner.bank", account).await
}

fn personal(private: &Private, country: i64) -> Values {
    Values::new()
        .set("private_email", private.email)
        .set("private_phone", private.phone)
        .set("private_street", private.street)
        .set("private_city", private.city)
        .set("private_zip", private.zip)
        .set("private_country_id", country)
        .set("country_id", country)
        .set("marital", private.marital)
        .set("children", private.children)
        .set("ssnid", private.ssnid)
        .set("passport_id", private.passport)
        .set("emergency_contact", private.emergency_contact)
        .set("emergency_phone", private.emergency_phone)
        .set_some("permit_no", private.permit)
}
