//! Signs in with a password (and a code, where one is asked for), makes an API key that lives for a
//! day, says whose it is, and removes it again.
//!
//! ```sh
//! ODOO_URL=https://odoo.example.com ODOO_DATABASE=larkspur ODOO_LOGIN=alice ODOO_PASSWORD=… \
//!     cargo run -p odoo-json2 --example sign_in
//! ```
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::{env, io};

use odoo_json2::{Odoo, SecretString, SignIn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let odoo = Odoo::builder(&env::var("ODOO_URL")?)
        .database(env::var("ODOO_DATABASE")?)
        .build()?;
    let version = odoo.server_version().await?;
    println!("Odoo {} at {}", version.version, odoo.base_url());

    let password = SecretString::from(env::var("ODOO_PASSWORD")?);
    let session = match odoo
        .sign_in(&env::var("ODOO_LOGIN")?, password.clone())
        .await?
    {
        SignIn::Complete(session) => session,
        SignIn::Totp(mut challenge) => {
            println!("The code of your authenticator:");
            let mut code = String::new();
            io::stdin().read_line(&mut code)?;
            challenge.verify(&code).await?
        }
    };
    let minted = session.mint_key("odoo-json2 example", 1).await?;
    println!(
        "{} has a new key for {} day(s)",
        session.name(),
        minted.days
    );
    session.close().await;

    show_and_remove(&odoo.with_key(minted.key), &password).await
}

async fn show_and_remove(odoo: &Odoo, password: &SecretString) -> anyhow::Result<()> {
    let profile = odoo.profile().await?;
    println!(
        "{} <{}>, {}",
        profile.name, profile.login, profile.company.name
    );
    for key in odoo.own_keys().await? {
        let until = key.expiration_date.map(|date| date.to_string());
        println!(
            "key {}: {}, until {}",
            key.id,
            key.name,
            until.as_deref().unwrap_or("ever")
        );
        if key.name == "odoo-json2 example" {
            odoo.remove_key(key.id, password).await?;
            println!("removed");
            break;
        }
    }
    Ok(())
}
