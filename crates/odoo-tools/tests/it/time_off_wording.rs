//! Requests for time off that Odoo words differently, or that other companies could be mistaken in.

use odoo_json2::{Odoo, Values};
use odoo_tools::Registry;
use serde_json::{Value, json};

use crate::actors::{self, Company};
use crate::scripted::{Reply, ScriptedOdoo, odoo_error};

/// A kind of time off that needs no allocation.
async fn new_kind(ada: &Odoo, name: &str, company: Option<i64>) -> i64 {
    let values = Values::new()
        .set("name", name)
        .set("company_id", company.map_or(json!(false), Value::from))
        .set("request_unit", "day")
        .set("requires_allocation", false);
    ada.create("hr.leave.type", [values]).await.unwrap()[0]
}

/// Who belongs to two companies has an employee in one of them.
#[tokio::test]
async fn types_of_another_company_are_no_choice() {
    let company = Company::open().await;
    let client = company.client("ada");
    new_kind(&client, "Archipelago Leave", Some(2)).await;
    let own = new_kind(&client, "Founders Leave", Some(1)).await;
    let ada = company.actor("ada").await;
    let wish = |kind: &str| json!({"type": kind, "date_from": "2026-12-14"});
    let said = ada
        .read("request_time_off", wish("Archipelago Leave"))
        .await;
    assert!(said.starts_with("error: not_found"), "{said}");
    assert!(said.contains("Founders Leave"), "{said}");
    assert_eq!(said.matches("Archipelago").count(), 1, "{said}");
    let entered = ada.ask("request_time_off", wish("Founders Leave")).await;
    assert_eq!(entered["type"]["id"], own);
}

#[tokio::test]
async fn types_of_one_name_are_told_apart_by_id() {
    let company = Company::open().await;
    let client = company.client("ada");
    let one = new_kind(&client, "Moving Day", Some(1)).await;
    let other = new_kind(&client, "Moving Day", None).await;
    let emil = company.actor("emil").await;
    let wish = |kind: &str| json!({"type": kind, "date_from": "2026-12-14"});
    let said = emil.call("request_time_off", wish("moving day")).await.text;
    assert!(said.contains("error: ambiguous"), "{said}");
    for id in [one, other] {
        assert!(said.contains(&format!("Moving Day (id {id})")), "{said}");
    }
    let entered = emil.ask("request_time_off", wish(&other.to_string())).await;
    assert_eq!(entered["type"]["id"], other);
}

/// A public holiday or another day on which nobody works: company, kind, name and moments on UTC's clock.
type DayOff = (i64, &'static str, &'static str, [&'static str; 2]);

/// Saturday the 12th on the island only, hours of another kind on Sunday the 13th, and Friday the 18th, which in New
/// York ends on Saturday of UTC's clock.
const DAYS_OFF: [DayOff; 3] = [
    (
        2,
        "leave",
        "Island Fair",
        ["2026-12-12 08:00:00", "2026-12-12 16:00:00"],
    ),
    (
        1,
        "other",
        "Stocktaking",
        ["2026-12-13 08:00:00", "2026-12-13 16:00:00"],
    ),
    (
        1,
        "leave",
        "Harvest Day",
        ["2026-12-18 05:00:00", "2026-12-19 04:59:59"],
    ),
];

async fn add_day_off(client: &Odoo, (company, kind, name, [from, to]): DayOff) {
    let values = Values::new()
        .set("name", name)
        .set("company_id", company)
        .set("time_type", kind)
        .set("date_from", from)
        .set("date_to", to);
    let within = client.with_context(odoo_json2::Context::new().companies([company]));
    within
        .create("resource.calendar.leaves", [values])
        .await
        .unwrap();
}

/// Moments are stored on UTC's clock, and other companies have holidays of their own.
#[tokio::test]
async fn only_public_holidays_of_these_days_are_named() {
    let company = Company::open().await;
    let client = company.client("ada");
    let zone = Values::new().set("tz", "America/New_York");
    let all = odoo_json2::Domain::all();
    let hours = client.search_ids("resource.calendar", all, "", 100);
    let hours = hours.await.unwrap();
    client
        .write("resource.calendar", &hours, &zone)
        .await
        .unwrap();
    for day_off in DAYS_OFF {
        add_day_off(&client, day_off).await;
    }
    let ada = company.actor("ada").await;
    for day in ["2026-12-12", "2026-12-13", "2026-12-19"] {
        let wish = json!({"type": "Sick Time Off", "date_from": day});
        let said = ada.read("request_time_off", wish).await;
        assert!(said.contains("not working days"), "{said}");
    }
}

/// Alice's Odoo with one kind of time off, of which two days are left.
fn scripted(previewed: Value, refusal: &'static str) -> ScriptedOdoo {
    ScriptedOdoo::new(move |call, _| -> Option<Reply> {
        let answer = match call {
            "ir.model/get_available_models" => json!([
                {"model": "hr.leave", "display_name": "Time Off"},
                {"model": "hr.leave.type", "display_name": "Time Off Type"},
            ]),
            "hr.leave.type/web_search_read" => json!({"length": 1, "records": [{
                "id": 4, "name": "Congés payés", "request_unit": "day", "requires_allocation": true,
                "leave_validation_type": "hr", "support_document": false, "max_leaves": 20.0,
                "virtual_remaining_leaves": 2.0,
            }]}),
            "hr.leave/onchange" => json!({ "value": previewed }),
            "hr.leave/create" => {
                return Some(odoo_error(422, "odoo.exceptions.ValidationError", refusal));
            }
            _ => return None,
        };
        Some((200, answer))
    })
}

fn previewed(days: f64, warning: &str) -> Value {
    json!({
        "number_of_days": days, "number_of_hours": days * 8.0, "date_from": "2026-12-14 07:00:00",
        "date_to": "2026-12-16 16:00:00", "dashboard_warning_message": warning,
    })
}

async fn said(odoo: &ScriptedOdoo) -> String {
    let user = odoo.session().await;
    let wish = json!({"type": "congés payés", "date_from": "2026-12-14", "date_to": "2026-12-16"});
    let wish = wish.as_object().unwrap().clone();
    let registry = Registry::standard();
    let outcome = actors::call(&registry, &user, "request_time_off", wish);
    outcome.await.unwrap().text
}

/// Refusals come in the user's language; whether days are missing is a matter of numbers.
#[tokio::test]
async fn missing_days_are_known_in_every_language() {
    let refusal = "Aucune attribution valide ne couvre cette demande.";
    insta::assert_snapshot!(said(&scripted(previewed(3.0, ""), refusal)).await, @"
    error: refused_by_odoo
    message: Odoo refuses: Aucune attribution valide ne couvre cette demande. It comes to 3 days, and 2 of 20 days of Congés payés are available on the first day
    next_step: Nothing was requested. Ask for less, choose another type, or have an allocation granted; time_off_balance shows what there is.
    ");
    // Two days are there, so that the allocation it speaks of is another matter.
    let refusal = "The allocation is closed for the end of the year.";
    insta::assert_snapshot!(said(&scripted(previewed(2.0, ""), refusal)).await, @"
    error: refused_by_odoo
    message: Odoo refuses: The allocation is closed for the end of the year.
    next_step: Correct what Odoo names, in the arguments here or in Odoo itself.
    ");
}

/// Odoo may know of something in the way that cannot be read.
#[tokio::test]
async fn what_cannot_be_read_is_told_in_odoos_words() {
    let warning = "Vous avez déjà réservé des congés :\n du 14/12 au 16/12";
    insta::assert_snapshot!(said(&scripted(previewed(3.0, warning), "")).await, @"
    error: refused_by_odoo
    message: Odoo warns: Vous avez déjà réservé des congés : du 14/12 au 16/12
    next_step: Nothing was requested. Choose days that do not overlap, or cancel the other request in Odoo first.
    ");
}
