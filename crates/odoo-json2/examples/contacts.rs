//! Creates a contact, changes it, attaches a file, reads everything back, and deletes it.
//!
//! ```sh
//! ODOO_URL=https://odoo.example.com ODOO_DATABASE=larkspur ODOO_API_KEY=… \
//!     cargo run -p odoo-json2 --example contacts
//! ```
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::env;

use odoo_json2::{Command, DateTime, Error, File, Odoo, Operation, Record, Ref, Values, field};

#[derive(Debug, Record)]
#[odoo(model = "res.partner")]
struct Contact {
    id: i64,
    name: String,
    email: Option<String>,
    create_date: DateTime,
    #[odoo(context(active_test = false))]
    category_id: Vec<Ref>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let odoo = Odoo::builder(&env::var("ODOO_URL")?)
        .database(env::var("ODOO_DATABASE")?)
        .api_key(env::var("ODOO_API_KEY")?)
        .build()?;
    if !odoo.has_access("res.partner", Operation::Create).await? {
        anyhow::bail!("the user of this key may not create contacts");
    }

    let label = Values::new().set("name", "odoo-json2 example");
    let values = Values::new()
        .set("name", "50% Larkspur_Example")
        .set("category_id", [Command::Create(label)]);
    let ids = odoo.create("res.partner", [values]).await?;
    let outcome = change_and_read(&odoo, &ids).await;
    odoo.unlink("res.partner", &ids).await?;
    let labels = field("name").eq("odoo-json2 example");
    let labels = odoo
        .search_ids("res.partner.category", labels, "", 10)
        .await?;
    odoo.unlink("res.partner.category", &labels).await?;
    outcome
}

async fn change_and_read(odoo: &Odoo, ids: &[i64]) -> anyhow::Result<()> {
    odoo.write(
        "res.partner",
        ids,
        &Values::new().set("email", "hello@larkspur.example"),
    )
    .await?;
    // `%` and `_` stand for themselves.
    let page = odoo
        .search::<Contact>(field("name").ilike("50% larkspur_"))
        .await?;
    for contact in &page.records {
        let Contact {
            id,
            name,
            email,
            category_id,
            ..
        } = contact;
        println!(
            "{id}: {name} <{}> {category_id:?}",
            email.as_deref().unwrap_or("no address")
        );
        let created = contact.create_date.in_tz("Europe/Rome")?;
        println!("created on {}", created.strftime("%A, %d %B %Y, %H:%M %Z"));
    }
    attach_and_fetch(odoo, ids.first().copied().unwrap_or_default()).await?;
    match odoo.read_one::<Contact>(i64::from(i32::MAX)).await {
        Err(Error::Missing { message }) => println!("as expected, missing: {message}"),
        other => anyhow::bail!("expected a missing record, got {other:?}"),
    }
    Ok(())
}

async fn attach_and_fetch(odoo: &Odoo, id: i64) -> anyhow::Result<()> {
    let note = File {
        name: "note.txt".to_owned(),
        mimetype: "text/plain".to_owned(),
        bytes: "Grüße".into(),
    };
    let attachment = odoo.attach("res.partner", id, &note).await?;
    println!("{:?}", odoo.attachments("res.partner", id).await?);
    let same = odoo.download(attachment).await? == note;
    println!(
        "{} of {} comes back as it went: {same}",
        note.name,
        note.bytes.len()
    );
    Ok(())
}
