//! Starting a sandbox, and what tests and demos do with a running one.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, atomic::Ordering},
    time::Instant,
};

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use serde_json::json;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    base::{self, apikey, secret},
    demo,
    engine::{
        env::{Env, SUPERUSER},
        error::OdooError,
        registry::Registry,
        store::Database,
    },
    http::{fault::Fault, server},
    load::crowd,
    models::{self, Edition},
    state::{Clock, Manners, RecordedCall, State, lock},
};

/// The name of the database.
pub(crate) const DATABASE: &str = demo::DATABASE;

/// Why a sandbox does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken, or not one of this machine.
    #[error(
        "cannot listen on {address}: {source}; choose another address, port 0 for any free port"
    )]
    Listen {
        /// The address that was asked for.
        address: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The declarations of the models contradict each other.
    #[error("the models are declared wrongly: {0}")]
    Declarations(String),
    /// The demo company could not be filled in.
    #[error("the demo company cannot be loaded: {0}")]
    Load(String),
    /// A one-time code was asked for a login that nobody has.
    #[error("nobody signs in as \"{0}\"")]
    UnknownLogin(String),
}

impl From<OdooError> for StartError {
    fn from(error: OdooError) -> Self {
        Self::Load(error.message)
    }
}

/// Somebody of the demo company who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
    /// The full name.
    pub name: String,
    /// The role, for people to read: "accountant".
    pub role: String,
    /// The id of the user (`res.users`).
    pub uid: i64,
}

/// How a sandbox is to be.
#[must_use]
pub struct SandboxBuilder {
    listen: String,
    clock: Clock,
    totp: Vec<(String, String)>,
    manners: Manners,
    edition: Edition,
    further_invoices: usize,
}

impl SandboxBuilder {
    /// Where to listen; a free port of the loopback interface if not said.
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.listen = address.into();
        self
    }

    /// Lets time begin on that day, at noon UTC, and go on from there.
    pub fn today(self, day: Date) -> Self {
        let start = Instant::now();
        let noon = day
            .to_datetime(Time::constant(12, 0, 0, 0))
            .to_zoned(TimeZone::UTC);
        let noon = noon.map_or(Timestamp::UNIX_EPOCH, |noon| noon.timestamp());
        self.clock(move || {
            let passed = SignedDuration::try_from(start.elapsed()).unwrap_or_default();
            noon.checked_add(passed).unwrap_or(noon)
        })
    }

    /// Takes the time from a function; the system's clock if not said.
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Turns on two-factor authentication for a person; the secret is base 32.
    pub fn totp(mut self, login: impl Into<String>, secret: impl Into<String>) -> Self {
        self.totp.push((login.into(), secret.into()));
        self
    }

    /// Whether five failed sign-ins put an address on cooldown for a minute, as in Odoo; on if not said.
    pub fn login_cooldown(mut self, on: bool) -> Self {
        self.manners.cooldown = on;
        self
    }

    /// Pretends that there are several databases, so that every request must name this one.
    pub fn several_databases(mut self, several: bool) -> Self {
        self.manners.several_databases = several;
        self
    }

    /// Without the applications that only Odoo Enterprise has (payroll, bank synchronisation): their models do not
    /// exist, as on an Odoo Community. With them if not said.
    pub fn community(mut self) -> Self {
        self.edition = Edition::Community;
        self
    }

    /// Adds so many posted invoices and bills to the demo company, in both companies, some of them paid, over most of
    /// a year: for tests of what is too much for one answer. 10,000 take a few seconds.
    pub fn further_invoices(mut self, number: usize) -> Self {
        self.further_invoices = number;
        self
    }

    /// Loads the demo company and begins to listen.
    ///
    /// # Errors
    /// If the address cannot be listened on, or a login of [`Self::totp`] is unknown.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let listener =
            TcpListener::bind(&self.listen)
                .await
                .map_err(|source| StartError::Listen {
                    address: self.listen.clone(),
                    source,
                })?;
        let address = listener.local_addr().map_err(|source| StartError::Listen {
            address: self.listen.clone(),
            source,
        })?;
        let state = Arc::new(load(&self)?);
        let people = people(&state)?;
        let task = tokio::spawn(server::serve(listener, Arc::clone(&state)));
        Ok(Sandbox {
            url: format!("http://{address}"),
            address,
            state,
            people,
            task,
        })
    }
}

/// A running Odoo look-alike. It stops when it is dropped.
pub struct Sandbox {
    url: String,
    address: SocketAddr,
    state: Arc<State>,
    people: Vec<Person>,
    task: JoinHandle<()>,
}

impl Sandbox {
    /// A sandbox to be configured.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder {
            listen: "127.0.0.1:0".to_owned(),
            clock: Arc::new(system_clock),
            totp: Vec::new(),
            manners: Manners {
                cooldown: true,
                several_databases: false,
            },
            edition: Edition::Enterprise,
            further_invoices: 0,
        }
    }

    /// The address to call, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The name of the database, for `X-Odoo-Database` and sign-in.
    #[must_use]
    pub fn database(&self) -> &str {
        DATABASE
    }

    /// The people who can sign in.
    #[must_use]
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// A new API key of a person: 40 hexadecimal digits, valid for 90 days. An unknown login gets a key that nobody
    /// owns, which Odoo refuses.
    #[must_use]
    pub fn mint_key(&self, login: &str) -> String {
        let minted = self.state.administer(|env| {
            let Some(uid) = uid_of(env, login) else {
                return Ok(None);
            };
            let until = env.now().checked_add(jiff::Span::new().days(90)).ok();
            apikey::mint(env, uid, "sandbox", until).map(Some)
        });
        minted
            .ok()
            .flatten()
            .unwrap_or_else(|| secret::random_key(20))
    }

    /// Ends an API key at once; false if there was none.
    pub fn revoke_key(&self, key: &str) -> bool {
        let digest = secret::digest(key);
        let revoked = self.state.administer(|env| {
            let found = env.search("res.users.apikeys", &json!([["digest", "=", digest]]))?;
            env.unlink("res.users.apikeys", &found)?;
            Ok(!found.is_empty())
        });
        revoked.unwrap_or(false)
    }

    /// Archives a user: their keys and sessions end at once. False if there is no such login.
    pub fn archive_user(&self, login: &str) -> bool {
        let archived = self.state.administer(|env| {
            let Some(uid) = uid_of(env, login) else {
                return Ok(false);
            };
            env.record_of("res.users", uid).set("active", false);
            Ok(true)
        });
        archived.unwrap_or(false)
    }

    /// The six digits that the person's authenticator shows now, by the sandbox's clock.
    #[must_use]
    pub fn totp_code(&self, login: &str) -> Option<String> {
        let secret = self.state.read(SUPERUSER, |env| {
            let uid = uid_of(env, login)?;
            Some(env.record_of("res.users", uid).text("totp_secret"))
        })?;
        let code = secret::totp_code(&secret, self.state.now().as_second())?;
        (!secret.is_empty()).then(|| format!("{code:06}"))
    }

    /// The requests that came in since the start or the last [`Self::reset_calls`].
    #[must_use]
    pub fn calls(&self) -> Vec<RecordedCall> {
        self.state.calls()
    }

    /// Forgets the requests.
    pub fn reset_calls(&self) {
        self.state.reset_calls();
    }

    /// Makes the next `count` requests fail so.
    pub fn inject(&self, fault: Fault, count: usize) {
        self.state.inject(fault, count);
    }

    /// How many requests that were to be [slow](Fault::Slow) lost their caller meanwhile.
    #[must_use]
    pub fn abandoned(&self) -> usize {
        self.state.abandoned.load(Ordering::Relaxed)
    }

    /// Stops listening and waits until the connections are gone.
    pub async fn stop(mut self) {
        self.task.abort();
        // Being aborted is the way it ends; there is nothing to learn from it.
        drop((&mut self.task).await);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The registry and the filled database of one day and edition.
type Filled = ((Date, Edition), Arc<Registry>, Database);

/// The last one that was filled: tests start many sandboxes on the same day, and a copy costs next to nothing.
static FILLED: Mutex<Option<Filled>> = Mutex::new(None);

/// The state of a new sandbox.
fn load(builder: &SandboxBuilder) -> Result<State, StartError> {
    let now = (builder.clock)();
    let today = now.to_zoned(TimeZone::UTC).date();
    let mut last = lock(&FILLED);
    let wanted = (today, builder.edition);
    let known = last.as_ref().filter(|(kept, ..)| *kept == wanted).cloned();
    let (_, registry, database) = match known {
        Some(known) => known,
        None => last.insert(fill(now, wanted)?).clone(),
    };
    drop(last);
    let env = Env::new(Arc::clone(&registry), database, now, SUPERUSER);
    if builder.further_invoices > 0 {
        crowd::load(&env, today, builder.further_invoices)?;
    }
    for (login, secret) in &builder.totp {
        let uid = uid_of(&env, login).ok_or_else(|| StartError::UnknownLogin(login.clone()))?;
        env.record_of("res.users", uid)
            .set("totp_secret", secret.as_str());
    }
    Ok(State::new(
        registry,
        env.into_database(),
        Arc::clone(&builder.clock),
        builder.manners,
    ))
}

fn fill(now: Timestamp, (today, edition): (Date, Edition)) -> Result<Filled, StartError> {
    let mut registry = Registry::default();
    base::register(&mut registry);
    models::register(&mut registry, edition);
    let mistakes = registry.mistakes();
    if !mistakes.is_empty() {
        return Err(StartError::Declarations(mistakes.join("; ")));
    }
    let registry = Arc::new(registry);
    let env = Env::new(
        Arc::clone(&registry),
        Database::new(&registry),
        now,
        SUPERUSER,
    );
    base::load(&env, today)?;
    models::load(&env, today, edition)?;
    Ok(((today, edition), registry, env.into_database()))
}

fn people(state: &State) -> Result<Vec<Person>, StartError> {
    state.read(SUPERUSER, |env| {
        let people = demo::company(env.today()).people;
        let people = people.into_iter().map(|person| {
            let uid = uid_of(env, person.login);
            let uid = uid.ok_or_else(|| StartError::UnknownLogin(person.login.to_owned()))?;
            Ok(Person {
                login: person.login.to_owned(),
                password: person.password.to_owned(),
                name: person.name.to_owned(),
                role: person.role.summary().to_owned(),
                uid,
            })
        });
        people.collect()
    })
}

fn uid_of(env: &Env, login: &str) -> Option<i64> {
    let all = env.with("active_test", false);
    let found = all.search("res.users", &json!([["login", "=", login]]));
    found.ok()?.first().copied()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the sandbox asks the system for the time"
)]
fn system_clock() -> Timestamp {
    Timestamp::now()
}
