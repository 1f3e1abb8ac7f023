//! `cargo xtask e2e`: seeds a running Odoo 19 with the demo company, puts the contract suite and the tool
//! journeys to it and to a sandbox of the same day, and shows where they differ.
//!
//! What differs is a mistake of the sandbox. With `--record` the real answers become the golden files that
//! plain `cargo test` compares the sandbox with.

mod seed;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::Duration;

use anyhow::Context as _;
use jiff::civil::Date;
use journeys::{
    Golden, Observations, Target, check_figures, differences, observe_contract, observe_tools,
    only_database,
};
use odoo_json2::{Clock, Odoo, SecretString, SignIn};
use odoo_sandbox::Sandbox;

use crate::flags::E2e;

/// How often a starting Odoo is asked whether it is up, a second apart.
const PATIENCE: usize = 180;

/// Name of the key that is made for seeding when a password is given.
const KEY_NAME: &str = "odoo-mcp e2e seeding";

/// Runs the command; fails when the sandbox differs from the real Odoo.
pub(crate) fn run(flags: &E2e) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(end_to_end(flags))
}

async fn end_to_end(flags: &E2e) -> anyhow::Result<()> {
    let odoo = connect(flags).await?;
    let database = odoo.database().to_owned();
    let today = Clock::system().today_in("UTC");
    say(&format!("seeding {} (database {database})", flags.odoo))?;
    let seeded = seed::seed(&odoo, today).await?;
    say(&format!(
        "the demo company stands there; its day is {}",
        seeded.anchor
    ))?;
    let real = Target::new(&flags.odoo, &database, seeded.anchor, seeded.keys)?;
    let only = flags.only.as_deref();
    // The tools first: they only read, so that they find the demo company as it was seeded.
    let tools = observe_tools(&real, only).await?;
    let figures = check_figures(&real).await?;
    for difference in &figures.differences {
        say(difference)?;
    }
    anyhow::ensure!(
        figures.differences.is_empty(),
        "{} of {} figures are not those of the records: mend the tools",
        figures.differences.len(),
        figures.compared
    );
    say(&format!(
        "{} figures of the tools are those of the records",
        figures.compared
    ))?;
    let contract = observe_contract(&real, only).await?;
    if flags.record {
        anyhow::ensure!(
            only.is_none(),
            "--record needs the whole suite: leave out --only"
        );
        record("contract", seeded.anchor, &contract)?;
        record("tools", seeded.anchor, &tools)?;
    }
    compare(seeded.anchor, only, &contract, &tools).await
}

fn record(suite: &str, anchor: Date, observations: &Observations) -> anyhow::Result<()> {
    let golden = Golden {
        anchor,
        observations: observations.clone(),
    };
    golden.write(suite)?;
    let cases: usize = observations.values().map(BTreeMap::len).sum();
    say(&format!("recorded {cases} answers of the suite `{suite}`"))
}

/// The same questions to a sandbox of the same day.
async fn compare(
    anchor: Date,
    only: Option<&str>,
    contract: &Observations,
    tools: &Observations,
) -> anyhow::Result<()> {
    let sandbox = Sandbox::builder().community().today(anchor).start().await?;
    let keys = sandbox.people().iter().map(|person| {
        (
            person.login.clone(),
            SecretString::from(sandbox.mint_key(&person.login)),
        )
    });
    let target = Target::new(sandbox.url(), sandbox.database(), anchor, keys.collect())?;
    let mut found = differences(tools, &observe_tools(&target, only).await?);
    found.extend(differences(
        contract,
        &observe_contract(&target, only).await?,
    ));
    for difference in &found {
        say(difference)?;
    }
    let cases: usize = contract
        .values()
        .chain(tools.values())
        .map(BTreeMap::len)
        .sum();
    anyhow::ensure!(
        found.is_empty(),
        "the sandbox differs from the real Odoo in {} places ({cases} cases): mend the sandbox",
        found.len()
    );
    say(&format!(
        "{cases} cases: the sandbox answers like the real Odoo"
    ))
}

/// A client with an administrator's key, as soon as Odoo is up.
async fn connect(flags: &E2e) -> anyhow::Result<Odoo> {
    // Asking for the version needs no database, so that any name will do until the right one is known.
    let name = flags.database.as_deref().unwrap_or("unknown");
    wait_until_up(&Odoo::builder(&flags.odoo).database(name).build()?).await?;
    let database = match &flags.database {
        Some(database) => database.clone(),
        None => only_database(&flags.odoo).await?,
    };
    let odoo = Odoo::builder(&flags.odoo).database(database).build()?;
    Ok(odoo.with_key(administrator_key(flags, &odoo).await?))
}

async fn wait_until_up(odoo: &Odoo) -> anyhow::Result<()> {
    for _ in 0..PATIENCE {
        match odoo.server_version().await {
            Ok(version) => {
                anyhow::ensure!(
                    version.major == 19,
                    "this is Odoo {}; the demo company is for Odoo 19",
                    version.version
                );
                return Ok(());
            }
            Err(error) if error.is_unavailable() => {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    anyhow::bail!(
        "{} did not answer within {PATIENCE} seconds",
        odoo.base_url()
    )
}

async fn administrator_key(flags: &E2e, odoo: &Odoo) -> anyhow::Result<SecretString> {
    if let Some(path) = &flags.admin_key_file {
        let key =
            std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        return Ok(key.trim().to_owned().into());
    }
    let login = flags.admin_login.as_deref().unwrap_or("admin");
    let password = flags
        .admin_password
        .clone()
        .unwrap_or_else(|| "admin".to_owned());
    let session = match odoo.sign_in(login, password.into()).await? {
        SignIn::Complete(session) => session,
        SignIn::Totp(_) => anyhow::bail!("{login} has two-factor authentication: use a key file"),
    };
    for key in session.own_keys().await? {
        if key.name == KEY_NAME {
            session.remove_key(key.id).await?;
        }
    }
    let minted = session.mint_key(KEY_NAME, 1).await?;
    session.close().await;
    Ok(minted.key)
}

fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").context("writing to the terminal")
}
