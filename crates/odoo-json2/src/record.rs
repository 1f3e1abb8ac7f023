//! Records: the structs that are the query.

use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value, json};

use crate::{Context, DecodeError, ReadableFields};

/// A struct whose fields are fields of an Odoo model.
///
/// Derive it; see the [crate documentation](crate#records) for the attributes. A record must not
/// contain itself, directly or through others: its specification would have no end.
pub trait Record: Sized + Send + 'static {
    /// The technical name of the model, such as `account.move`.
    const MODEL: &'static str;

    /// What to ask Odoo for (`web_read`, `web_search_read`). The derive computes it once.
    fn specification() -> Specification;

    /// Reads one record as those methods return it.
    ///
    /// # Errors
    /// When a field is absent or of another type.
    fn decode(record: &Value) -> Result<Self, DecodeError>;
}

/// A struct whose fields are the columns of a grouped result. Derive it.
///
/// A column marked `#[odoo(optional)]` may be absent, when not every query groups by it.
pub trait GroupRow: Sized + Send + 'static {
    /// Reads one row of `formatted_read_group`.
    ///
    /// # Errors
    /// When a column is absent or of another type.
    fn decode(row: &Value) -> Result<Self, DecodeError>;
}

/// Which fields of a model to read, and how deep: Odoo's *specification*. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Specification(Arc<Shape>);

#[derive(Clone, Debug, Default)]
struct Shape {
    model: &'static str,
    fields: Vec<(&'static str, FieldOptions)>,
    json: OnceLock<Value>,
}

/// What a field type asks for below the field itself.
#[derive(Clone, Debug, Default)]
pub enum Nested {
    /// The bare value: an id, where it is a relation.
    #[default]
    Nothing,
    /// The name of the related record.
    Name,
    /// Fields of the related records.
    Record(Specification),
}

/// How one field is asked for.
#[derive(Clone, Debug, Default)]
pub struct FieldOptions {
    /// What is asked for below a relation.
    pub nested: Nested,
    /// Leave the field out when [`ReadableFields`] do not list it.
    pub optional: bool,
    /// At most so many related records.
    pub limit: Option<usize>,
    /// The order of the related records.
    pub order: Option<&'static str>,
    /// A context for the related records, such as `active_test: false`.
    pub context: Option<Context>,
}

impl Specification {
    /// A specification of the model without fields: only the id is read.
    pub fn of(model: &'static str) -> Self {
        Self(Arc::new(Shape {
            model,
            ..Shape::default()
        }))
    }

    /// Adds a field.
    #[must_use]
    pub fn field(self, name: &'static str, options: FieldOptions) -> Self {
        let mut shape = Arc::unwrap_or_clone(self.0);
        shape.json = OnceLock::new();
        if name != "id" {
            shape.fields.push((name, options));
        }
        Self(Arc::new(shape))
    }

    /// The model it belongs to.
    pub fn model(&self) -> &'static str {
        self.0.model
    }

    /// The specification without the optional fields that the user may not read.
    #[must_use]
    pub fn readable(&self, readable: &ReadableFields) -> Self {
        let model = self.0.model;
        let keep =
            |name: &str, options: &FieldOptions| !options.optional || readable.has(model, name);
        let kept = self
            .0
            .fields
            .iter()
            .filter(|(name, options)| keep(name, options));
        kept.fold(Self::of(model), |specification, (name, options)| {
            let mut options = options.clone();
            if let Nested::Record(nested) = &options.nested {
                options.nested = Nested::Record(nested.readable(readable));
            }
            specification.field(name, options)
        })
    }

    /// Whether any field, nested ones included, is optional.
    pub fn has_optional_fields(&self) -> bool {
        self.0
            .fields
            .iter()
            .any(|(_, options)| match &options.nested {
                _ if options.optional => true,
                Nested::Record(nested) => nested.has_optional_fields(),
                Nested::Nothing | Nested::Name => false,
            })
    }

    /// The models and names of all optional fields, nested records included.
    pub fn optional_fields(&self) -> Vec<(&'static str, &'static str)> {
        let mut found = Vec::new();
        for (name, options) in &self.0.fields {
            if options.optional {
                found.push((self.0.model, *name));
            }
            if let Nested::Record(nested) = &options.nested {
                found.extend(nested.optional_fields());
            }
        }
        found
    }

    /// The form in which Odoo takes it: `{"name": {}, "partner_id": {"fields": {…}}}`.
    pub fn to_json(&self) -> Value {
        let fields = || {
            let fields = self.0.fields.iter();
            fields
                .map(|(name, options)| ((*name).to_owned(), options.to_json()))
                .collect()
        };
        self.0.json.get_or_init(|| Value::Object(fields())).clone()
    }
}

impl FieldOptions {
    fn to_json(&self) -> Value {
        let mut options = Map::new();
        match &self.nested {
            Nested::Nothing => {}
            Nested::Name => {
                options.insert("fields".to_owned(), json!({"display_name": {}}));
            }
            Nested::Record(nested) => {
                options.insert("fields".to_owned(), nested.to_json());
            }
        }
        if let Some(limit) = self.limit {
            options.insert("limit".to_owned(), json!(limit));
        }
        if let Some(order) = self.order {
            options.insert("order".to_owned(), json!(order));
        }
        if let Some(context) = &self.context {
            options.insert("context".to_owned(), json!(context));
        }
        Value::Object(options)
    }
}
