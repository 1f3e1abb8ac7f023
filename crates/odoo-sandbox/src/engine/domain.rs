//! Search domains: the prefix form that clients send, as a tree.
//!
//! Not for their meaning on a model; see `condition`.

use serde_json::Value as Json;

use super::{
    error::{OdooError, Result},
    python,
};

/// How deep domains may nest before they are refused, as Python's recursion limit would.
const MAX_DEPTH: usize = 64;

/// A domain.
#[derive(Clone, Debug)]
pub(super) enum Domain {
    Always(bool),
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Leaf(Condition),
}

/// One `[field, operator, value]`.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) field: String,
    pub(super) operator: String,
    pub(super) value: Json,
}

impl Condition {
    /// The text that Odoo appends to errors about a condition.
    pub(super) fn shown(&self) -> String {
        format!(
            " in condition ({}, {}, {})",
            python::repr_text(&self.field),
            python::repr_text(&self.operator),
            self.shown_value()
        )
    }

    fn shown_value(&self) -> String {
        let nested = matches!(self.operator.as_str(), "any" | "not any");
        if nested && self.value.as_array().is_some_and(Vec::is_empty) {
            return "[(1, '=', 1)]".to_owned();
        }
        python::repr(&self.value)
    }
}

impl Domain {
    /// Reads the prefix form; conditions next to each other are joined by "and".
    pub(super) fn parse(json: &Json) -> Result<Self> {
        let Some(items) = json.as_array() else {
            let shown = python::repr(json);
            let text = format!("Domain() invalid argument type for domain: {shown}");
            return Err(OdooError::kind(text));
        };
        let malformed = || {
            let shown = python::repr(json);
            OdooError::value(format!("Domain() malformed domain {shown}"))
        };
        let mut stack: Vec<(Self, usize)> = Vec::new();
        for item in items.iter().rev() {
            let (node, depth) = match item.as_str() {
                Some("!") => {
                    let (inner, depth) = stack.pop().ok_or_else(malformed)?;
                    (Self::Not(Box::new(inner)), depth)
                }
                Some(operator @ ("&" | "|")) => {
                    let (left, depth) = stack.pop().ok_or_else(malformed)?;
                    let (right, other) = stack.pop().ok_or_else(malformed)?;
                    (Self::pair(operator == "&", left, right), depth.max(other))
                }
                _ => (Self::leaf(item)?, 0),
            };
            if depth >= MAX_DEPTH {
                let text = "maximum recursion depth exceeded";
                return Err(OdooError::other("builtins.RecursionError", text));
            }
            stack.push((node, depth + 1));
        }
        stack.reverse();
        Ok(Self::All(stack.into_iter().map(|(node, _)| node).collect()))
    }

    /// Whether a condition names this very field.
    pub(super) fn names(&self, field: &str) -> bool {
        self.fields().contains(&field)
    }

    /// Every field that a condition names.
    pub(super) fn fields(&self) -> Vec<&str> {
        match self {
            Self::Always(_) => Vec::new(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::fields).collect(),
            Self::Not(inner) => inner.fields(),
            Self::Leaf(condition) => vec![&condition.field],
        }
    }

    /// Joins two domains and keeps chains of one operator flat.
    fn pair(all: bool, left: Self, right: Self) -> Self {
        let mut parts = match (all, left) {
            (true, Self::All(parts)) | (false, Self::Any(parts)) => parts,
            (_, left) => vec![left],
        };
        match (all, right) {
            (true, Self::All(more)) | (false, Self::Any(more)) => parts.extend(more),
            (_, right) => parts.push(right),
        }
        if all {
            Self::All(parts)
        } else {
            Self::Any(parts)
        }
    }

    fn leaf(item: &Json) -> Result<Self> {
        let invalid = || {
            let shown = python::repr(item);
            OdooError::value(format!("Domain() invalid item in domain: {shown}"))
        };
        let Some([field, operator, value]) = item.as_array().map(Vec::as_slice) else {
            return Err(invalid());
        };
        let Json::String(operator) = operator else {
            let class = python::class(operator);
            let text = format!("'{class}' object has no attribute 'lower'");
            return Err(OdooError::other("builtins.AttributeError", text));
        };
        unhashable(operator, value)?;
        match (field, operator.as_str(), value.as_i64()) {
            (Json::String(field), ..) => Ok(Self::Leaf(Condition {
                field: field.clone(),
                operator: operator.to_lowercase(),
                value: value.clone(),
            })),
            (Json::Number(left), "=", Some(1)) if left.as_i64() == Some(1) => {
                Ok(Self::Always(true))
            }
            (Json::Number(left), "=", Some(1)) if left.as_i64() == Some(0) => {
                Ok(Self::Always(false))
            }
            _ => Err(OdooError::kind(format!(
                "Domain() invalid arguments: ({}, {}, {})",
                python::repr(field),
                python::repr_text(operator),
                python::repr(value)
            ))),
        }
    }
}

/// Values that are compared for equality go into a Python set, which takes neither lists nor dicts.
fn unhashable(operator: &str, value: &Json) -> Result<()> {
    let equality = matches!(operator, "=" | "!=" | "<>" | "==" | "in" | "not in");
    let one = std::slice::from_ref(value);
    let values = value.as_array().map_or(one, Vec::as_slice);
    let nested = values
        .iter()
        .find(|value| value.is_array() || value.is_object());
    match nested.filter(|_| equality) {
        Some(nested) => {
            let class = python::class(nested);
            Err(OdooError::kind(format!("unhashable type: '{class}'")))
        }
        None => Ok(()),
    }
}
