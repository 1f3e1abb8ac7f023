//! Methods that a client may call, with their Python signature.
//!
//! Not for the standard methods' work; see `builtin`.

use serde_json::{Map, Value as Json};

use super::{
    env::Env,
    error::{OdooError, Result},
};

/// The body of a method: the environment, the ids it is called on, and its named arguments.
pub(crate) type Body = fn(&Env, &Target<'_>, &Args) -> Result<Json>;

/// What a method is called on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    /// The model's name.
    pub(crate) model: &'a str,
    /// The ids; empty for a model-level method.
    pub(crate) ids: &'a [i64],
}

/// The named arguments of a call, checked against the signature.
#[derive(Clone, Debug, Default)]
pub(crate) struct Args(Map<String, Json>);

impl Args {
    /// The argument, or `None` where it is left out or `null`.
    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// The argument, also if it is `null`.
    pub(crate) fn given(&self, name: &str) -> Option<&Json> {
        self.0.get(name)
    }

    /// The text argument.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Json::as_str)
    }

    /// The list of ids in an argument; anything else is empty.
    pub(crate) fn ids(&self, name: &str) -> Vec<i64> {
        let list = self.get(name).and_then(Json::as_array);
        list.map_or_else(Vec::new, |list| {
            list.iter().filter_map(Json::as_i64).collect()
        })
    }
}

impl From<Map<String, Json>> for Args {
    fn from(arguments: Map<String, Json>) -> Self {
        Self(arguments)
    }
}

/// One callable method.
#[derive(Clone)]
pub(crate) struct Method {
    pub(crate) name: &'static str,
    pub(crate) body: Body,
    /// `@api.model`: refuses ids.
    pub(crate) model_level: bool,
    /// Changes nothing, so it needs no lock.
    pub(crate) readonly: bool,
    required: Vec<&'static str>,
    optional: Vec<&'static str>,
    any: bool,
}

impl Method {
    /// A method of records, as `action_post`.
    pub(crate) fn record(name: &'static str, body: Body) -> Self {
        Self {
            name,
            body,
            model_level: false,
            readonly: false,
            required: Vec::new(),
            optional: Vec::new(),
            any: false,
        }
    }

    /// A method of the model, as `create_expense_from_attachments`.
    pub(crate) fn model(name: &'static str, body: Body) -> Self {
        Self {
            model_level: true,
            ..Self::record(name, body)
        }
    }

    /// Adds a parameter without a default.
    pub(crate) fn required(mut self, name: &'static str) -> Self {
        self.required.push(name);
        self
    }

    /// Adds a parameter with a default.
    pub(crate) fn optional(mut self, name: &'static str) -> Self {
        self.optional.push(name);
        self
    }

    /// Takes `**kwargs`.
    pub(crate) fn any_arguments(mut self) -> Self {
        self.any = true;
        self
    }

    /// Changes nothing: runs without the writer's lock and its changes, if any, are dropped.
    pub(crate) fn readonly(mut self) -> Self {
        self.readonly = true;
        self
    }

    /// The names of the parameters in the order of the signature.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.required.iter().chain(&self.optional).copied()
    }

    /// What Python's `signature.bind` says to these arguments.
    pub(crate) fn bind(&self, arguments: Map<String, Json>) -> Result<Args> {
        if let Some(missing) = self
            .required
            .iter()
            .find(|name| !arguments.contains_key(**name))
        {
            let text = format!("missing a required argument: '{missing}'");
            return Err(OdooError::unprocessable(text));
        }
        let known =
            |name: &str| self.any || self.required.contains(&name) || self.optional.contains(&name);
        if let Some(unknown) = arguments.keys().find(|name| !known(name)) {
            let text = format!("got an unexpected keyword argument '{unknown}'");
            return Err(OdooError::unprocessable(text));
        }
        Ok(Args(arguments))
    }
}
