//! Time off: requests, approvals, balances and who sees what of it.

use odoo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::actor::{Actor, sandbox, shared};

/// The id of a record by one of its fields, as the administrator sees it.
async fn id(model: &str, field: &str, value: &str) -> i64 {
    let body = json!({ "domain": [[field, "=", value]] });
    let found = shared("ada").call(&format!("{model}/search"), body).await;
    found[0].as_i64().unwrap()
}

async fn balance(actor: &Actor, employee: Value) -> Value {
    let body = json!({
        "target_date": "2026-11-20",
        "context": { "allowed_company_ids": [1], "employee_id": employee },
    });
    actor
        .call("hr.leave.type/get_allocation_data_request", body)
        .await
}

#[tokio::test]
async fn a_balance_is_told_to_those_whom_it_concerns() {
    let emil = id("hr.employee", "name", "Emil Novak").await;
    let own = balance(&shared("emil"), json!(emil)).await;
    let paid = &own[0];
    assert_eq!(paid[0], "Paid Time Off");
    // Five days and two are taken, three wait for an approval.
    for (key, value) in [
        ("max_leaves", json!(20.0)),
        ("leaves_taken", json!(7.0)),
        ("leaves_requested", json!(3.0)),
        ("remaining_leaves", json!(13.0)),
        ("virtual_remaining_leaves", json!(10.0)),
        ("closest_allocation_expire", json!("12/31/2026")),
    ] {
        assert_eq!(paid[1][key], value, "{key}");
    }
    for approver in ["tara", "hanna"] {
        assert_eq!(balance(&shared(approver), json!(emil)).await, own);
    }
    assert_eq!(balance(&shared("alice"), json!(emil)).await, json!([]));
}

#[tokio::test]
async fn requests_are_seen_by_those_whom_they_concern() {
    let mut seen = String::new();
    for login in ["alice", "emil", "tara", "hanna", "rosa"] {
        let actor = shared(login);
        let own = actor
            .call("hr.leave/search_count", json!({ "domain": [] }))
            .await;
        let everybody = json!({ "domain": [["state", "=", "validate"]] });
        let away = actor
            .call("hr.leave.report.calendar/search_count", everybody)
            .await;
        seen += &format!("{login}: {own} requests, {away} absences\n");
    }
    insta::assert_snapshot!(seen, @r"
    alice: 3 requests, 21 absences
    emil: 6 requests, 19 absences
    tara: 15 requests, 19 absences
    hanna: 25 requests, 19 absences
    rosa: 0 requests, 21 absences
    ");
}

async fn office() -> (Sandbox, Actor, Actor, Actor) {
    let running = sandbox().start().await.expect("a sandbox");
    let person = |login| Actor::of(&running, login);
    let (emil, tara, hanna) = (person("emil"), person("tara"), person("hanna"));
    (running, emil, tara, hanna)
}

async fn enter(actor: &Actor, kind: &str, days: (&str, &str)) -> Value {
    actor
        .call(
            "hr.leave/create",
            json!({ "vals_list": [wish(kind, days).await] }),
        )
        .await
}

async fn wish(kind: &str, (from, to): (&str, &str)) -> Value {
    json!({
        "employee_id": id("hr.employee", "name", "Emil Novak").await,
        "holiday_status_id": id("hr.leave.type", "name", kind).await,
        "request_date_from": from, "request_date_to": to, "name": "Trip",
    })
}

async fn state(actor: &Actor, ids: &Value) -> Value {
    let body = json!({ "ids": ids, "fields": ["state"] });
    actor.call("hr.leave/read", body).await[0]["state"].clone()
}

#[tokio::test]
async fn paid_leave_is_approved_twice_and_taken_back_by_its_owner() {
    let (_running, emil, tara, hanna) = office().await;
    let ids = enter(&emil, "Paid Time Off", ("2026-12-14", "2026-12-18")).await;
    let on_it = json!({ "ids": ids });
    assert_eq!(state(&emil, &ids).await, "confirm");
    insta::assert_snapshot!(emil.refused("hr.leave/action_approve", on_it.clone()).await, @r#"[422,"odoo.exceptions.UserError","You cannot approve this leave."]"#);
    tara.call("hr.leave/action_approve", on_it.clone()).await;
    assert_eq!(state(&emil, &ids).await, "validate1");
    insta::assert_snapshot!(tara.refused("hr.leave/action_approve", on_it.clone()).await, @r#"[422,"odoo.exceptions.UserError","You cannot approve this leave."]"#);
    hanna.call("hr.leave/action_approve", on_it.clone()).await;
    assert_eq!(state(&emil, &ids).await, "validate");
    let wizard = json!({ "vals_list": [{ "leave_id": ids[0], "reason": "Rain" }] });
    let wizard = emil.call("hr.holidays.cancel.leave/create", wizard).await;
    let run = json!({ "ids": wizard });
    emil.call("hr.holidays.cancel.leave/action_cancel_leave", run)
        .await;
    assert_eq!(state(&emil, &ids).await, "cancel");
}

#[tokio::test]
async fn what_cannot_be_is_refused_as_odoo_does() {
    let (_running, emil, _, _) = office().await;
    let mut refused = String::new();
    for (kind, days) in [
        ("Paid Time Off", ("2026-12-07", "2026-12-07")),
        ("Paid Time Off", ("2026-12-28", "2026-12-14")),
        ("Paid Time Off", ("2026-12-10", "2026-12-31")),
        ("Compensatory Days", ("2026-12-14", "2026-12-14")),
    ] {
        let body = json!({ "vals_list": [wish(kind, days).await] });
        refused += &format!("{}\n", emil.refused("hr.leave/create", body).await);
    }
    let mut nobody = wish("Sick Time Off", ("2026-12-14", "2026-12-14")).await;
    nobody["employee_id"] = json!(false);
    let body = json!({ "vals_list": [nobody] });
    refused += &format!("{}\n", emil.refused("hr.leave/create", body).await);
    insta::assert_snapshot!(refused, @r#"
    [422,"odoo.exceptions.ValidationError","You've already booked time off which overlaps with this period:\n\t from 12/07/2026 to 12/09/2026 - To Approve"]
    [422,"odoo.exceptions.ValidationError","The operation cannot be completed: The request start date must be before or equal to the request end date."]
    [422,"odoo.exceptions.ValidationError","There is no valid allocation to cover that request."]
    [422,"odoo.exceptions.ValidationError","You do not have any allocation for this time off type.\nPlease request an allocation before submitting your time off request."]
    [422,"odoo.exceptions.UserError","There is no employee set on the time off. Please make sure you're logged in the correct company."]
    "#);
}

#[tokio::test]
async fn weekends_and_public_holidays_do_not_count() {
    let emil = shared("emil");
    let mut counted = String::new();
    for (kind, days) in [
        ("Paid Time Off", ("2026-12-11", "2026-12-14")),
        ("Paid Time Off", ("2026-12-12", "2026-12-13")),
        ("Paid Time Off", ("2026-12-21", "2026-12-28")),
        ("Unpaid", ("2026-12-14", "2026-12-15")),
        ("Extra Time Off", ("2026-12-14", "2026-12-14")),
    ] {
        let spec = json!({ "duration_display": {}, "number_of_hours": {}, "date_from": {}, "date_to": {} });
        let body =
            json!({ "values": wish(kind, days).await, "field_names": [], "fields_spec": spec });
        let answer = emil.call("hr.leave/onchange", body).await;
        counted += &format!("{kind} {days:?}: {}\n", answer["value"]);
    }
    insta::assert_snapshot!(counted, @r#"
    Paid Time Off ("2026-12-11", "2026-12-14"): {"duration_display":"2 days","number_of_hours":16.0,"date_from":"2026-12-11 07:00:00","date_to":"2026-12-14 16:00:00"}
    Paid Time Off ("2026-12-12", "2026-12-13"): {"duration_display":"0 days","number_of_hours":0.0,"date_from":"2026-12-12 07:00:00","date_to":"2026-12-13 16:00:00"}
    Paid Time Off ("2026-12-21", "2026-12-28"): {"duration_display":"4 days","number_of_hours":32.0,"date_from":"2026-12-21 07:00:00","date_to":"2026-12-28 16:00:00"}
    Unpaid ("2026-12-14", "2026-12-15"): {"duration_display":"16:00 hours","number_of_hours":16.0,"date_from":"2026-12-14 07:00:00","date_to":"2026-12-15 16:00:00"}
    Extra Time Off ("2026-12-14", "2026-12-14"): {"duration_display":"1 days","number_of_hours":8.0,"date_from":"2026-12-14 07:00:00","date_to":"2026-12-14 16:00:00"}
    "#);
}

#[tokio::test]
async fn the_reason_is_for_those_whom_it_concerns() {
    let (running, emil, tara, hanna) = office().await;
    let ids = enter(&emil, "Sick Time Off", ("2026-12-14", "2026-12-14")).await;
    let body = json!({ "ids": ids, "fields": ["name"] });
    for actor in [&emil, &tara, &hanna] {
        assert_eq!(
            actor.call("hr.leave/read", body.clone()).await[0]["name"],
            "Trip"
        );
    }
    let private = json!({ "ids": ids, "fields": ["private_name"] });
    assert_eq!(emil.post("hr.leave/read", &private).await.status, 403);
    let alice = Actor::of(&running, "alice");
    assert_eq!(alice.post("hr.leave/read", &body).await.status, 403);
}

/// Whatever the day, everything can be entered, and two colleagues are away on it.
#[tokio::test]
async fn any_day_will_do() {
    for day in [
        "2026-01-02",
        "2026-02-28",
        "2026-07-05",
        "2026-12-31",
        "2027-03-15",
        "2028-02-29",
    ] {
        let day: jiff::civil::Date = day.parse().unwrap();
        let running = Sandbox::builder().today(day).start().await.unwrap();
        let rosa = Actor::of(&running, "rosa");
        let away = json!({ "domain": [
            ["state", "=", "validate"],
            ["start_datetime", "<=", format!("{day} 12:00:00")],
            ["stop_datetime", ">=", format!("{day} 12:00:00")],
        ] });
        let away = rosa
            .call("hr.leave.report.calendar/search_count", away)
            .await;
        assert!(away.as_i64() >= Some(2), "{day}: {away}");
    }
}
