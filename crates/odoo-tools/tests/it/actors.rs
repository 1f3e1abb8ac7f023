//! The people of the demo company at work, each over a connection of their own.

use std::sync::{Arc, LazyLock, mpsc};
use std::thread;

use jiff::civil::date;
use odoo_json2::{Clock, Odoo};
use odoo_sandbox::Sandbox;
use odoo_tools::{Access, Outcome, Refusal, Registry, UserSession};
use serde_json::{Map, Value};
use tokio::runtime;

use crate::promised;

/// An Odoo with the demo company, on a Wednesday noon.
#[derive(Clone)]
pub(crate) struct Company {
    pub(crate) sandbox: Arc<Sandbox>,
    registry: Registry,
    clock: Clock,
}

/// The company of all tests that only read and do not count: filling one in takes longer than most
/// tests. It runs on a runtime of its own, because that of a test ends with the test.
static SHARED: LazyLock<Company> = LazyLock::new(|| {
    let (sender, opened) = mpsc::channel();
    thread::spawn(move || {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            sender.send(Company::open().await).unwrap();
            std::future::pending::<()>().await;
        });
    });
    opened.recv().unwrap()
});

/// Somebody with a session.
pub(crate) struct Actor {
    pub(crate) user: UserSession,
    registry: Registry,
}

impl Company {
    /// The one that tests share.
    pub(crate) fn shared() -> Self {
        SHARED.clone()
    }

    /// One of its own, for a test that counts calls or lets things fail.
    pub(crate) async fn open() -> Self {
        Self::with_invoices(0).await
    }

    /// One of its own with so many invoices more.
    pub(crate) async fn with_invoices(further: usize) -> Self {
        let clock = crate::scripted::noon();
        let builder = Sandbox::builder()
            .today(date(2026, 11, 18))
            .further_invoices(further);
        let sandbox = Arc::new(builder.start().await.unwrap());
        Self {
            sandbox,
            registry: Registry::standard(),
            clock,
        }
    }

    /// A client of this Odoo with a new key of the person.
    pub(crate) fn client(&self, login: &str) -> Odoo {
        Odoo::builder(self.sandbox.url())
            .database(self.sandbox.database())
            .api_key(self.sandbox.mint_key(login))
            .build()
            .unwrap()
    }

    pub(crate) async fn actor(&self, login: &str) -> Actor {
        let user = UserSession::open(self.client(login), self.clock.clone())
            .await
            .unwrap();
        // Ports change from run to run.
        let user = user.with_web_url("https://odoo.example".parse().unwrap());
        Actor {
            user,
            registry: self.registry.clone(),
        }
    }
}

/// One person, when nothing else of the company is needed.
pub(crate) async fn as_person(login: &str) -> Actor {
    Company::shared().actor(login).await
}

impl Actor {
    /// Calls a tool over a connection that may do everything.
    pub(crate) async fn try_call(&self, tool: &str, arguments: Value) -> Result<Outcome, Refusal> {
        let arguments: Map<String, Value> = serde_json::from_value(arguments).unwrap();
        call(&self.registry, &self.user, tool, arguments).await
    }

    /// The outcome of a call, where the connection stands.
    pub(crate) async fn call(&self, tool: &str, arguments: Value) -> Outcome {
        self.try_call(tool, arguments).await.unwrap()
    }

    /// The structured answer of a call that succeeds.
    pub(crate) async fn ask(&self, tool: &str, arguments: Value) -> Value {
        let outcome = self.call(tool, arguments).await;
        assert!(!outcome.is_error, "{}", outcome.text);
        outcome.structured
    }

    /// The text of a call, whether it succeeds or not, for a snapshot: without ids.
    pub(crate) async fn read(&self, tool: &str, arguments: Value) -> String {
        without_ids(&self.call(tool, arguments).await.text)
    }

    /// The names of the tools that this person is shown.
    pub(crate) fn tools(&self) -> Vec<&'static str> {
        let visible = self.registry.visible_to(&self.user, &Access::ALL);
        visible.iter().map(|spec| spec.name).collect()
    }
}

/// Calls a tool over a connection that may do everything, and holds what it answers to its schema.
pub(crate) async fn call(
    registry: &Registry,
    user: &UserSession,
    tool: &str,
    arguments: Map<String, Value>,
) -> Result<Outcome, Refusal> {
    let outcome = registry.call(user, &Access::ALL, tool, arguments).await?;
    promised::check(registry, tool, &outcome);
    Ok(outcome)
}

/// Ids depend on the order in which the demo company is filled in; snapshots shall not.
fn without_ids(text: &str) -> String {
    let line = |line: &str| {
        let mut shown = String::new();
        for part in line.split_inclusive("(#") {
            shown += part
                .trim_start_matches(|digit: char| digit.is_ascii_digit() && shown.ends_with("(#"));
        }
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match shown.strip_prefix('|').and_then(|row| row.split_once('|')) {
            Some((id, rest)) if digits(id) => format!("|…|{rest}\n"),
            _ if shown.starts_with("id: ") => "id: …\n".to_owned(),
            _ if shown.starts_with("next_cursor: ") => "next_cursor: …\n".to_owned(),
            _ if shown.starts_with("link: ") && !shown.ends_with("{id}") => {
                format!("{}/…\n", shown.rsplit_once('/').unwrap().0)
            }
            _ => shown + "\n",
        }
    };
    text.lines().map(line).collect()
}
