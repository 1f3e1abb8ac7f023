//! What people can do, and how well.

use jiff::civil::{Date, date};
use serde::Serialize;

/// A kind of skills (`hr.skill.type`) with its skills and levels.
#[derive(Clone, Debug, Serialize)]
pub struct SkillType {
    /// Key.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its place among the kinds.
    pub sequence: i64,
    /// Whether it is about certificates, which run out.
    pub is_certification: bool,
    /// Its skills (`hr.skill`).
    pub skills: Vec<Skill>,
    /// Its levels (`hr.skill.level`), lowest first.
    pub levels: Vec<Level>,
}

/// A skill (`hr.skill`).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Skill {
    /// Key.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
}

/// A level (`hr.skill.level`).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Level {
    /// Key.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// How far it is from knowing nothing (0) to mastery (100).
    pub progress: i64,
}

/// What an employee can do (`hr.employee.skill`).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Studied {
    /// Key of the kind.
    pub kind: &'static str,
    /// Key of the skill.
    pub skill: &'static str,
    /// Key of the level.
    pub level: &'static str,
    /// Since when.
    pub from: Date,
    /// Until when, for what was surpassed or ran out.
    pub to: Option<Date>,
}

/// Skills of a kind: key and name.
type Skills = &'static [(&'static str, &'static str)];

/// Levels of a kind, lowest first: key, name and progress.
type Levels = &'static [(&'static str, &'static str, i64)];

/// Kinds by key and name, with skills and levels.
const TYPES: [(&str, &str, Skills, Levels); 3] = [
    (
        "craft",
        "Workshop Skills",
        &[
            ("calibration", "Calibration"),
            ("soldering", "Soldering"),
            ("optics", "Optical Alignment"),
            ("firmware", "Firmware"),
        ],
        &[
            ("novice", "Novice", 25),
            ("skilled", "Skilled", 60),
            ("master", "Master", 100),
        ],
    ),
    (
        "tongues",
        "Working Languages",
        &[
            ("english", "Technical English"),
            ("finnish", "Technical Finnish"),
            ("italian", "Business Italian"),
        ],
        &[("basic", "Basic", 30), ("fluent", "Fluent", 90)],
    ),
    (
        PAPERS,
        "Certificates",
        &[("laser", "Laser Safety"), ("first_aid", "First Aid")],
        &[("held", "Certified", 100)],
    ),
];

/// The kind that is about certificates.
const PAPERS: &str = "papers";

/// The kinds of skills, behind those that Odoo brings along.
pub(super) fn types() -> Vec<SkillType> {
    let kind = |(sequence, (key, name, skills, levels)): (i64, _)| -> SkillType {
        let (skills, levels): (Skills, Levels) = (skills, levels);
        let skill = |&(key, name): &_| Skill { key, name };
        let level = |&(key, name, progress): &_| Level {
            key,
            name,
            progress,
        };
        SkillType {
            key,
            name,
            sequence,
            is_certification: key == PAPERS,
            skills: skills.iter().map(skill).collect(),
            levels: levels.iter().map(level).collect(),
        }
    };
    (11..).zip(TYPES).map(kind).collect()
}

/// Employee, kind, skill, level, since and until when.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Date,
    Option<Date>,
);

const STUDIED: [Row; 14] = [
    (
        "ada",
        "tongues",
        "english",
        "fluent",
        date(2014, 5, 1),
        None,
    ),
    (
        "alice",
        "tongues",
        "english",
        "fluent",
        date(2018, 9, 1),
        None,
    ),
    (
        "alice",
        "tongues",
        "italian",
        "fluent",
        date(2018, 9, 1),
        None,
    ),
    (
        "tara",
        "craft",
        "soldering",
        "master",
        date(2019, 2, 1),
        None,
    ),
    (
        "tara",
        "papers",
        "first_aid",
        "held",
        date(2025, 1, 15),
        None,
    ),
    (
        "emil",
        "craft",
        "calibration",
        "skilled",
        date(2021, 3, 1),
        Some(date(2024, 4, 30)),
    ),
    (
        "emil",
        "craft",
        "calibration",
        "master",
        date(2024, 5, 1),
        None,
    ),
    (
        "emil",
        "craft",
        "soldering",
        "novice",
        date(2021, 3, 1),
        None,
    ),
    (
        "emil",
        "tongues",
        "english",
        "fluent",
        date(2021, 3, 1),
        None,
    ),
    ("mara", "craft", "optics", "master", date(2022, 5, 1), None),
    (
        "mara",
        "papers",
        "laser",
        "held",
        date(2020, 6, 1),
        Some(date(2024, 5, 31)),
    ),
    (
        "jonas",
        "craft",
        "firmware",
        "skilled",
        date(2023, 9, 1),
        None,
    ),
    (
        "aino",
        "tongues",
        "finnish",
        "fluent",
        date(2020, 1, 1),
        None,
    ),
    (
        "aino",
        "tongues",
        "english",
        "basic",
        date(2020, 1, 1),
        None,
    ),
];

/// The skills of an employee.
pub(super) fn of(employee: &str) -> Vec<Studied> {
    STUDIED
        .iter()
        .filter(|row| row.0 == employee)
        .map(|&(_, kind, skill, level, from, to)| Studied {
            kind,
            skill,
            level,
            from,
            to,
        })
        .collect()
}
