//! What is different between one version of an employee and the one before.

use jiff::civil::Date;

use super::Version;
use crate::answer::Amount;

/// Says in each version what it changed. They come newest first; the oldest changed nothing.
pub(super) fn tell(versions: &mut [Version]) {
    for index in 1..versions.len() {
        let (newer, older) = versions.split_at_mut(index);
        if let (Some(newer), Some(older)) = (newer.last_mut(), older.first()) {
            newer.changed = between(older, newer);
        }
    }
}

fn between(older: &Version, newer: &Version) -> Vec<String> {
    let contract = |version: &Version, of: fn(&super::Contract) -> Option<String>| {
        version.contract.as_ref().and_then(of)
    };
    let in_contract = |what, of| change(what, contract(older, of), contract(newer, of));
    [
        change("job", older.job.clone(), newer.job.clone()),
        change("position", older.position.clone(), newer.position.clone()),
        change(
            "department",
            older.department.clone(),
            newer.department.clone(),
        ),
        change("location", older.location.clone(), newer.location.clone()),
        change(
            "working hours",
            older.working_hours.clone(),
            newer.working_hours.clone(),
        ),
        change(
            "employee type",
            older.employee_type.clone(),
            newer.employee_type.clone(),
        ),
        in_contract("contract", |contract| contract.kind.clone()),
        in_contract("contract from", |contract| day(contract.from)),
        in_contract("contract until", |contract| day(contract.until)),
        in_contract("wage", |contract| contract.wage.map(written)),
        in_contract("salary structure", |contract| {
            contract.salary_structure.clone()
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn change(what: &str, before: Option<String>, after: Option<String>) -> Option<String> {
    let words = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
    (before != after).then(|| format!("{what}: {} → {}", words(before), words(after)))
}

fn day(day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
}

fn written(amount: Amount) -> String {
    amount.get().to_string()
}
