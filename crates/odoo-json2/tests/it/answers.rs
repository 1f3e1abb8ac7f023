//! Pages, counts and lists as they come back.

use odoo_json2::{Domain, Error, Operation, Page, Record, Ref, field};
use serde_json::json;

use crate::fake::{Answer, FakeOdoo};

#[derive(Debug, PartialEq, Record)]
#[odoo(model = "project.project")]
struct Project {
    id: i64,
    name: String,
}

fn found(length: usize, ids: std::ops::Range<usize>) -> Answer {
    let records = ids.map(|id| json!({"id": id, "name": format!("Project {id}")}));
    Answer::json(json!({"length": length, "records": records.collect::<Vec<_>>()}))
}

async fn page(answer: Answer, offset: usize, count_limit: usize) -> Page<Project> {
    let alice = FakeOdoo::answering([answer]).alice();
    let search = alice
        .search::<Project>(Domain::all())
        .limit(5)
        .offset(offset);
    search.count_limit(count_limit).await.unwrap()
}

#[tokio::test]
async fn a_page_knows_how_many_there_are() {
    let first = page(found(12, 0..5), 0, 100).await;
    assert_eq!(
        (first.total, first.total_is_capped, first.has_more()),
        (12, false, true)
    );
    let last = page(found(12, 0..2), 10, 100).await;
    assert_eq!((last.total, last.offset, last.has_more()), (12, 10, false));
    let capped = page(found(101, 0..5), 0, 100).await;
    assert_eq!(
        (capped.total, capped.total_is_capped, capped.has_more()),
        (100, true, true)
    );
    let exact = page(found(100, 0..5), 0, 100).await;
    assert_eq!((exact.total, exact.total_is_capped), (100, false));
    let names = first.map(|project| project.name);
    assert_eq!((names.records[4].as_str(), names.total), ("Project 4", 12));
}

#[tokio::test]
async fn reading_nothing_asks_nothing() {
    let fake = FakeOdoo::default();
    assert_eq!(fake.alice().read::<Project>(&[]).await, Ok(Vec::new()));
    assert_eq!(fake.count(), 0);
}

#[tokio::test]
async fn a_record_that_is_not_there_is_missing() {
    let alice = FakeOdoo::answering([Answer::json(json!([]))]).alice();
    let missing = alice.read_one::<Project>(7).await;
    assert_eq!(
        missing,
        Err(Error::Missing {
            message: "project.project 7".to_owned()
        })
    );
}

#[tokio::test]
async fn a_record_of_ids_still_asks_for_a_name() {
    #[derive(Debug, PartialEq, Record)]
    #[odoo(model = "project.project")]
    struct Id {
        id: i64,
    }
    let fake = FakeOdoo::answering([Answer::json(json!([{"id": 7, "display_name": "x"}]))]);
    assert_eq!(fake.alice().read::<Id>(&[7]).await, Ok(vec![Id { id: 7 }]));
    let body = &fake.only_call()["body"];
    assert_eq!(
        body["specification"],
        json!({"display_name": {}}),
        "or Odoo invents the record"
    );
    assert_eq!(body["ids"], json!([7]));
}

#[tokio::test]
async fn counts_ids_and_names() {
    let fake = FakeOdoo::answering([Answer::json(json!(41))]);
    assert_eq!(
        fake.alice()
            .count_up_to("res.partner", Domain::all(), 41)
            .await,
        Ok(41)
    );
    assert_eq!(fake.only_call()["body"]["limit"], 41);

    let fake = FakeOdoo::answering([Answer::json(json!([3, 1]))]);
    let ids = fake
        .alice()
        .search_ids("res.partner", Domain::all(), "id desc", 2)
        .await;
    assert_eq!(ids, Ok(vec![3, 1]));

    let fake = FakeOdoo::answering([Answer::json(json!([[3, "Larkspur"]]))]);
    let names = fake
        .alice()
        .name_search("res.partner", "lark")
        .limit(8)
        .domain(field("id").gt(1));
    assert_eq!(
        names.await,
        Ok(vec![Ref {
            id: 3,
            name: "Larkspur".to_owned()
        }])
    );
    let body = &fake.only_call()["body"];
    assert_eq!(
        (&body["name"], &body["limit"], &body["domain"]),
        (&json!("lark"), &json!(8), &json!([["id", ">", 1]]))
    );
}

#[tokio::test]
async fn rights_and_models() {
    let fake = FakeOdoo::answering([Answer::json(json!(true))]);
    assert_eq!(
        fake.alice()
            .has_access("res.partner", Operation::Unlink)
            .await,
        Ok(true)
    );
    assert_eq!(fake.only_call()["body"]["operation"], "unlink");

    let models = json!([{"model": "res.partner", "display_name": "Contact"}]);
    let alice = FakeOdoo::answering([Answer::json(models)]).alice();
    assert!(
        alice
            .available_models()
            .await
            .unwrap()
            .contains("res.partner")
    );
}

#[tokio::test]
async fn descriptions_of_fields() {
    let fields = json!({
        "state": {"type": "selection", "string": "State", "selection": [["a", "A"], [1, "odd"]]},
        "partner_id": {"type": "many2one", "relation": "res.partner", "help": false, "store": true},
    });
    let alice = FakeOdoo::answering([Answer::json(fields)]).alice();
    let fields = alice
        .fields_get("account.move", &["type", "selection"])
        .await
        .unwrap();
    assert_eq!(
        fields["state"].selection,
        [("a".to_owned(), "A".to_owned())]
    );
    assert_eq!(
        fields["partner_id"].relation.as_deref(),
        Some("res.partner")
    );
    assert!(fields["partner_id"].store && fields["partner_id"].help.is_none());
}

#[tokio::test]
async fn the_version_needs_nobody() {
    let version = json!({"version_info": [19, 0, 0, "final", 0, ""], "version": "19.0"});
    let fake = FakeOdoo::answering([Answer::json(version)]);
    let version = fake.alice().server_version().await.unwrap();
    assert_eq!(
        (version.version.as_str(), version.major, version.minor),
        ("19.0", 19, 0)
    );
    assert!(
        !fake.requests()[0].headers().contains_key("authorization"),
        "nobody asked for it"
    );
    let alice = FakeOdoo::answering([Answer::html(200, "<html>")]).alice();
    assert!(matches!(
        alice.server_version().await,
        Err(Error::NotOdoo { .. })
    ));
}

#[tokio::test]
async fn the_profile_does_without_employees() {
    let company = json!({"id": 1, "display_name": "Larkspur", "currency_id": {"id": 1, "display_name": "USD"}});
    let user = json!({"id": 5, "login": "alice", "name": "Alice", "email": false, "lang": "en_US",
        "tz": false, "company_id": company, "company_ids": [company], "share": false});
    let fake = FakeOdoo::answering([
        Answer::json(json!({"uid": 5, "lang": "en_US", "tz": false})),
        Answer::exception(
            500,
            "builtins.ValueError",
            "Invalid field 'employee_id' on 'res.users'",
        ),
        Answer::json(json!([user])),
    ]);
    let profile = fake.alice().profile().await.unwrap();
    assert_eq!(
        (profile.uid, profile.login.as_str(), profile.tz),
        (5, "alice", None)
    );
    assert_eq!(profile.companies[0].currency.as_ref().unwrap().name, "USD");
    assert_eq!(profile.employee, None);
    assert_eq!(fake.count(), 3);
}
