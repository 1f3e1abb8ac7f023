//! Asking for time off, and what is said when it cannot be.

use serde_json::{Value, json};

use crate::actors::{Company, as_person};

#[tokio::test]
async fn paid_leave_is_requested_and_waits_for_two_approvals() {
    let company = Company::open().await;
    let emil = company.actor("emil").await;
    let wish = json!({"type": "paid time off", "date_from": "2026-12-14", "date_to": "2026-12-21", "reason": "Skiing"});
    insta::assert_snapshot!(emil.read("request_time_off", wish.clone()).await, @r"
    outcome: requested
    id: …
    employee: Emil Novak (#)
    type: Paid Time Off (#)
    from: 2026-12-14
    to: 2026-12-21
    days: 6
    state: to_approve
    approval: Tara Lindqvist, then a time-off officer
    available_after: 4
    link: https://odoo.example/odoo/hr.leave/…
    ");
    // The registry remembers the first outcome.
    let again = emil.ask("request_time_off", wish).await;
    assert_eq!(again["outcome"], "requested");
    assert!(again["repeated"].is_string(), "{again}");
    // The same wish in other words is found in Odoo.
    let reworded =
        json!({"type": "Paid Time Off", "date_from": "2026-12-14", "date_to": "2026-12-21"});
    let reworded = emil.ask("request_time_off", reworded).await;
    assert_eq!(
        (&reworded["outcome"], &reworded["id"]),
        (&json!("already_requested"), &again["id"])
    );
    let requests = json!({"employee": "me", "date_from": "2026-12-14", "date_to": "2026-12-21"});
    let page = emil.ask("read_time_off", requests).await;
    assert_eq!(page["total"], 1);
    assert_eq!(page["records"][0]["reason"], "Skiing");
}

#[tokio::test]
async fn what_needs_no_approval_is_approved_at_once() {
    let company = Company::open().await;
    let emil = company.actor("emil").await;
    let wish = json!({"type": "extra time", "date_from": "2026-12-14", "half": "am"});
    insta::assert_snapshot!(emil.read("request_time_off", wish).await, @r"
    outcome: approved
    id: …
    employee: Emil Novak (#)
    type: Extra Time Off (#)
    from: 2026-12-14
    to: 2026-12-14
    days: 0.5
    state: approved
    available_after: 1
    link: https://odoo.example/odoo/hr.leave/…
    ");
    let rosa = company.actor("rosa").await;
    let away = rosa
        .ask("who_is_off", json!({"date_from": "2026-12-14"}))
        .await;
    assert_eq!(away["records"][0]["employee"]["name"], "Emil Novak");
    assert_eq!(away["records"][0]["time"], "08:00-12:00");
}

#[tokio::test]
async fn hours_are_asked_for_in_hours_and_sick_leave_of_officers() {
    let company = Company::open().await;
    let emil = company.actor("emil").await;
    let wish =
        json!({"type": "unpaid", "date_from": "2026-12-14", "hour_from": 9, "hour_to": 11.5});
    insta::assert_snapshot!(emil.read("request_time_off", wish).await, @r"
    outcome: requested
    id: …
    employee: Emil Novak (#)
    type: Unpaid (#)
    from: 2026-12-14
    to: 2026-12-14
    hours: 2.5
    state: to_approve
    approval: Tara Lindqvist, then a time-off officer
    link: https://odoo.example/odoo/hr.leave/…
    ");
    let wish = json!({"type": "sick", "date_from": "2026-12-15"});
    insta::assert_snapshot!(emil.read("request_time_off", wish).await, @r"
    outcome: requested
    id: …
    employee: Emil Novak (#)
    type: Sick Time Off (#)
    from: 2026-12-15
    to: 2026-12-15
    days: 1
    state: to_approve
    approval: a time-off officer
    note: Sick Time Off asks for a supporting document: attach it to the request in Odoo.
    link: https://odoo.example/odoo/hr.leave/…
    ");
}

/// What is said of wishes of Emil's that cannot be, and that none of them was entered.
async fn refused(wishes: &[Value]) -> String {
    let company = Company::open().await;
    let emil = company.actor("emil").await;
    let before = emil.ask("read_time_off", json!({})).await["total"].clone();
    let mut said = String::new();
    for wish in wishes {
        let refusal = emil.read("request_time_off", wish.clone()).await;
        said += &format!("{wish}\n{refusal}\n");
    }
    assert_eq!(emil.ask("read_time_off", json!({})).await["total"], before);
    said
}

#[tokio::test]
async fn days_that_are_off_already_are_refused() {
    let said = refused(&[
        json!({"type": "Paid Time Off", "date_from": "2026-12-07"}),
        json!({"type": "Paid Time Off", "date_from": "2026-12-12", "date_to": "2026-12-13"}),
        json!({"type": "Paid Time Off", "date_from": "2026-12-24"}),
    ])
    .await;
    insta::assert_snapshot!(said, @r#"
    {"type":"Paid Time Off","date_from":"2026-12-07"}
    error: refused_by_odoo
    message: you already have time off in these days: Paid Time Off from 2026-12-07 to 2026-12-09 (to approve)
    next_step: Nothing was requested. Choose days that do not overlap, or cancel the other request in Odoo first.

    {"type":"Paid Time Off","date_from":"2026-12-12","date_to":"2026-12-13"}
    error: refused_by_odoo
    message: Odoo counts no working time from 2026-12-12 to 2026-12-13: they are not working days of your schedule
    next_step: Nothing was requested, since no time off is needed then. Choose other days.

    {"type":"Paid Time Off","date_from":"2026-12-24"}
    error: refused_by_odoo
    message: Odoo counts no working time from 2026-12-24 to 2026-12-24: public holiday (Winter Closing)
    next_step: Nothing was requested, since no time off is needed then. Choose other days.
    "#);
}

#[tokio::test]
async fn more_than_is_available_is_refused() {
    let said = refused(&[
        json!({"type": "Paid Time Off", "date_from": "2026-12-10", "date_to": "2026-12-30"}),
        json!({"type": "Compensatory Days", "date_from": "2026-12-14"}),
    ])
    .await;
    insta::assert_snapshot!(said, @r#"
    {"type":"Paid Time Off","date_from":"2026-12-10","date_to":"2026-12-30"}
    error: refused_by_odoo
    message: Odoo refuses: There is no valid allocation to cover that request. It comes to 13 days, and 10 of 20 days of Paid Time Off are available on the first day
    next_step: Nothing was requested. Ask for less, choose another type, or have an allocation granted; time_off_balance shows what there is.

    {"type":"Compensatory Days","date_from":"2026-12-14"}
    error: refused_by_odoo
    message: Odoo refuses: You do not have any allocation for this time off type. Please request an allocation before submitting your time off request. It comes to 1 days, and 0 of 0 days of Compensatory Days are available on the first day
    next_step: Nothing was requested. Ask for less, choose another type, or have an allocation granted; time_off_balance shows what there is.
    "#);
}

#[tokio::test]
async fn types_that_are_not_clear_are_refused_with_a_choice() {
    let said = refused(&[
        json!({"type": "Holiday", "date_from": "2026-12-14"}),
        json!({"type": "time off", "date_from": "2026-12-14"}),
    ])
    .await;
    insta::assert_snapshot!(said, @r#"
    {"type":"Holiday","date_from":"2026-12-14"}
    error: not_found
    message: there is no time-off type `Holiday` for you
    next_step: Nothing was requested. Pass one of: Paid Time Off (10 days available); Sick Time Off (without a limit); Unpaid (without a limit); Extra Time Off (1.5 days available); Extra Hours (without a limit).

    {"type":"time off","date_from":"2026-12-14"}
    error: ambiguous
    message: `time off` fits several time-off types
    next_step: Nothing was requested. Pass one of: Paid Time Off (10 days available); Sick Time Off (without a limit); Extra Time Off (1.5 days available).
    "#);
}

#[tokio::test]
async fn times_that_cannot_be_are_refused() {
    let said = refused(&[
        json!({"type": "Paid Time Off", "date_from": "2026-12-14", "half": "pm"}),
        json!({"type": "Sick Time Off", "date_from": "2026-12-14", "hour_from": 9, "hour_to": 12}),
        json!({"type": "Unpaid", "date_from": "2026-12-14", "hour_from": 9}),
        json!({"type": "Paid Time Off", "date_from": "2026-12-14", "date_to": "2026-12-10"}),
    ])
    .await;
    insta::assert_snapshot!(said, @r#"
    {"type":"Paid Time Off","date_from":"2026-12-14","half":"pm"}
    error: invalid_arguments
    message: Paid Time Off cannot be taken by half days in this Odoo
    next_step: Nothing was requested. This type is taken by whole days; another type may fit better.

    {"type":"Sick Time Off","date_from":"2026-12-14","hour_from":9,"hour_to":12}
    error: invalid_arguments
    message: Sick Time Off cannot be taken by single hours in this Odoo
    next_step: Nothing was requested. This type is taken by whole days; another type may fit better.

    {"type":"Unpaid","date_from":"2026-12-14","hour_from":9}
    error: invalid_arguments
    message: `hour_from` and `hour_to` go together
    next_step: Nothing was requested. Correct the arguments and call again.

    {"type":"Paid Time Off","date_from":"2026-12-14","date_to":"2026-12-10"}
    error: invalid_arguments
    message: `date_to` (2026-12-10) lies before `date_from` (2026-12-14)
    next_step: Nothing was requested. Correct the arguments and call again.
    "#);
}

#[tokio::test]
async fn those_without_an_employee_are_told_so() {
    let rosa = as_person("rosa").await;
    let wish = json!({"type": "Paid Time Off", "date_from": "2026-12-14"});
    insta::assert_snapshot!(rosa.read("request_time_off", wish).await, @r"
    error: not_found
    message: the Odoo user of Rosa Whitfield is not linked to an employee, so there is no time off of their own
    next_step: HR can link the user in the employee's record (field Related User). Questions about others still work.
    ");
}

/// Calls that come at the same time wait for the first.
#[tokio::test]
async fn a_wish_is_entered_once_by_many_at_a_time() {
    let company = Company::open().await;
    let emil = company.actor("emil").await;
    let wish = json!({"type": "Sick Time Off", "date_from": "2026-12-14"});
    let outcomes: Vec<Value> = {
        let (one, two, three) = tokio::join!(
            emil.ask("request_time_off", wish.clone()),
            emil.ask("request_time_off", wish.clone()),
            emil.ask("request_time_off", wish),
        );
        vec![one, two, three]
    };
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome["id"] == outcomes[0]["id"])
    );
    let page = emil
        .ask(
            "read_time_off",
            json!({"date_from": "2026-12-14", "date_to": "2026-12-14"}),
        )
        .await;
    assert_eq!(page["total"], 1);
}
