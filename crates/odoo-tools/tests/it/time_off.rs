//! Time off: what there is, what is left, and who is away, for several people.

use std::collections::BTreeSet;

use odoo_json2::{Clock, Odoo};
use odoo_tools::{Registry, UserSession};
use serde_json::{Value, json};

use crate::actors::{self, Company, as_person};

#[tokio::test]
async fn an_employee_reads_requests_of_his_own() {
    let emil = as_person("emil").await;
    insta::assert_snapshot!(emil.read("read_time_off", json!({"limit": 5})).await, @r"
    total: 6
    returned: 5
    truncated: yes
    next_cursor: …
    link: https://odoo.example/odoo/hr.leave/{id}

    ## records
    |id|employee|type|state|from|to|half|days|reason|department|decided_by|you_may|
    |-|-|-|-|-|-|-|-|-|-|-|-|
    |…|Emil Novak (#)|Paid Time Off (#)|approved|2027-01-04|2027-01-05||2|Long weekend|Workshop|Tara Lindqvist; Hanna Okafor|cancel|
    |…|Emil Novak (#)|Paid Time Off (#)|to_approve|2026-12-07|2026-12-09||3|Visiting family|Workshop|||
    |…|Emil Novak (#)|Extra Time Off (#)|approved|2026-10-23|2026-10-23|pm|0.5|School play|Workshop|Emil Novak||
    |…|Emil Novak (#)|Sick Time Off (#)|approved|2026-09-22|2026-09-23||2|Flu|Workshop|Hanna Okafor||
    |…|Emil Novak (#)|Paid Time Off (#)|approved|2026-08-27|2026-08-28||2|Moving house|Workshop|Tara Lindqvist; Hanna Okafor||
    ");
    let everybody = emil.ask("read_time_off", json!({"limit": 200})).await;
    for entry in everybody["records"].as_array().unwrap() {
        assert_eq!(entry["employee"]["name"], "Emil Novak");
    }
}

#[tokio::test]
async fn the_approver_sees_what_waits_for_her() {
    let tara = as_person("tara").await;
    let waiting = json!({"to_approve": true});
    insta::assert_snapshot!(tara.read("read_time_off", waiting.clone()).await, @r"
    total: 2
    returned: 2
    link: https://odoo.example/odoo/hr.leave/{id}

    ## records
    |id|employee|type|state|from|to|days|reason|department|you_may|
    |-|-|-|-|-|-|-|-|-|-|
    |…|Emil Novak (#)|Paid Time Off (#)|to_approve|2026-12-07|2026-12-09|3|Visiting family|Workshop|approve; refuse|
    |…|Mara Quist (#)|Compensatory Days (#)|to_approve|2026-12-04|2026-12-04|1|Worked at the fair|Workshop|approve; refuse|
    ");
    // What is listed as waiting can be approved, for officers too.
    for login in ["tara", "hanna", "ada"] {
        let page = as_person(login)
            .await
            .ask("read_time_off", waiting.clone())
            .await;
        let entries = page["records"].as_array().unwrap();
        assert!(!entries.is_empty(), "{login}");
        for entry in entries {
            let may = entry["you_may"].as_array().unwrap();
            assert!(may.contains(&json!("approve")), "{login}: {entry}");
        }
    }
    let alice = as_person("alice").await;
    assert_eq!(alice.ask("read_time_off", waiting).await["total"], 0);
}

#[tokio::test]
async fn an_officer_reads_everybodys_sick_leave() {
    let hanna = as_person("hanna").await;
    insta::assert_snapshot!(hanna.read("read_time_off", json!({"type": "sick"})).await, @r"
    total: 4
    returned: 4
    link: https://odoo.example/odoo/hr.leave/{id}

    ## records
    |id|employee|type|state|from|to|days|reason|department|decided_by|you_may|
    |-|-|-|-|-|-|-|-|-|-|-|
    |…|Hanna Okafor (#)|Sick Time Off (#)|approved|2026-11-02|2026-11-02|1|Migraine|People and Culture|Ada Brandt|refuse; cancel|
    |…|Ben Abara (#)|Sick Time Off (#)|approved|2026-10-14|2026-10-15|2|Cold|Sales|Hanna Okafor|refuse|
    |…|Emil Novak (#)|Sick Time Off (#)|approved|2026-09-22|2026-09-23|2|Flu|Workshop|Hanna Okafor|refuse|
    |…|Mara Quist (#)|Sick Time Off (#)|approved|2026-08-03|2026-08-03|1|Dentist|Workshop|Hanna Okafor|refuse|
    ");
}

#[tokio::test]
async fn allocations_are_another_list() {
    let emil = as_person("emil").await;
    let question = json!({"kind": "allocations", "date_to": "2026-12-31"});
    insta::assert_snapshot!(emil.read("read_time_off", question).await, @r"
    total: 3
    returned: 3
    link: https://odoo.example/odoo/hr.leave.allocation/{id}

    ## records
    |id|employee|type|state|from|to|days|reason|department|decided_by|
    |-|-|-|-|-|-|-|-|-|-|
    |…|Emil Novak (#)|Compensatory Days (#)|to_approve|2026-01-01|2026-12-31|2|Compensatory Days 2026|Workshop||
    |…|Emil Novak (#)|Extra Time Off (#)|approved|2026-01-01|2026-12-31|2|Extra Time Off 2026|Workshop|Ada Brandt|
    |…|Emil Novak (#)|Paid Time Off (#)|approved|2026-01-01|2026-12-31|20|Paid Time Off 2026|Workshop|Ada Brandt|
    ");
}

#[tokio::test]
async fn filters_narrow() {
    let ada = as_person("ada").await;
    let total = async |question: Value| {
        ada.ask("read_time_off", question).await["total"]
            .as_u64()
            .unwrap()
    };
    let all = total(json!({})).await;
    let mut by_state = 0;
    for state in [
        "to_approve",
        "second_approval",
        "approved",
        "refused",
        "cancelled",
    ] {
        let some = total(json!({"state": state})).await;
        assert!(some > 0, "{state}");
        by_state += some;
    }
    assert_eq!(by_state, all);
    let nordic = total(json!({"company_id": 2})).await;
    assert_eq!(nordic + total(json!({"company_id": 1})).await, all);
    let workshop = total(json!({"department": "workshop"})).await;
    assert!(nordic > 0 && workshop > 0 && workshop < all);
    let emil = total(json!({"employee": "emil"})).await;
    let now = total(json!({"date_from": "2026-11-18", "date_to": "2026-11-18"})).await;
    assert!(emil > 0 && emil < workshop && now == 2);
}

#[tokio::test]
async fn nobody_reads_the_reasons_of_others() {
    let company = Company::shared();
    for login in ["alice", "emil", "rosa"] {
        let actor = company.actor(login).await;
        for tool in ["read_time_off", "who_is_off"] {
            let question = if tool == "who_is_off" {
                json!({"date_from": "2026-01-01", "date_to": "2027-03-01", "limit": 200})
            } else {
                json!({"limit": 200})
            };
            let answer = actor.ask(tool, question).await.to_string();
            for reason in ["Migraine", "Honeymoon", "Dentist", "*****"] {
                assert!(!answer.contains(reason), "{login} {tool}: {reason}");
            }
        }
    }
}

#[tokio::test]
async fn an_employee_has_a_balance_now_and_later() {
    let emil = as_person("emil").await;
    insta::assert_snapshot!(emil.read("time_off_balance", json!({})).await, @r"
    employee: Emil Novak (#)
    as_of: 2026-11-18

    ## balances
    |type|unit|allocated|approved|requested|remaining|available|taken_this_year|planned|expiring|expires|
    |-|-|-|-|-|-|-|-|-|-|-|
    |Paid Time Off (#)|days|20|7|3|13|10|7|2|10|2026-12-31|
    |Extra Time Off (#)|days|2|0.5|0|1.5|1.5|0.5|0|1.5|2026-12-31|

    ## unlimited
    |type|unit|taken_this_year|planned|requested|
    |-|-|-|-|-|
    |Sick Time Off (#)|days|2|0|0|
    ");
    let later = json!({"as_of": "2027-01-15"});
    insta::assert_snapshot!(emil.read("time_off_balance", later).await, @r"
    employee: Emil Novak (#)
    as_of: 2026-11-18
    on: 2027-01-15

    ## balances
    |type|unit|allocated|approved|requested|remaining|available|expiring|expires|
    |-|-|-|-|-|-|-|-|-|
    |Paid Time Off (#)|days|20|7|3|13|10|10|2026-12-31|
    |Extra Time Off (#)|days|2|0.5|0|1.5|1.5|1.5|2026-12-31|

    ## balances_then
    |type|unit|allocated|approved|requested|remaining|available|expiring|expires|
    |-|-|-|-|-|-|-|-|-|
    |Paid Time Off (#)|days|20|2|0|18|18|18|2027-12-31|
    ");
}

#[tokio::test]
async fn a_balance_is_no_business_of_others() {
    let company = Company::shared();
    let question = json!({"employee": "Emil Novak"});
    let mut seen = BTreeSet::new();
    for login in ["tara", "hanna", "ada"] {
        seen.insert(
            company
                .actor(login)
                .await
                .ask("time_off_balance", question.clone())
                .await
                .to_string(),
        );
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
    let alice = company.actor("alice").await;
    insta::assert_snapshot!(alice.read("time_off_balance", question).await, @r"
    error: no_access
    message: the time off of Emil Novak is shown in Odoo to that person, to the approver and to time-off officers, and Alice Marchetti is none of them
    next_step: Ask one of them. This says nothing about how much there is; who_is_off shows approved absences to everybody.
    ");
    let rosa = company.actor("rosa").await;
    insta::assert_snapshot!(rosa.read("time_off_balance", json!({})).await, @r"
    error: not_found
    message: the Odoo user of Rosa Whitfield is not linked to an employee, so there is no time off of their own
    next_step: HR can link the user in the employee's record (field Related User). Questions about others still work.
    ");
    // Without an allocation it is none, not zero.
    let viktor = json!({"employee": "mikko", "as_of": "2030-01-01"});
    let ada = company.actor("ada").await;
    insta::assert_snapshot!(ada.read("time_off_balance", viktor).await, @r"
    employee: Mikko Lehto (#)
    as_of: 2026-11-18
    on: 2030-01-01
    note: No approved allocation holds on 2030-01-01 yet: it is not zero, but not granted.

    ## balances
    |type|unit|allocated|approved|requested|remaining|available|expiring|expires|
    |-|-|-|-|-|-|-|-|-|
    |Paid Time Off (#)|days|25|11|0|14|14|14|2026-12-31|
    ");
}

#[tokio::test]
async fn everybody_sees_who_is_off_and_public_holidays() {
    let rosa = as_person("rosa").await;
    insta::assert_snapshot!(rosa.read("who_is_off", json!({})).await, @r"
    from: 2026-11-18
    to: 2026-11-18
    total: 2
    returned: 2

    ## records
    |employee|department|from|to|duration|company|
    |-|-|-|-|-|-|
    |Mikko Lehto (#)|Turku Office|2026-11-11|2026-11-25|11 days|Larkspur Nordic (#)|
    |Clara Dupin (#)|Sales|2026-11-16|2026-11-27|10 days|Larkspur Instruments (#)|
    ");
    let holidays = json!({"date_from": "2026-12-21", "date_to": "2026-12-27"});
    insta::assert_snapshot!(rosa.read("who_is_off", holidays).await, @r"
    from: 2026-12-21
    to: 2026-12-27
    total: 1
    returned: 1

    ## public_holidays
    |name|from|to|company|
    |-|-|-|-|
    |Winter Closing|2026-12-24|2026-12-25|Larkspur Instruments (#)|
    |Winter Closing|2026-12-24|2026-12-25|Larkspur Nordic (#)|

    ## records
    |employee|department|from|to|duration|company|
    |-|-|-|-|-|-|
    |Yuki Tanabe (#)|Finance|2026-12-21|2026-12-25|3 days|Larkspur Instruments (#)|
    ");
}

#[tokio::test]
async fn who_is_off_is_asked_by_department_and_in_order_of_days() {
    let emil = as_person("emil").await;
    let workshop =
        json!({"date_from": "2026-10-01", "date_to": "2027-01-31", "department": "workshop"});
    insta::assert_snapshot!(emil.read("who_is_off", workshop).await, @r"
    from: 2026-10-01
    to: 2027-01-31
    total: 4
    returned: 4

    ## public_holidays
    |name|from|to|
    |-|-|-|
    |Winter Closing|2026-12-24|2026-12-25|

    ## records
    |employee|department|from|to|duration|time|
    |-|-|-|-|-|-|
    |Emil Novak (#)|Workshop|2026-10-23|2026-10-23|0.5 days|13:00-17:00|
    |Lucia Ferro (#)|Workshop|2026-10-27|2026-10-27|2:30 hours|13:00-15:30|
    |Tara Lindqvist (#)|Workshop|2026-11-26|2026-11-27|2 days||
    |Emil Novak (#)|Workshop|2027-01-04|2027-01-05|2 days||
    ");
    let swapped = json!({"date_from": "2026-12-02", "date_to": "2026-12-01"});
    insta::assert_snapshot!(emil.read("who_is_off", swapped).await, @r"
    error: invalid_arguments
    message: `date_to` (2026-12-01) lies before `date_from` (2026-12-02)
    next_step: Swap the two days.
    ");
}

#[tokio::test]
async fn pages_of_absences_and_requests_meet() {
    let ada = as_person("ada").await;
    for (tool, question) in [
        (
            "who_is_off",
            json!({"date_from": "2026-01-01", "date_to": "2027-03-01", "limit": 4}),
        ),
        ("read_time_off", json!({"limit": 7})),
        ("read_time_off", json!({"kind": "allocations", "limit": 9})),
    ] {
        let mut question = question.clone();
        let (mut seen, mut total) = (Vec::new(), 0);
        for _ in 0..50 {
            let page = ada.ask(tool, question.clone()).await;
            total = page["total"].as_u64().unwrap();
            seen.extend(
                page["records"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(Value::to_string),
            );
            let Some(next) = page.get("next_cursor") else {
                break;
            };
            question["cursor"] = next.clone();
        }
        assert!(total > 15, "{tool} {question}");
        assert_eq!(seen.len() as u64, total, "{tool} {question}");
        assert_eq!(
            seen.iter().collect::<BTreeSet<_>>().len(),
            seen.len(),
            "{tool}"
        );
    }
}

async fn asked_at(odoo: Odoo, moment: &str, question: Value) -> Value {
    let clock = Clock::fixed(moment.parse().unwrap());
    let user = UserSession::open(odoo, clock).await.unwrap();
    let arguments = question.as_object().unwrap().clone();
    let registry = Registry::standard();
    let outcome = actors::call(&registry, &user, "who_is_off", arguments)
        .await
        .unwrap();
    assert!(!outcome.is_error, "{}", outcome.text);
    outcome.structured
}

/// Whether it is today or tomorrow already is decided where the user is, and whose day it is by who is away.
#[tokio::test]
async fn today_is_where_the_user_is() {
    let company = Company::open().await;
    let ada = company.client("ada");
    // Half past ten in the evening of the 26th in New York, when it is the 27th in Europe.
    let new_york = asked_at(ada.clone(), "2026-11-27T03:30:00Z", json!({})).await;
    assert_eq!(new_york["from"], "2026-11-26");
    let zone = odoo_json2::Values::new().set("tz", "Asia/Tokyo");
    let uid = ada.context_get().await.unwrap().uid;
    ada.write("res.users", &[uid], &zone).await.unwrap();
    // One in the morning of the 28th in Tokyo, when it is the 27th in Europe.
    let tokyo = asked_at(ada.clone(), "2026-11-27T16:00:00Z", json!({})).await;
    assert_eq!(tokyo["from"], "2026-11-28");
    // Tara's leave ends on the 27th where she is, at one in the morning of the 28th in Tokyo.
    let names = |answer: &Value| -> Vec<String> {
        let list = answer["records"].as_array().unwrap();
        list.iter()
            .map(|entry| entry["employee"]["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(names(&new_york).contains(&"Tara Lindqvist".to_owned()));
    assert!(names(&tokyo).is_empty(), "{tokyo}");
    let friday = asked_at(
        ada,
        "2026-11-27T16:00:00Z",
        json!({"date_from": "2026-11-27", "limit": 1}),
    )
    .await;
    assert_eq!(names(&friday).len(), 1);
}
