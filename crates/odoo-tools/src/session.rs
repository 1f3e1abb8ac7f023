//! One person at work: an Odoo client bound to that person's key, and what is known of them.
//!
//! A tool is handed a [`UserSession`] and can reach Odoo only through it; there is no way to name
//! another user. Only metadata is remembered here (profile, readable models and fields, fiscal
//! years), never records. How long a session lives is `sessions.rs`' business.

use std::any::TypeId;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use odoo_json2::{Clock, CompanyRef, Date, DateTime, Error, Odoo, Profile, ReadableFields, Record};
use tokio::sync::OnceCell;
use url::Url;

use crate::access::Access;
use crate::error::{Failure, FailureKind, ToolError, explain};
use crate::upload::UploadQueue;
use choices::{Choices, KnownChoices};
use companies::Companies;
use fiscal::FiscalYear;

pub(crate) mod choices;
pub(crate) mod companies;
pub(crate) mod fiscal;

/// The session of one user, cheap to clone.
#[derive(Clone, Debug)]
pub struct UserSession {
    shared: Arc<Shared>,
    /// What this call may do; a session serves calls of one grant, whose scopes never change.
    granted: Arc<[Access]>,
    uploads: UploadQueue,
}

struct Shared {
    /// What the keys of caches beyond this session begin with.
    grant: Box<str>,
    /// The same Odoo user over all connections.
    person: Box<str>,
    odoo: Odoo,
    clock: Clock,
    web_url: Url,
    profile: Profile,
    models: HashSet<String>,
    /// Per record type, which is a finite number.
    fields: Mutex<HashMap<TypeId, Arc<ReadableFields>>>,
    fiscal_years: OnceCell<HashMap<i64, FiscalYear>>,
    choices: KnownChoices,
}

/// Why a session cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Odoo does not accept the key any more.
    #[error("Odoo does not accept this connection's key any more; connect again to get a new one")]
    KeyRejected,
    /// Odoo could not be asked.
    #[error(transparent)]
    Odoo(Error),
}

impl OpenError {
    /// What to tell about it: the same words as for a call that fails later.
    #[must_use]
    pub fn explain(&self) -> Failure {
        match self {
            Self::KeyRejected => Failure {
                error: FailureKind::NoAccess,
                message: "Odoo does not accept this connection's key any more".to_owned(),
                next_step: "Connect again; that makes a new key.".to_owned(),
            },
            Self::Odoo(error) => explain(error),
        }
    }
}

impl UserSession {
    /// Learns who the key belongs to and what that user may read: three calls, two of them at the
    /// same time. The client's context is replaced by the user's own language, time zone and companies.
    pub async fn open(odoo: Odoo, clock: Clock) -> Result<Self, OpenError> {
        let (profile, models) = tokio::try_join!(odoo.profile(), odoo.available_models())?;
        let context = Companies::all(&profile).context();
        let person = format!("{} {} {}", odoo.base_url(), odoo.database(), profile.uid);
        let shared = Shared {
            grant: person.as_str().into(),
            person: person.into(),
            web_url: odoo.base_url().clone(),
            odoo: odoo.with_context(context),
            clock,
            profile,
            models,
            fields: Mutex::default(),
            fiscal_years: OnceCell::new(),
            choices: KnownChoices::default(),
        };
        Ok(Self {
            shared: Arc::new(shared),
            granted: Arc::new([]),
            uploads: UploadQueue::default(),
        })
    }

    /// The same session with links that lead to this address, where people open Odoo in a browser.
    ///
    /// For an Odoo that this server reaches under an internal name.
    #[must_use]
    pub fn with_web_url(self, web_url: Url) -> Self {
        self.with(|shared| Shared { web_url, ..shared })
    }

    /// The same session as that of a grant, by its id. Without one, connections of the same user
    /// are not told apart.
    #[must_use]
    pub fn for_grant(self, grant: &str) -> Self {
        self.with(|shared| Shared {
            grant: grant.into(),
            ..shared
        })
    }

    /// Who it is.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.shared.profile
    }

    /// The clock that decides what is overdue.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// Today's date where the user is.
    #[must_use]
    pub fn today(&self) -> Date {
        self.shared.clock.today_in(self.time_zone())
    }

    /// The date of a moment where the user is.
    pub(crate) fn date_of(&self, moment: DateTime) -> Date {
        self.local(moment).date()
    }

    /// A moment on the user's clock; on UTC's where Odoo names a zone that nobody knows.
    pub(crate) fn local(&self, moment: DateTime) -> Zoned {
        let utc = || moment.timestamp().to_zoned(TimeZone::UTC);
        moment.in_tz(self.time_zone()).unwrap_or_else(|_| utc())
    }

    /// The moment at which a day begins where the user is.
    pub(crate) fn start_of(&self, day: Date) -> Result<DateTime, ToolError> {
        let zone = TimeZone::get(self.time_zone()).unwrap_or(TimeZone::UTC);
        let midnight = day.to_zoned(zone).map_err(|_| {
            ToolError::argument(
                format!("{day} is too far from today"),
                "Give a day in this century.",
            )
        })?;
        Ok(DateTime::from_timestamp(midnight.timestamp()))
    }

    /// The user's time zone; UTC where Odoo knows none.
    #[must_use]
    pub fn time_zone(&self) -> &str {
        self.shared.profile.tz.as_deref().unwrap_or("UTC")
    }

    /// Whether this user may read a model at all. Record rules may still hide every record of it.
    #[must_use]
    pub fn reads(&self, model: &str) -> bool {
        self.shared.models.contains(model)
    }

    /// The connection that it belongs to.
    pub(crate) fn grant(&self) -> &str {
        &self.shared.grant
    }

    /// Whose connection it is: the same for all of one Odoo user's.
    pub(crate) fn person(&self) -> &str {
        &self.shared.person
    }

    /// The client, with the context of all the user's companies.
    pub(crate) fn odoo(&self) -> &Odoo {
        &self.shared.odoo
    }

    /// What the connection was granted.
    pub(crate) fn granted(&self) -> &[Access] {
        &self.granted
    }

    /// The session as a call with these scopes may use it.
    pub(crate) fn with_granted(&self, granted: &[Access]) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            granted: granted.into(),
            uploads: self.uploads.clone(),
        }
    }

    /// The session as one that shares room for files with others.
    pub(crate) fn with_uploads(self, uploads: &UploadQueue) -> Self {
        Self {
            uploads: uploads.clone(),
            ..self
        }
    }

    /// Where files wait for room.
    pub(crate) fn uploads(&self) -> &UploadQueue {
        &self.uploads
    }

    /// The companies that a call speaks of: the one that was named, else all of the user's.
    pub(crate) fn companies(&self, company_id: Option<i64>) -> Result<Companies<'_>, ToolError> {
        Companies::choose(&self.shared.profile, company_id)
    }

    /// Which of a record's optional fields this user may read; asked once per session and type.
    pub(crate) async fn readable<R: Record + 'static>(&self) -> Result<Arc<ReadableFields>, Error> {
        let key = TypeId::of::<R>();
        if let Some(known) = self.fields().get(&key) {
            return Ok(Arc::clone(known));
        }
        let readable = Arc::new(self.shared.odoo.readable::<R>().await?);
        self.fields().insert(key, Arc::clone(&readable));
        Ok(readable)
    }

    /// Forgets which fields are readable: the user's rights have changed since they were asked.
    pub(crate) fn forget_fields(&self) {
        self.fields().clear();
    }

    /// What the values of a selection field are called; asked once per session and field.
    pub(crate) async fn choices(
        &self,
        model: &'static str,
        field: &'static str,
    ) -> Result<Arc<Choices>, Error> {
        let odoo = self.odoo();
        self.shared.choices.of(odoo, model, field).await
    }

    /// The end of each company's fiscal year; asked once per session.
    pub(crate) async fn fiscal_year(&self, company: &CompanyRef) -> Result<FiscalYear, Error> {
        let years = self
            .shared
            .fiscal_years
            .get_or_try_init(|| fiscal::read(&self.shared.odoo))
            .await?;
        Ok(years.get(&company.id).copied().unwrap_or_default())
    }

    /// The address at which people open this Odoo, without what all addresses have: its host, and
    /// the port where it is not the usual one.
    pub(crate) fn odoo_host(&self) -> String {
        let url = &self.shared.web_url;
        let host = url.host_str().unwrap_or_default();
        url.port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Where the records of a model are in Odoo's web client, with `{id}` for the id.
    pub(crate) fn link(&self, model: &str) -> String {
        format!(
            "{}/odoo/{model}/{{id}}",
            self.shared.web_url.as_str().trim_end_matches('/')
        )
    }

    /// A session that is already in use by a call stays as it began.
    fn with(self, change: impl FnOnce(Shared) -> Shared) -> Self {
        let shared = match Arc::try_unwrap(self.shared) {
            Ok(shared) => Arc::new(change(shared)),
            Err(shared) => shared,
        };
        Self { shared, ..self }
    }

    /// Where one record is in Odoo's web client.
    pub(crate) fn link_to(&self, model: &str, id: i64) -> String {
        self.link(model).replace("{id}", &id.to_string())
    }

    fn fields(&self) -> std::sync::MutexGuard<'_, HashMap<TypeId, Arc<ReadableFields>>> {
        // A panic while it was held left a complete map behind: inserting is one step.
        self.shared
            .fields
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("UserSession")
            .field("uid", &self.profile.uid)
            .finish_non_exhaustive()
    }
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        if error.is_invalid_key() {
            Self::KeyRejected
        } else {
            Self::Odoo(error)
        }
    }
}
