//! Fetches client metadata documents (CIMD) from the allowed hosts.
//!
//! Not for judging a document (`Provider::admit_document`). A client names the address, so this is
//! where a stranger could make the server talk to its own network: only public addresses are
//! connected to, redirects and proxies are off, and size, time and number are bounded
//! (draft-ietf-oauth-client-id-metadata-document, section 6.5; MCP 2026-07-28, authorization).

mod public;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use http::{StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use moka::future::Cache;
use odoo_json2::Clock;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;

pub use self::public::is_public;
use crate::DocumentUrl;

/// The largest document, in bytes.
const LARGEST: usize = 5 * 1024;
/// From the first packet to the last byte.
const PATIENCE: Duration = Duration::from_secs(8);
/// The most fetches at once of documents of strangers.
const AT_ONCE: usize = 4;
/// The most fetches at once of documents that go first, beside those.
const FIRST_AT_ONCE: usize = 2;
/// How long a fetch waits for its turn.
const TURN: Duration = Duration::from_secs(4);
/// For how long a document is kept when its host does not say, and the most when it does.
const KEPT: (SignedDuration, SignedDuration) =
    (SignedDuration::from_mins(5), SignedDuration::from_hours(24));
/// For how long a failure is remembered, so that a dead host is not asked by each request.
const FAILURE_KEPT: SignedDuration = SignedDuration::from_secs(60);

/// Fetches documents and remembers them for as long as their host allows.
#[derive(Clone, Debug)]
pub struct DocumentFetcher {
    client: Option<reqwest::Client>,
    clock: Clock,
    kept: Cache<String, Kept>,
    slots: Arc<Semaphore>,
    first_slots: Arc<Semaphore>,
}

#[derive(Clone, Debug)]
struct Kept {
    outcome: Result<Arc<[u8]>, FetchError>,
    until: Timestamp,
}

/// A document could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// No connection, no answer in time, or an address that is not public.
    #[error("the client's metadata document could not be fetched")]
    Unreachable,
    /// The host answered something other than a JSON document.
    #[error("the client's host answered {0} instead of a metadata document")]
    Refused(u16),
    /// The answer is no JSON or too large.
    #[error("the client's metadata document is not JSON of at most {LARGEST} bytes")]
    Unsuitable,
    /// Too many fetches at once.
    #[error("too many sign-ins of new clients at once; try again in a moment")]
    Busy,
}

impl DocumentFetcher {
    /// A fetcher that connects to public addresses only. On a machine without certificates of
    /// authorities nothing can be fetched; Claude's own clients do not need it.
    pub fn new(clock: Clock) -> Self {
        match public_client() {
            Ok(client) => Self::over(Some(client), clock),
            Err(error) => {
                tracing::warn!(error, "client metadata documents cannot be fetched");
                Self::over(None, clock)
            }
        }
    }

    /// A fetcher over a client that was set up elsewhere, for example for an egress proxy. That
    /// client decides which addresses are reached.
    pub fn with_client(client: reqwest::Client, clock: Clock) -> Self {
        Self::over(Some(client), clock)
    }

    fn over(client: Option<reqwest::Client>, clock: Clock) -> Self {
        let kept = Cache::builder()
            .max_capacity(500)
            .time_to_live(Duration::from_secs(86_400));
        Self {
            client,
            clock,
            kept: kept.build(),
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            first_slots: Arc::new(Semaphore::new(FIRST_AT_ONCE)),
        }
    }

    /// What is remembered of a document, without fetching it.
    pub async fn remembered(&self, url: &DocumentUrl) -> Option<Result<Arc<[u8]>, FetchError>> {
        let kept = self.kept.get(url.as_str()).await?;
        (kept.until > self.clock.now()).then_some(kept.outcome)
    }

    /// The bytes of a document, fetched or remembered.
    ///
    /// # Errors
    ///
    /// When it cannot be had; a failure is remembered for a minute.
    pub async fn fetch(&self, url: &DocumentUrl) -> Result<Arc<[u8]>, FetchError> {
        self.fetch_in(&self.slots, url).await
    }

    /// The same, without waiting for [`fetch`](Self::fetch)es that are under way.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn fetch_first(&self, url: &DocumentUrl) -> Result<Arc<[u8]>, FetchError> {
        self.fetch_in(&self.first_slots, url).await
    }

    async fn fetch_in(
        &self,
        slots: &Semaphore,
        url: &DocumentUrl,
    ) -> Result<Arc<[u8]>, FetchError> {
        let slot = tokio::time::timeout(TURN, slots.acquire()).await;
        let _slot = slot
            .map_err(|_| FetchError::Busy)?
            .map_err(|_| FetchError::Busy)?;
        // Somebody may have fetched it while this one waited.
        if let Some(known) = self.remembered(url).await {
            return known;
        }
        let (outcome, keep) = match tokio::time::timeout(PATIENCE, self.get(url.as_str())).await {
            Ok(Ok((body, keep))) => (Ok(body), keep),
            Ok(Err(error)) => (Err(error), FAILURE_KEPT),
            Err(_) => (Err(FetchError::Unreachable), FAILURE_KEPT),
        };
        let now = self.clock.now();
        let until = now.checked_add(keep).unwrap_or(now);
        self.kept
            .insert(
                url.as_str().to_owned(),
                Kept {
                    outcome: outcome.clone(),
                    until,
                },
            )
            .await;
        outcome
    }

    async fn get(&self, url: &str) -> Result<(Arc<[u8]>, SignedDuration), FetchError> {
        let unreachable = |error: reqwest::Error| {
            tracing::info!(url, error = %error.without_url(), "client metadata not fetched");
            FetchError::Unreachable
        };
        let client = self.client.as_ref().ok_or(FetchError::Unreachable)?;
        let request = client.get(url).header(header::ACCEPT, "application/json");
        let mut answer = request.send().await.map_err(unreachable)?;
        if answer.status() != StatusCode::OK {
            return Err(FetchError::Refused(answer.status().as_u16()));
        }
        if !is_json(answer.headers()) {
            return Err(FetchError::Unsuitable);
        }
        let keep = freshness(answer.headers());
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(FetchError::Unsuitable);
            }
            body.extend_from_slice(&chunk);
        }
        Ok((body.into(), keep))
    }
}

fn public_client() -> Result<reqwest::Client, String> {
    odoo_json2::http_client_builder(true)
        .map_err(|error| error.to_string())?
        .dns_resolver(Arc::new(PublicOnly))
        .connect_timeout(Duration::from_secs(3))
        .timeout(PATIENCE)
        .build()
        .map_err(|error| error.to_string())
}

fn is_json(headers: &header::HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = kind
        .and_then(|kind| kind.split(';').next())
        .unwrap_or_default()
        .trim();
    essence.eq_ignore_ascii_case("application/json")
        || essence.to_ascii_lowercase().ends_with("+json")
}

/// For how long the host lets the document be kept (`Cache-Control: max-age`), within our bounds.
fn freshness(headers: &header::HeaderMap) -> SignedDuration {
    let control = headers
        .get(header::CACHE_CONTROL)
        .and_then(|value| value.to_str().ok());
    let seconds = control
        .unwrap_or_default()
        .split(',')
        .find_map(|directive| {
            directive
                .trim()
                .strip_prefix("max-age=")
                .and_then(|age| age.parse().ok())
        });
    let (least, most) = KEPT;
    seconds
        .map_or(least, SignedDuration::from_secs)
        .clamp(FAILURE_KEPT, most)
}

/// A resolver that knows names with public addresses only. One address that is not public spoils
/// the whole name: that is how names that point inwards now and then are made.
#[derive(Debug)]
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let addresses = all_public(found.collect())?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

fn all_public(addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, &'static str> {
    let public = |address: &SocketAddr| is_public(address.ip());
    if addresses.is_empty() || !addresses.iter().all(public) {
        return Err("the name has an address that is not public");
    }
    Ok(addresses)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a8_one_address_inside_spoils_the_name() {
        let at = |all: &[&str]| all_public(all.iter().map(|one| one.parse().unwrap()).collect());
        assert_eq!(at(&["8.8.8.8:0", "[2606:4700::1111]:0"]).unwrap().len(), 2);
        assert!(at(&["8.8.8.8:0", "10.0.0.1:0"]).is_err());
        assert!(at(&["[::ffff:127.0.0.1]:0", "8.8.8.8:0"]).is_err());
        assert!(at(&[]).is_err());
    }

    /// The only test that looks a name up: `localhost`, which leads inwards everywhere.
    #[tokio::test]
    async fn a8_a_name_that_leads_inwards_is_never_connected_to() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let builder = odoo_json2::http_client_builder(false).unwrap();
        let client = builder.dns_resolver(Arc::new(PublicOnly)).build().unwrap();
        let sent = client.get(format!("http://localhost:{port}/")).send().await;
        assert!(sent.unwrap_err().is_connect());
        let nobody = listener.accept().unwrap_err();
        assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
    }
}
