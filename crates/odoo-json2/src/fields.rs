//! What fields a model has, and which of them this user may read.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::{DecodeError, Error, Odoo, Record};

/// A field as `fields_get` describes it. Attributes that were not asked for have their default.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct FieldInfo {
    /// The type, such as `char`, `monetary`, `many2one`.
    #[serde(rename = "type")]
    pub type_: String,
    /// The label, in the language of the context.
    pub string: String,
    /// The explanation, in the language of the context.
    #[serde(deserialize_with = "text_or_false")]
    pub help: Option<String>,
    /// Whether it must have a value.
    pub required: bool,
    /// Whether people may not change it.
    pub readonly: bool,
    /// Whether it is a column of the database, and so can be summed and sorted by.
    pub store: bool,
    /// The model it refers to, for relations.
    #[serde(deserialize_with = "text_or_false")]
    pub relation: Option<String>,
    /// The possible values with their labels, for selections.
    #[serde(deserialize_with = "pairs_or_nothing")]
    pub selection: Vec<(String, String)>,
}

/// The fields that a user may read, per model. Cheap to clone; good to keep for some minutes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadableFields {
    models: Arc<HashMap<String, HashSet<String>>>,
}

impl ReadableFields {
    /// Whether the field of the model is among them.
    pub fn has(&self, model: &str, field: &str) -> bool {
        self.models
            .get(model)
            .is_some_and(|fields| fields.contains(field))
    }

    /// These and those.
    #[must_use]
    pub fn merge(&self, other: &Self) -> Self {
        let mut models = (*self.models).clone();
        for (model, fields) in other.models.iter() {
            models
                .entry(model.clone())
                .or_default()
                .extend(fields.iter().cloned());
        }
        Self {
            models: Arc::new(models),
        }
    }

    /// Fields of one model, for instance from a test or a cache.
    pub fn of<F: Into<String>>(model: &str, fields: impl IntoIterator<Item = F>) -> Self {
        let fields = fields.into_iter().map(Into::into).collect();
        Self {
            models: Arc::new(HashMap::from([(model.to_owned(), fields)])),
        }
    }
}

impl Odoo {
    /// Describes the fields of a model that this user may read. `attributes` names what to tell of
    /// each (`"type"`, `"string"`, …); empty means everything, which is much.
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn fields_get(
        &self,
        model: &str,
        attributes: &[&str],
    ) -> Result<BTreeMap<String, FieldInfo>, Error> {
        self.describe_fields(model, &[], attributes).await
    }

    /// Which of these fields the user may read. Fields that the model does not have are not among
    /// them either.
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn readable_fields(
        &self,
        model: &str,
        names: &[&str],
    ) -> Result<ReadableFields, Error> {
        if names.is_empty() {
            return Ok(ReadableFields::default());
        }
        let fields = self.describe_fields(model, names, &["type"]).await?;
        Ok(ReadableFields::of(model, fields.into_keys()))
    }

    /// Which of the optional fields of a record, nested ones included, the user may read: one call
    /// for each model that has any.
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn readable<R: Record>(&self) -> Result<ReadableFields, Error> {
        let mut models: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (model, field) in R::specification().optional_fields() {
            models.entry(model).or_default().push(field);
        }
        let mut readable = ReadableFields::default();
        for (model, fields) in models {
            readable = readable.merge(&self.readable_fields(model, &fields).await?);
        }
        Ok(readable)
    }

    async fn describe_fields(
        &self,
        model: &str,
        names: &[&str],
        attributes: &[&str],
    ) -> Result<BTreeMap<String, FieldInfo>, Error> {
        let call = self
            .reading(model, "fields_get")
            .arg_some("allfields", Some(names).filter(|names| !names.is_empty()))
            .arg_some(
                "attributes",
                Some(attributes).filter(|attributes| !attributes.is_empty()),
            );
        let value = self.perform(&call).await?;
        let misfit = |error| DecodeError::malformed("descriptions of fields", &error);
        Ok(serde_json::from_value(value).map_err(misfit)?)
    }
}

fn text_or_false<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        _ => None,
    })
}

/// Selections computed by a method can come as something else than pairs of texts.
fn pairs_or_nothing<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(String, String)>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let pair = |pair: &Value| {
        let text = |index| pair.get(index).and_then(Value::as_str).map(str::to_owned);
        Some((text(0)?, text(1)?))
    };
    Ok(value
        .as_array()
        .map(|pairs| pairs.iter().filter_map(pair).collect())
        .unwrap_or_default())
}
