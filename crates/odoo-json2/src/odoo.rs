//! The client itself: who asks, in which context, over which pool.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::{Request, Response};
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use crate::{
    Call, Context, Error, OdooBuilder,
    pool::Pool,
    queue::Flow,
    wire::{self, Endpoint, Intent, MethodCall},
};

/// A client of one Odoo database, acting as one user. Cloning is cheap.
///
/// All clients made from one another share connections, limits and retry budget.
#[derive(Clone)]
pub struct Odoo {
    shared: Arc<Shared>,
}

#[derive(Clone)]
struct Shared {
    endpoint: Arc<Endpoint>,
    pool: Arc<Pool>,
    key: Option<SecretString>,
    context: Context,
    flow: Flow,
}

impl Odoo {
    /// Begins a client of the Odoo at this address, such as `https://odoo.example.com`.
    pub fn builder(base_url: &str) -> OdooBuilder {
        OdooBuilder::new(base_url)
    }

    /// The same Odoo as another user, whose calls belong to no flow yet.
    #[must_use]
    pub fn with_key(&self, key: impl Into<SecretString>) -> Self {
        self.changed(|shared| {
            shared.key = Some(key.into());
            shared.flow = None;
        })
    }

    /// The same user in another context.
    #[must_use]
    pub fn with_context(&self, context: Context) -> Self {
        self.changed(|shared| shared.context = context)
    }

    /// The same client, whose calls count as those of this flow: one person, one job.
    ///
    /// Among the clients that share a pool, one flow has at most
    /// [`Limits::max_in_flight_per_flow`](crate::Limits::max_in_flight_per_flow) calls in flight;
    /// further ones wait in order, and waiting flows take turns. So who asks a thousand things at
    /// once waits for their own answers and holds up nobody else. Calls of clients without a flow
    /// are bounded only together with all others.
    #[must_use]
    pub fn with_flow(&self, name: &str) -> Self {
        self.changed(|shared| shared.flow = Some(name.into()))
    }

    fn changed(&self, change: impl FnOnce(&mut Shared)) -> Self {
        let mut shared = (*self.shared).clone();
        change(&mut shared);
        Self {
            shared: Arc::new(shared),
        }
    }

    /// The context sent with every call.
    pub fn context(&self) -> &Context {
        &self.shared.context
    }

    /// The address of Odoo, ending in a slash.
    pub fn base_url(&self) -> &Url {
        self.shared.endpoint.base_url()
    }

    /// The name of the database.
    pub fn database(&self) -> &str {
        self.shared.endpoint.database()
    }

    /// Begins a call of any public method.
    ///
    /// ```no_run
    /// # async fn example(odoo: odoo_json2::Odoo) -> Result<(), odoo_json2::Error> {
    /// let done = odoo.call("account.move", "action_post").ids(&[42]).action().await?;
    /// # Ok(()) }
    /// ```
    pub fn call(&self, model: &str, method: &str) -> Call {
        Call::new(self.clone(), model, method)
    }

    /// A client from its parts.
    pub(crate) fn assemble(
        endpoint: Endpoint,
        pool: Arc<Pool>,
        key: Option<SecretString>,
        context: Context,
    ) -> Self {
        let endpoint = Arc::new(endpoint);
        Self {
            shared: Arc::new(Shared {
                endpoint,
                pool,
                key,
                context,
                flow: None,
            }),
        }
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.shared.endpoint
    }

    pub(crate) fn pool(&self) -> &Arc<Pool> {
        &self.shared.pool
    }

    /// Sends a request once, in the turn of this client's flow.
    pub(crate) async fn exchange(
        &self,
        request: Request<Bytes>,
        intent: Intent,
    ) -> Result<Response<Bytes>, Error> {
        let Shared { pool, flow, .. } = &*self.shared;
        pool.exchange(flow, request, intent).await
    }

    /// A call that reads, in the context of this client.
    pub(crate) fn reading(&self, model: &str, method: &'static str) -> MethodCall {
        MethodCall::new(model.to_owned(), method, Intent::Read).context(self.context().clone())
    }

    /// A call that writes, in the context of this client.
    pub(crate) fn writing(&self, model: &str, method: &'static str) -> MethodCall {
        MethodCall::new(model.to_owned(), method, Intent::Write).context(self.context().clone())
    }

    /// Carries out a call; a declared read is repeated once when that may help and the budget allows.
    pub(crate) async fn perform(&self, call: &MethodCall) -> Result<Value, Error> {
        let budget = self.pool().budget();
        budget.deposit();
        let first = self.attempt(call).await;
        match first {
            Err(error) if call.intent == Intent::Read && passing(&error) && budget.withdraw() => {
                tracing::debug!(?call, %error, "reading once more");
                tokio::time::sleep(self.pool().limits().retry_pause).await;
                self.attempt(call).await
            }
            other => other,
        }
    }

    async fn attempt(&self, call: &MethodCall) -> Result<Value, Error> {
        let key = self.shared.key.as_ref().ok_or(Error::NoKey)?;
        let request = self.endpoint().request(call, key)?;
        let response = self.exchange(request, call.intent).await?;
        let limit = self.pool().limits().max_response_bytes;
        if response.body().len() > limit {
            return Err(Error::TooLarge { limit });
        }
        wire::decode(call, self.database(), &response)
    }
}

/// Failures that a second attempt may not meet again. A timeout is none: it has already cost the
/// patience of whoever waits.
fn passing(error: &Error) -> bool {
    matches!(error, Error::Unavailable { .. } | Error::Conflict { .. })
}

impl fmt::Debug for Odoo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Odoo")
            .field("base_url", &self.base_url().as_str())
            .field("database", &self.database())
            .field("context", self.context())
            .finish_non_exhaustive()
    }
}
