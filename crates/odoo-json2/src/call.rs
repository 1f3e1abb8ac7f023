//! Calls of any public method.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    ActionOutcome, Context, DecodeError, Error, Odoo, ToValue,
    wire::{Intent, MethodCall},
};

/// A call under construction; made by [`Odoo::call`].
///
/// Unless it is declared [`read_only`](Self::read_only) it counts as a write: it gets the longer
/// timeout and is never repeated.
#[derive(Clone, Debug)]
#[must_use = "a call is made by `fetch`, `value`, `action` or `run`"]
pub struct Call {
    odoo: Odoo,
    call: MethodCall,
}

impl Call {
    pub(crate) fn new(odoo: Odoo, model: &str, method: &str) -> Self {
        let call = MethodCall::new(model.to_owned(), method.to_owned(), Intent::Write)
            .context(odoo.context().clone());
        Self { odoo, call }
    }

    /// The records to call the method on; not for methods of the model itself (`@api.model`).
    pub fn ids(mut self, ids: &[i64]) -> Self {
        self.call = self.call.ids(ids);
        self
    }

    /// An argument by its Python name.
    pub fn arg(mut self, name: &str, value: impl ToValue) -> Self {
        self.call = self.call.arg(name, value);
        self
    }

    /// An argument that is left out when there is none.
    pub fn arg_some(mut self, name: &str, value: Option<impl ToValue>) -> Self {
        self.call = self.call.arg_some(name, value);
        self
    }

    /// Another context than the client's.
    pub fn context(mut self, context: Context) -> Self {
        self.call = self.call.context(context);
        self
    }

    /// Declares that the method changes nothing, so that the call may be repeated once.
    pub fn read_only(mut self) -> Self {
        self.call.intent = Intent::Read;
        self
    }

    /// Declares that the method may change something. This is the default.
    pub fn write(mut self) -> Self {
        self.call.intent = Intent::Write;
        self
    }

    /// Calls, and reads the answer into a type.
    ///
    /// # Errors
    /// Every [`Error`]; [`Error::Decode`] when the answer has another form.
    pub async fn fetch<T: DeserializeOwned>(self) -> Result<T, Error> {
        let value = self.value().await?;
        let expected = std::any::type_name::<T>();
        let misfit = |error| DecodeError::malformed(expected, &error);
        Ok(serde_json::from_value(value).map_err(misfit)?)
    }

    /// Calls, and gives the answer as it came.
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn value(self) -> Result<Value, Error> {
        self.odoo.perform(&self.call).await
    }

    /// Calls a method behind a button, and says whether it is done or wants more.
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn action(self) -> Result<ActionOutcome, Error> {
        Ok(ActionOutcome::of(self.value().await?))
    }

    /// Calls, and drops the answer.
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn run(self) -> Result<(), Error> {
        self.value().await.map(drop)
    }
}
