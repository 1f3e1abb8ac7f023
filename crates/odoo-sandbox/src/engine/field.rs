//! How a field is declared.
//!
//! Not for reading or writing values; see `record`, `read` and `write`.

use serde_json::Value as Json;

use super::{cell::Cell, env::Env, record::Record};

/// The groups of a field that only the sandbox itself reads.
pub(crate) const NOBODY: &[&str] = &["."];

/// Computes the value of a field for one record, reading as superuser.
pub(crate) type Compute = fn(&Record<'_>) -> Cell;
/// Computes the default of a field for a new record.
pub(crate) type Default = fn(&Env) -> Cell;

/// The type of a field with what belongs to it.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Char,
    Text,
    Html,
    Boolean,
    Integer,
    Float,
    /// With the name of the many2one to `res.currency`.
    Monetary(&'static str),
    Date,
    DateTime,
    /// Keys with labels.
    Selection(&'static [(&'static str, &'static str)]),
    /// With the model it points at.
    Many2one(&'static str),
    /// With the model it lists and the many2one there that points back.
    One2many(&'static str, &'static str),
    /// With the model it lists.
    Many2many(&'static str),
    Json,
    Binary,
}

/// Where a field's value comes from.
#[derive(Clone)]
pub(crate) enum Source {
    /// A column of the table.
    Stored,
    /// A function, evaluated at each reading.
    Computed(Compute),
    /// Another field, reached over many2one fields.
    Related(&'static str),
}

/// The declaration of one field.
#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) kind: Kind,
    pub(crate) source: Source,
    /// Behaves as a column in `order`, group-by and aggregates, even if it is computed here.
    pub(crate) column: bool,
    /// Whether a domain may name it.
    pub(crate) searchable: bool,
    pub(crate) required: bool,
    pub(crate) readonly: bool,
    /// Only members of one of these groups (XML ids) may read or write it.
    pub(crate) groups: &'static [&'static str],
    pub(crate) default: Option<Json>,
    pub(crate) default_fn: Option<Default>,
    pub(crate) help: Option<&'static str>,
    /// `false` for fields that `copy` leaves out.
    pub(crate) copy: bool,
    /// Must name a record of the same company as its own.
    pub(crate) check_company: bool,
    /// Odoo reads the record behind this many2one as soon as it is written, so that a missing one is told as such.
    pub(crate) followed: bool,
    /// The aggregate of the field when none is named, `sum` for numbers.
    pub(crate) aggregator: Option<&'static str>,
    /// The record goes when the one it points at goes.
    pub(crate) cascade: bool,
    /// Archived records are hidden in this x2many unless the context says `active_test: false`.
    pub(crate) active_test: bool,
}

impl Field {
    /// A single line of text.
    pub(crate) fn char(name: &'static str) -> Self {
        Self::new(name, Kind::Char)
    }

    /// Several lines of text.
    pub(crate) fn text(name: &'static str) -> Self {
        Self::new(name, Kind::Text)
    }

    /// HTML, sanitised when written.
    pub(crate) fn html(name: &'static str) -> Self {
        Self::new(name, Kind::Html)
    }

    /// True or false; never empty.
    pub(crate) fn boolean(name: &'static str) -> Self {
        Self::new(name, Kind::Boolean)
    }

    /// A whole number; reads 0 when empty.
    pub(crate) fn integer(name: &'static str) -> Self {
        Self::new(name, Kind::Integer).aggregator("sum")
    }

    /// A number; reads 0.0 when empty.
    pub(crate) fn float(name: &'static str) -> Self {
        Self::new(name, Kind::Float).aggregator("sum")
    }

    /// An amount in the currency that the many2one `currency` names.
    pub(crate) fn monetary(name: &'static str, currency: &'static str) -> Self {
        Self::new(name, Kind::Monetary(currency)).aggregator("sum")
    }

    /// A day.
    pub(crate) fn date(name: &'static str) -> Self {
        Self::new(name, Kind::Date)
    }

    /// A moment in UTC.
    pub(crate) fn datetime(name: &'static str) -> Self {
        Self::new(name, Kind::DateTime)
    }

    /// One of some keys.
    pub(crate) fn selection(
        name: &'static str,
        keys: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self::new(name, Kind::Selection(keys))
    }

    /// A reference to one record of `model`.
    pub(crate) fn many2one(name: &'static str, model: &'static str) -> Self {
        Self::new(name, Kind::Many2one(model))
    }

    /// The records of `model` whose many2one `inverse` names this one.
    pub(crate) fn one2many(name: &'static str, model: &'static str, inverse: &'static str) -> Self {
        Self::new(name, Kind::One2many(model, inverse)).no_copy()
    }

    /// A set of records of `model`.
    pub(crate) fn many2many(name: &'static str, model: &'static str) -> Self {
        Self::new(name, Kind::Many2many(model))
    }

    /// A JSON document.
    pub(crate) fn json(name: &'static str) -> Self {
        Self::new(name, Kind::Json)
    }

    /// Bytes, as base64.
    pub(crate) fn binary(name: &'static str) -> Self {
        Self::new(name, Kind::Binary)
    }

    /// The label people see; without it one is made of the name, as Odoo does.
    pub(crate) fn label(mut self, label: &'static str) -> Self {
        label.clone_into(&mut self.label);
        self
    }

    /// The tooltip.
    pub(crate) fn help(mut self, help: &'static str) -> Self {
        self.help = Some(help);
        self
    }

    /// A value is needed at creation.
    pub(crate) fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Shown as not editable; a write is still accepted, as in Odoo, except on computed fields.
    pub(crate) fn readonly(mut self) -> Self {
        self.readonly = true;
        self
    }

    /// Shown as editable although it is computed or related: a hook of the model takes what is written.
    pub(crate) fn editable(mut self) -> Self {
        self.readonly = false;
        self
    }

    /// Restricts the field to members of one of `groups`.
    pub(crate) fn groups(mut self, groups: &'static [&'static str]) -> Self {
        self.groups = groups;
        self
    }

    /// A fixed default, in the form `create` takes.
    pub(crate) fn default(mut self, value: impl Into<Json>) -> Self {
        self.default = Some(value.into());
        self
    }

    /// A default that depends on the environment.
    pub(crate) fn default_fn(mut self, value: Default) -> Self {
        self.default_fn = Some(value);
        self
    }

    /// Computed at each reading and not a column: it cannot be grouped, ordered or searched by.
    pub(crate) fn compute(mut self, compute: Compute) -> Self {
        self.source = Source::Computed(compute);
        self.column = false;
        self.searchable = false;
        self.readonly = true;
        self.copy = false;
        self
    }

    /// The value of another field, reached over many2one fields: `"company_id.currency_id"`.
    pub(crate) fn related(mut self, path: &'static str) -> Self {
        self.source = Source::Related(path);
        self.column = false;
        self.searchable = true;
        self.readonly = true;
        self.copy = false;
        self
    }

    /// A computed or related field that Odoo stores: it can be grouped, ordered and searched by.
    pub(crate) fn stored(mut self) -> Self {
        self.column = true;
        self.searchable = true;
        self
    }

    /// A computed field that has a search method.
    pub(crate) fn searchable(mut self) -> Self {
        self.searchable = true;
        self
    }

    /// Left out by `copy`.
    pub(crate) fn no_copy(mut self) -> Self {
        self.copy = false;
        self
    }

    /// Refuses records of another company than the record's own.
    pub(crate) fn check_company(mut self) -> Self {
        self.check_company = true;
        self
    }

    /// Says that a missing record is told as such, and not as a broken foreign key.
    pub(crate) fn followed(mut self) -> Self {
        self.followed = true;
        self
    }

    /// Removes the record when the one this many2one points at is removed (`ondelete='cascade'`).
    pub(crate) fn cascade(mut self) -> Self {
        self.cascade = true;
        self
    }

    /// The aggregate that Odoo uses when none is named.
    pub(crate) fn aggregator(mut self, name: &'static str) -> Self {
        self.aggregator = Some(name);
        self
    }

    /// Has no aggregate of its own.
    pub(crate) fn without_aggregator(mut self) -> Self {
        self.aggregator = None;
        self
    }

    /// Lists archived records too, as `context={'active_test': False}` on a field does.
    pub(crate) fn with_archived(mut self) -> Self {
        self.active_test = false;
        self
    }

    /// The model a relational field leads to.
    pub(crate) fn relation(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Many2one(model) | Kind::One2many(model, _) | Kind::Many2many(model) => {
                Some(model)
            }
            _ => None,
        }
    }

    /// Whether the value is a list of ids.
    pub(crate) fn is_x2many(&self) -> bool {
        matches!(self.kind, Kind::One2many(..) | Kind::Many2many(_))
    }

    /// Whether a row of the table holds the value.
    pub(crate) fn has_column(&self) -> bool {
        matches!(self.source, Source::Stored) && !matches!(self.kind, Kind::One2many(..))
    }

    /// The type by its name on the wire.
    pub(crate) fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Char => "char",
            Kind::Text => "text",
            Kind::Html => "html",
            Kind::Boolean => "boolean",
            Kind::Integer => "integer",
            Kind::Float => "float",
            Kind::Monetary(_) => "monetary",
            Kind::Date => "date",
            Kind::DateTime => "datetime",
            Kind::Selection(_) => "selection",
            Kind::Many2one(_) => "many2one",
            Kind::One2many(..) => "one2many",
            Kind::Many2many(_) => "many2many",
            Kind::Json => "json",
            Kind::Binary => "binary",
        }
    }

    fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            label: label_of(name),
            kind,
            source: Source::Stored,
            column: true,
            searchable: true,
            required: false,
            readonly: false,
            groups: &[],
            default: None,
            default_fn: None,
            help: None,
            copy: true,
            check_company: false,
            followed: false,
            aggregator: None,
            cascade: false,
            active_test: true,
        }
    }
}

/// `invoice_line_ids` reads "Invoice Line": what Odoo makes of a field without a label.
fn label_of(name: &str) -> String {
    let stem = name
        .strip_suffix("_ids")
        .or_else(|| name.strip_suffix("_id"))
        .unwrap_or(name);
    let words = stem.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().collect::<String>() + letters.as_str()
        })
    });
    words.collect::<Vec<_>>().join(" ")
}
