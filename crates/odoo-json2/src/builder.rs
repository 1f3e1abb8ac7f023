//! Building a client.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::{Request, Response};
use secrecy::SecretString;
use tower::{BoxError, Service, ServiceExt, util::BoxCloneSyncService};

use crate::{
    Context, Limits, Odoo,
    pool::{HttpService, Pool},
    transport::HttpClient,
    wire::Endpoint,
};

/// Collects what a client needs; made by [`Odoo::builder`].
#[must_use = "a builder does nothing before `build`"]
pub struct OdooBuilder {
    base_url: String,
    database: String,
    user_agent: String,
    api_key: Option<SecretString>,
    context: Context,
    limits: Limits,
    service: Option<HttpService>,
}

/// What a client cannot be built from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The address of Odoo is not usable.
    #[error("the base URL of Odoo is not usable: {0}")]
    BaseUrl(String),
    /// No database was named.
    #[error("the name of the database is missing; set it with `database`")]
    NoDatabase,
    /// The name of the database contains characters that no header can carry.
    #[error("the name of the database contains characters that cannot be sent")]
    Database,
    /// The user agent contains characters that no header can carry.
    #[error("the user agent contains characters that cannot be sent")]
    UserAgent,
    /// The certificates of the operating system or the TLS settings are not usable.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

impl OdooBuilder {
    pub(crate) fn new(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            database: String::new(),
            user_agent: concat!("odoo-json2/", env!("CARGO_PKG_VERSION")).to_owned(),
            api_key: None,
            context: Context::new(),
            limits: Limits::default(),
            service: None,
        }
    }

    /// The name of the database. It is sent with every call: an Odoo that serves several needs it,
    /// one that serves a single database accepts it.
    pub fn database(mut self, database: impl Into<String>) -> Self {
        self.database = database.into();
        self
    }

    /// The API key of the user to act as.
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// The context that is sent with every call.
    pub fn context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// The `User-Agent`; Odoo's documentation asks for one that names the program.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Timeouts, sizes and concurrency.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sends requests through this service instead of the built-in HTTP client: a test double, or
    /// an HTTP client of your own. It should not follow redirects nor keep cookies.
    pub fn service<S>(mut self, service: S) -> Self
    where
        S: Service<Request<Bytes>, Response = Response<Bytes>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError> + Send + Sync + 'static,
        S::Future: Send + 'static,
    {
        self.service = Some(BoxCloneSyncService::new(service.map_err(Into::into)));
        self
    }

    /// The client.
    ///
    /// # Errors
    /// When address, database or user agent are not usable, or TLS cannot be set up.
    pub fn build(self) -> Result<Odoo, BuildError> {
        let endpoint = Endpoint::new(&self.base_url, &self.database, &self.user_agent)?;
        let service = match self.service {
            Some(service) => service,
            None => {
                let client = HttpClient::new(endpoint.base_url(), &self.limits);
                let client = client.map_err(BuildError::Tls)?;
                BoxCloneSyncService::new(client.map_err(Into::into))
            }
        };
        let pool = Arc::new(Pool::new(service, self.limits));
        Ok(Odoo::assemble(endpoint, pool, self.api_key, self.context))
    }
}

impl fmt::Debug for OdooBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OdooBuilder")
            .field("base_url", &self.base_url)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}
