//! Clients over their lives: found by their id, registered, used, listed and removed.
//!
//! Not for judging what they say of themselves (`register.rs`, `cimd.rs`), nor for counting who
//! asks how often (`web/limits.rs`).

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::{
    cimd::{self, DocumentError, DocumentUrl},
    client::Client,
    clock,
    error::{ErrorCode, OAuthError},
    grant::GrantId,
    provider::Provider,
    register::{self, ClientRecord, Registration},
    store::StoreError,
};

/// A client's last use is written at most this often.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_hours(24);

/// What an id says about a client.
#[derive(Clone, Debug)]
pub enum ClientLookup {
    /// Who it is.
    Known(Client),
    /// Where its document is, to be fetched and given to [`Provider::admit_document`].
    Fetch(DocumentUrl),
    /// Nobody we know.
    Unknown,
}

/// A registered client as operators see it.
#[derive(Clone, Debug)]
pub struct ClientSummary {
    /// Its id.
    pub id: String,
    /// Its name, fit to be shown.
    pub name: String,
    /// Where codes may be sent.
    pub redirect_uris: Vec<String>,
    /// When it registered first.
    pub created_at: Timestamp,
    /// When somebody last signed in with it or refreshed a token, to the day; nothing when nobody
    /// ever did.
    pub last_used_at: Option<Timestamp>,
    /// Its living connections.
    pub connections: u64,
}

impl Provider {
    /// Who a client id names.
    ///
    /// # Errors
    ///
    /// `temporarily_unavailable` when the store does not answer.
    pub async fn find_client(&self, client_id: &str) -> Result<ClientLookup, OAuthError> {
        if let Some(client) = cimd::pinned(client_id) {
            return Ok(ClientLookup::Known(client));
        }
        if let Some(address) = DocumentUrl::read(client_id, self.policy()) {
            return Ok(ClientLookup::Fetch(address));
        }
        if !register::is_registered_id(client_id) {
            return Ok(ClientLookup::Unknown);
        }
        let found = self.realm.store.lookup_client(client_id).await?;
        let client = found.and_then(|record| record.client());
        Ok(client.map_or(ClientLookup::Unknown, ClientLookup::Known))
    }

    /// Whether anybody has ever allowed the client with this document anything.
    ///
    /// # Errors
    ///
    /// `temporarily_unavailable` when the store does not answer.
    pub async fn was_allowed(&self, address: &DocumentUrl) -> Result<bool, OAuthError> {
        Ok(self.realm.store.has_grants(address.as_str()).await?)
    }

    /// Judges a fetched client metadata document.
    ///
    /// # Errors
    ///
    /// When it is no document of a client that may be trusted here.
    pub fn admit_document(
        &self,
        address: &DocumentUrl,
        body: &[u8],
    ) -> Result<Client, DocumentError> {
        cimd::admit(address, body, self.policy())
    }

    /// Registers a client (RFC 7591): the body of the answer, status 201. The three steps that it
    /// takes are there for whoever counts between them.
    ///
    /// # Errors
    ///
    /// `invalid_redirect_uri`, `invalid_client_metadata`, and `temporarily_unavailable` when there
    /// is no room or the store does not answer.
    pub async fn register(&self, body: &[u8]) -> Result<Value, OAuthError> {
        let registration = self.judge_registration(body)?;
        match self.find_registration(&registration).await? {
            Some(answer) => Ok(answer),
            None => self.add_registration(registration).await,
        }
    }

    /// The first step: judges the metadata. It asks no store.
    ///
    /// # Errors
    ///
    /// `invalid_redirect_uri` and `invalid_client_metadata`, and `invalid_request` when
    /// registration is switched off.
    pub fn judge_registration(&self, body: &[u8]) -> Result<Registration, OAuthError> {
        if !self.policy().registration.enabled {
            let text = "registration is switched off; use a client metadata document";
            return Err(OAuthError::new(ErrorCode::InvalidRequest, text));
        }
        Registration::read(body, self.policy(), self.realm.now())
    }

    /// The second step: the answer for a client that registered before with the same metadata,
    /// which changes nothing.
    ///
    /// # Errors
    ///
    /// `temporarily_unavailable` when the store does not answer.
    pub async fn find_registration(
        &self,
        registration: &Registration,
    ) -> Result<Option<Value>, OAuthError> {
        let id = &registration.record.id;
        let known = self.realm.store.lookup_client(id).await?;
        Ok(known.and_then(|record| registration.answer(&record, self.policy())))
    }

    /// The third step: keeps a client that is new.
    ///
    /// # Errors
    ///
    /// `temporarily_unavailable` when there is no room or the store does not answer.
    pub async fn add_registration(&self, registration: Registration) -> Result<Value, OAuthError> {
        let most = self.policy().registration.clients;
        let record = registration.record.clone();
        let kept = self.realm.store.add_client(record, most).await?;
        registration.log_left_out();
        let answer = kept.and_then(|record| registration.answer(&record, self.policy()));
        answer.ok_or_else(|| {
            let text = "too many clients are registered; try again later";
            OAuthError::new(ErrorCode::TemporarilyUnavailable, text)
        })
    }

    /// The registered clients, newest first.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn clients(&self) -> Result<Vec<ClientSummary>, StoreError> {
        let all = self.realm.store.list_clients().await?;
        let summary = |(record, connections): (ClientRecord, u64)| {
            let client = record.client();
            let (name, redirect_uris) = client
                .map(|client| (client.name, client.redirect_uris))
                .unwrap_or_default();
            ClientSummary {
                id: record.id,
                name,
                redirect_uris,
                created_at: record.created_at,
                last_used_at: record.last_used_at,
                connections,
            }
        };
        Ok(all.into_iter().map(summary).collect())
    }

    /// Removes a registered client and ends its connections: what it had is of no use to it any
    /// more, and it may register anew. The connections that ended; nothing when there is no such
    /// client.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn remove_client(&self, id: &str) -> Result<Option<Vec<GrantId>>, StoreError> {
        let ended = self.realm.store.remove_client(id, self.realm.now()).await?;
        for id in ended.iter().flatten() {
            self.realm.ended.insert(*id, ()).await;
        }
        Ok(ended)
    }

    /// The record of a registered client; one that is gone is told so, and then registers again.
    /// Documents were judged when the grant was made, which names its client, and have no record.
    pub(crate) async fn recognise(
        &self,
        client_id: &str,
    ) -> Result<Option<ClientRecord>, OAuthError> {
        let unknown = || {
            let text = "the client is unknown; register again";
            OAuthError::new(ErrorCode::InvalidClient, text)
        };
        if register::is_registered_id(client_id) {
            let record = self.realm.store.lookup_client(client_id).await?;
            return record.map(Some).ok_or_else(unknown);
        }
        let known = cimd::pinned(client_id).is_some()
            || DocumentUrl::read(client_id, self.policy()).is_some();
        known.then_some(None).ok_or_else(unknown)
    }

    /// Notes that a client's code or refresh token was accepted. Anything less than that is no use:
    /// who only knocks must not keep a place.
    pub(crate) async fn note_client_use(&self, record: &ClientRecord) {
        let now = self.realm.now();
        let due = |at| clock::after(at, TOUCH_EVERY) <= now;
        if !record.last_used_at.is_none_or(due) {
            return;
        }
        // Its tokens are made already; that its client was used may be noted the next time.
        if let Err(error) = self.realm.store.touch_client(&record.id, now).await {
            tracing::warn!(%error, "a client's use was not noted");
        }
    }
}
