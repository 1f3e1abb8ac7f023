//! The contract suite on the sandbox, compared with what a real Odoo answered.

mod books;
mod rmcp_client;
mod sign_in_page;

use std::collections::BTreeMap;

use journeys::{
    Golden, Observations, Target, check_figures, differences, observe_contract, observe_tools,
};
use odoo_sandbox::Sandbox;
use secrecy::SecretString;

/// A sandbox with the demo company of the recorded day, and keys for its six people.
async fn sandbox(golden: &Golden) -> anyhow::Result<(Sandbox, Target)> {
    let sandbox = Sandbox::builder()
        .community()
        .today(golden.anchor)
        .start()
        .await?;
    let keys: BTreeMap<String, SecretString> = sandbox
        .people()
        .iter()
        .map(|person| (person.login.clone(), sandbox.mint_key(&person.login).into()))
        .collect();
    let target = Target::new(sandbox.url(), sandbox.database(), golden.anchor, keys)?;
    Ok((sandbox, target))
}

fn assert_same(real: &Observations, sandbox: &Observations) {
    let found = differences(real, sandbox);
    assert!(
        found.is_empty(),
        "the sandbox differs from the real Odoo in {} places:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[tokio::test]
async fn the_sandbox_answers_like_a_real_odoo() -> anyhow::Result<()> {
    let golden = Golden::read("contract")?;
    let (_running, target) = sandbox(&golden).await?;
    let observed = observe_contract(&target, None).await?;
    assert_same(&golden.observations, &observed);
    Ok(())
}

#[tokio::test]
async fn the_tools_answer_on_the_sandbox_like_on_a_real_odoo() -> anyhow::Result<()> {
    let golden = Golden::read("tools")?;
    let (_running, target) = sandbox(&golden).await?;
    let observed = observe_tools(&target, None).await?;
    assert_same(&golden.observations, &observed);
    Ok(())
}

#[tokio::test]
async fn the_tools_figures_are_those_of_the_records() -> anyhow::Result<()> {
    let golden = Golden::read("contract")?;
    let (_running, target) = sandbox(&golden).await?;
    let figures = check_figures(&target).await?;
    assert!(figures.differences.is_empty(), "{:#?}", figures.differences);
    assert!(
        figures.compared > 100,
        "only {} were compared",
        figures.compared
    );
    Ok(())
}
