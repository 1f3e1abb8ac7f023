//! What somebody can do.

use jiff::civil::Date;
use odoo_json2::{Record, Ref};
use schemars::JsonSchema;
use serde::Serialize;

use crate::characters::clip;

/// The longest name of a skill.
const LONGEST_NAME: usize = 120;

/// A skill of an employee, as Odoo keeps it.
#[derive(Debug, Record)]
#[odoo(model = "hr.employee.skill")]
pub(super) struct SkillRow {
    skill_id: Option<Ref>,
    skill_level_id: Option<Ref>,
    skill_type_id: Option<Ref>,
    level_progress: i64,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
}

/// A skill or a certificate.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Skill {
    skill: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<String>,
    /// How far the level is from knowing nothing (0) to mastery (100).
    percent: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Date>,
    /// The last day on which it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Date>,
}

impl Skill {
    /// The skills of an answer: kind by kind as Odoo orders them, in each the best first.
    pub(super) fn all(rows: Option<Vec<SkillRow>>) -> Vec<Self> {
        let mut skills: Vec<Self> = rows.unwrap_or_default().into_iter().map(Self::of).collect();
        let mut kinds: Vec<Option<String>> = Vec::new();
        for skill in &skills {
            if !kinds.contains(&skill.kind) {
                kinds.push(skill.kind.clone());
            }
        }
        // Odoo leaves open which of two equal levels comes first.
        skills.sort_by_cached_key(|skill| {
            let kind = kinds.iter().position(|kind| *kind == skill.kind);
            (kind, -skill.percent, skill.skill.clone(), skill.since)
        });
        skills
    }

    fn of(row: SkillRow) -> Self {
        let name = |named: Option<Ref>| {
            // Odoo hangs a medal on the name of certificates.
            named.map(|named| {
                clip(
                    named.name.trim_end_matches('\u{1f396}').trim(),
                    LONGEST_NAME,
                )
                .into_owned()
            })
        };
        Self {
            skill: name(row.skill_id).unwrap_or_default(),
            level: name(row.skill_level_id),
            percent: row.level_progress,
            kind: name(row.skill_type_id),
            since: row.valid_from,
            until: row.valid_to,
        }
    }
}
