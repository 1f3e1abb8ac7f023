//! What the user may do, and what there is: rights, models, names, version.

use std::{collections::HashSet, future::IntoFuture};

use http::Method;
use serde_json::Value;

use crate::{
    DecodeError, Domain, Error, FieldValue, Odoo, Pending, Ref, derive_support,
    wire::{Intent, MethodCall, is_json},
};

/// What can be done to records of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Look at them.
    Read,
    /// Change them.
    Write,
    /// Make new ones.
    Create,
    /// Delete them.
    Unlink,
}

/// Which Odoo answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVersion {
    /// As Odoo writes it: `19.0`, `saas~19.1`, `19.0+e`.
    pub version: String,
    /// The first number, such as 19. JSON-2 exists since 19.
    pub major: u32,
    /// The second number, such as 0.
    pub minor: u32,
}

/// A search by name under construction; made by [`Odoo::name_search`].
#[derive(Clone, Debug)]
#[must_use = "a search by name is made by awaiting it"]
pub struct NameSearch {
    odoo: Odoo,
    call: MethodCall,
}

impl Odoo {
    /// Finds records by what people call them, as the web client's drop-down lists do. At most 100
    /// unless [`NameSearch::limit`] says otherwise.
    pub fn name_search(&self, model: &str, name: &str) -> NameSearch {
        let call = self.reading(model, "name_search").arg("name", name);
        NameSearch {
            odoo: self.clone(),
            call,
        }
    }

    /// Whether the user may do this with records of the model at all; record rules still apply.
    ///
    /// # Errors
    /// [`Error::NotInstalled`] when there is no such model.
    pub async fn has_access(&self, model: &str, operation: Operation) -> Result<bool, Error> {
        self.has_access_to(model, operation, &[]).await
    }

    /// Whether the user may do this with each of these records.
    ///
    /// # Errors
    /// [`Error::NotInstalled`] when there is no such model, [`Error::Missing`] when a record does
    /// not exist.
    pub async fn has_access_to(
        &self,
        model: &str,
        operation: Operation,
        ids: &[i64],
    ) -> Result<bool, Error> {
        let call = self
            .reading(model, "has_access")
            .ids(ids)
            .arg("operation", operation.name());
        Ok(bool::from_value(&self.perform(&call).await?)?)
    }

    /// The technical names of all models the user may read: those installed, without the ones that
    /// are closed to that user.
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn available_models(&self) -> Result<HashSet<String>, Error> {
        let value = self
            .perform(&self.reading("ir.model", "get_available_models"))
            .await?;
        let models = value
            .as_array()
            .ok_or_else(|| DecodeError::new("a list", &value))?;
        let name = |model: &Value| derive_support::field(model, "model");
        Ok(models.iter().map(name).collect::<Result<_, _>>()?)
    }

    /// Which Odoo this is. Needs neither key nor database.
    ///
    /// # Errors
    /// [`Error::NotOdoo`] when it is none, and those of the network.
    pub async fn server_version(&self) -> Result<ServerVersion, Error> {
        let uri = self.endpoint().uri("web/version")?;
        let request = self.endpoint().bare_request(Method::GET, uri, Vec::new());
        let response = self.exchange(request, Intent::Read).await?;
        let status = response.status();
        if !is_json(&response) || !status.is_success() {
            let call = MethodCall::new("web", "version", Intent::Read);
            crate::wire::decode(&call, self.database(), &response)?;
        }
        let malformed = |error| DecodeError::malformed("a version", &error);
        let body: Value = serde_json::from_slice(response.body()).map_err(malformed)?;
        let number = |index: usize| body.pointer(&format!("/version_info/{index}"));
        let part = |index| number(index).and_then(Value::as_u64).unwrap_or_default() as u32;
        let version = derive_support::field(&body, "version")?;
        Ok(ServerVersion {
            version,
            major: part(0),
            minor: part(1),
        })
    }
}

impl Operation {
    /// The name Odoo gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Create => "create",
            Self::Unlink => "unlink",
        }
    }
}

impl NameSearch {
    /// Only among the records that a domain finds.
    pub fn domain(mut self, domain: Domain) -> Self {
        self.call = self.call.arg("domain", domain);
        self
    }

    /// At most so many.
    pub fn limit(mut self, limit: usize) -> Self {
        self.call = self.call.arg("limit", limit);
        self
    }
}

impl IntoFuture for NameSearch {
    type Output = Result<Vec<Ref>, Error>;
    type IntoFuture = Pending<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(Vec::from_value(&self.odoo.perform(&self.call).await?)?) })
    }
}
