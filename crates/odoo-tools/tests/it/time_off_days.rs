//! The days of time off: on which somebody is away, until when days hold, and leave by the hour.

use serde_json::{Value, json};

use crate::actors::Company;
use crate::records::{create, found, write};

/// Emil was on sick leave for two days in September, and works from elsewhere since.
#[tokio::test]
async fn days_off_stay_when_somebody_moves_to_another_time_zone() {
    for zone in ["Asia/Tokyo", "America/Los_Angeles", "Europe/Prague"] {
        let company = Company::open().await;
        let ada = company.client("ada");
        let emil = found(
            &ada,
            "resource.resource",
            json!([["name", "=", "Emil Novak"]]),
        )
        .await;
        write(&ada, "resource.resource", &emil, json!({"tz": zone})).await;
        // Emil reads his own request, Hanna everybody's, and Alice only the absence.
        for login in ["emil", "hanna", "alice"] {
            let actor = company.actor(login).await;
            let question = json!({"date_from": "2026-09-20", "date_to": "2026-09-26"});
            let away = actor.ask("who_is_off", question).await;
            let records = away["records"].as_array().unwrap().iter();
            let own = records.filter(|record| record["employee"]["name"] == "Emil Novak");
            let days: Vec<_> = own.map(|record| (&record["from"], &record["to"])).collect();
            let expected = (&json!("2026-09-22"), &json!("2026-09-23"));
            assert_eq!(days, [expected], "{login}, {zone}");
            let question = json!({"date_from": "2026-09-24"});
            let after = actor.ask("who_is_off", question).await;
            assert!(
                !after.to_string().contains("Emil"),
                "{login}, {zone}: {after}"
            );
        }
    }
}

/// A language writes days as its administrator says, the day first in most.
#[tokio::test]
async fn the_day_on_which_days_expire_is_the_same_in_every_format() {
    let company = Company::open().await;
    let ada = company.client("ada");
    let question = json!({});
    let before = company
        .actor("emil")
        .await
        .ask("time_off_balance", question.clone())
        .await;
    let ends = |answer: &Value| -> Vec<Value> {
        let balances = answer["balances"].as_array().unwrap().iter();
        balances.map(|balance| balance["expires"].clone()).collect()
    };
    assert!(ends(&before).iter().any(Value::is_string), "{before}");
    let english = found(&ada, "res.lang", json!([["code", "=", "en_US"]])).await;
    for format in ["%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %b %Y"] {
        write(&ada, "res.lang", &english, json!({"date_format": format})).await;
        let emil = company.actor("emil").await;
        let answer = emil.ask("time_off_balance", question.clone()).await;
        assert_eq!(ends(&answer), ends(&before), "{format}");
    }
}

/// A whole day of a type that is taken by hours.
#[tokio::test]
async fn leave_by_the_hour_without_hours_shows_none() {
    let company = Company::open().await;
    let ada = company.client("ada");
    let hourly = found(&ada, "hr.leave.type", json!([["name", "=", "Extra Hours"]])).await;
    let emil = company.actor("emil").await;
    let own = emil.user.profile().employee.as_ref().unwrap().id;
    let request = json!({"employee_id": own, "holiday_status_id": hourly[0],
        "request_date_from": "2026-11-24", "request_date_to": "2026-11-24",
        "request_unit_hours": true});
    create(&company.client("emil"), "hr.leave", request).await;
    let question =
        json!({"type": "Extra Hours", "date_from": "2026-11-24", "date_to": "2026-11-24"});
    let page = emil.ask("read_time_off", question).await;
    let entry = &page["records"][0];
    assert_eq!(entry.get("time"), None, "{entry}");
    assert_eq!(entry["from"], "2026-11-24");
}
