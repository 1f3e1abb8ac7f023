//! Creating, changing, deleting, attaching.

use odoo_json2::{Command, DateTime, Error, File, Ref, Values};
use serde_json::json;

use crate::fake::{Answer, FakeOdoo};

#[tokio::test]
async fn records_are_created_in_one_call() {
    let fake = FakeOdoo::answering([Answer::json(json!([84, 85]))]);
    let deadline: DateTime = "2026-12-15 17:00:00".parse().unwrap();
    let task = Values::new()
        .set("name", "Call Larkspur")
        .set("date_deadline", deadline)
        .set(
            "project_id",
            Ref {
                id: 9,
                name: "Lab".to_owned(),
            },
        )
        .set("parent_id", None::<i64>)
        .set_some("priority", None::<&str>);
    let ids = fake
        .alice()
        .create("project.task", [task, Values::new()])
        .await;
    assert_eq!(ids, Ok(vec![84, 85]));
    let sent = json!({
        "name": "Call Larkspur",
        "date_deadline": "2026-12-15 17:00:00",
        "project_id": 9,
        "parent_id": false,
    });
    assert_eq!(fake.only_call()["body"]["vals_list"], json!([sent, {}]));
}

#[tokio::test]
async fn binary_fields_travel_as_base64() {
    let fake = FakeOdoo::answering([Answer::json(json!([84]))]);
    let picture = Values::new()
        .set("name", "Emil")
        .set_binary("image_1920", vec![0, 159, 146, 150].into());
    let nested = Values::new().set("child_ids", [Command::Create(picture.clone())]);
    assert!(!Values::new().set_binary("raw", vec![].into()).is_empty());
    let ids = fake.alice().create("res.partner", [picture, nested]).await;
    assert_eq!(ids, Ok(vec![84]));
    let sent = json!({"name": "Emil", "image_1920": "AJ+Slg=="});
    assert_eq!(
        fake.only_call()["body"]["vals_list"],
        json!([sent, {"child_ids": [[0, 0, sent]]}])
    );
}

#[test]
fn commands_are_the_triples_of_odoos_orm() {
    let commands = vec![
        Command::Create(Values::new().set("name", "new")),
        Command::Update(1, Values::new().set("name", "changed")),
        Command::Delete(2),
        Command::Unlink(3),
        Command::Link(4),
        Command::Clear,
        Command::Set(vec![5, 6]),
    ];
    let triples = json!([
        [0, 0, {"name": "new"}], [1, 1, {"name": "changed"}], [2, 2, 0], [3, 3, 0], [4, 4, 0],
        [5, 0, 0], [6, 0, [5, 6]],
    ]);
    let values = Values::new().set("tag_ids", commands);
    assert_eq!(values.as_map()["tag_ids"], triples);
}

#[tokio::test]
async fn records_are_changed_and_deleted() {
    let fake = FakeOdoo::answering([Answer::json(json!(true))]);
    let values = Values::new().set("state", "1_done");
    fake.alice()
        .write("project.task", &[84], &values)
        .await
        .unwrap();
    let call = fake.only_call();
    assert_eq!(call["path"], "/json/2/project.task/write");
    assert_eq!(
        (&call["body"]["ids"], &call["body"]["vals"]),
        (&json!([84]), &json!({"state": "1_done"}))
    );

    let fake = FakeOdoo::answering([Answer::json(json!(true))]);
    fake.alice().unlink("project.task", &[84]).await.unwrap();
    assert_eq!(fake.only_call()["path"], "/json/2/project.task/unlink");
}

#[tokio::test]
async fn nothing_to_do_asks_nothing() {
    let fake = FakeOdoo::default();
    let alice = fake.alice();
    alice.create("project.task", []).await.unwrap();
    alice
        .write("project.task", &[], &Values::new())
        .await
        .unwrap();
    alice.unlink("project.task", &[]).await.unwrap();
    assert_eq!(fake.count(), 0);
}

#[tokio::test]
async fn a_file_goes_up_and_comes_down() {
    let file = File {
        name: "bill.pdf".to_owned(),
        mimetype: "application/pdf".to_owned(),
        bytes: vec![0, 159, 146, 150].into(),
    };
    let fake = FakeOdoo::answering([Answer::json(json!([1180])), Answer::json(json!(null))]);
    let id = fake
        .alice()
        .attach("account.move", 59, &file)
        .await
        .unwrap();
    fake.alice().set_main_attachment(id).await.unwrap();
    let sent: serde_json::Value = serde_json::from_slice(fake.requests()[0].body()).unwrap();
    let sent = &sent["vals_list"][0];
    assert_eq!(
        (&sent["res_model"], &sent["res_id"]),
        (&json!("account.move"), &json!(59))
    );
    assert_eq!(
        fake.requests()[1].uri().path(),
        "/json/2/ir.attachment/register_as_main_attachment"
    );

    let stored = json!([{"id": id, "name": "bill.pdf", "mimetype": "application/pdf", "datas": sent["datas"]}]);
    let alice = FakeOdoo::answering([Answer::json(stored)]).alice();
    assert_eq!(alice.download(id).await, Ok(file));
    let alice = FakeOdoo::answering([Answer::json(json!([]))]).alice();
    assert!(matches!(
        alice.download(id).await,
        Err(Error::Missing { .. })
    ));
}
