//! Odoo's search domains, written with `&`, `|` and `!`.
//!
//! A domain is kept as the flat list of tokens that goes over the wire (prefix notation), never as
//! a tree: nothing here recurses, however many conditions are combined.

use std::ops::{BitAnd, BitOr, Not};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::ToValue;

/// A search condition. See [`field`] for how to make one.
///
/// ```
/// use odoo_json2::{Domain, field};
/// use serde_json::json;
///
/// let domain = field("state").eq("posted")
///     & (field("amount_residual").gt(0) | !field("partner_id.name").ilike("50%"));
/// assert_eq!(domain.to_json(), json!([
///     ["state", "=", "posted"],
///     "|", ["amount_residual", ">", 0], "!", ["partner_id.name", "ilike", "50\\%"],
/// ]));
/// assert_eq!(Domain::all().to_json(), json!([]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Domain {
    /// Prefix notation with every operator explicit. Empty means "every record".
    tokens: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    And,
    Or,
    Not,
    Condition(Value),
}

/// A raw domain that is not one: says which element is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a search domain: {0}")]
pub struct DomainError(String);

/// The beginning of a condition on a field; dots walk over relations (`"partner_id.country_id"`).
pub fn field(path: impl Into<String>) -> Field {
    Field { path: path.into() }
}

/// A field that waits for its comparison, made by [`field`].
#[derive(Clone, Debug)]
#[must_use = "a field alone is no condition"]
pub struct Field {
    path: String,
}

impl Domain {
    /// Every record.
    pub fn all() -> Self {
        Self { tokens: Vec::new() }
    }

    /// No record.
    pub fn none() -> Self {
        Self::condition("id", "in", json!([]))
    }

    /// Records that meet at least one of the domains; none at all when there are none.
    pub fn any_of(domains: impl IntoIterator<Item = Domain>) -> Self {
        Self::join(Token::Or, domains).unwrap_or_else(Self::none)
    }

    /// Records that meet all of the domains; every record when there are none.
    pub fn all_of(domains: impl IntoIterator<Item = Domain>) -> Self {
        Self::join(Token::And, domains).unwrap_or_else(Self::all)
    }

    /// Takes a domain as Odoo writes it, for instance from a configuration file.
    ///
    /// # Errors
    /// When an element is neither `"&"`, `"|"`, `"!"` nor a `[field, operator, value]`, or when an
    /// operator lacks its operands.
    pub fn raw(domain: Value) -> Result<Self, DomainError> {
        let Value::Array(elements) = domain else {
            return Err(DomainError("expected a list".to_owned()));
        };
        let mut tokens = Vec::with_capacity(elements.len());
        for element in elements {
            tokens.push(Token::parse(element)?);
        }
        let terms = count_terms(&tokens)?;
        let mut all = vec![Token::And; terms.saturating_sub(1)];
        all.append(&mut tokens);
        Ok(Self { tokens: all })
    }

    /// Whether this is [`Domain::all`].
    pub fn is_all(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The domain in Odoo's prefix notation. The outermost `&` are left out, as Odoo implies them.
    pub fn to_json(&self) -> Value {
        let implied = self
            .tokens
            .iter()
            .take_while(|token| **token == Token::And)
            .count();
        self.tokens
            .iter()
            .skip(implied)
            .map(Token::to_json)
            .collect()
    }

    fn condition(path: impl Into<String>, operator: &str, value: Value) -> Self {
        let condition = Value::Array(vec![path.into().into(), operator.into(), value]);
        Self {
            tokens: vec![Token::Condition(condition)],
        }
    }

    /// Joins with one operator. Operators of the same kind at the head of an operand move to the
    /// front, which keeps the terms in order and equal domains equal, however they were grouped.
    fn join(operator: Token, domains: impl IntoIterator<Item = Domain>) -> Option<Self> {
        let mut operators = 0;
        let mut terms = Vec::new();
        let mut any = false;
        for domain in domains {
            if domain.is_all() {
                if operator == Token::Or {
                    return Some(Self::all());
                }
                any = true;
                continue;
            }
            let own = domain
                .tokens
                .iter()
                .take_while(|token| **token == operator)
                .count();
            operators += own + usize::from(!terms.is_empty());
            terms.extend(domain.tokens.into_iter().skip(own));
            any = true;
        }
        let mut tokens = vec![operator; operators];
        tokens.append(&mut terms);
        any.then_some(Self { tokens })
    }
}

impl Token {
    fn parse(element: Value) -> Result<Self, DomainError> {
        match element.as_str() {
            Some("&") => return Ok(Self::And),
            Some("|") => return Ok(Self::Or),
            Some("!") => return Ok(Self::Not),
            _ => {}
        }
        let parts = element.as_array().map(Vec::as_slice);
        let named = |part: &Value| part.is_string() || part.is_i64();
        match parts {
            Some([path, Value::String(_), _]) if named(path) => Ok(Self::Condition(element)),
            _ => Err(DomainError(format!("unexpected element {element}"))),
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::And => Value::from("&"),
            Self::Or => Value::from("|"),
            Self::Not => Value::from("!"),
            Self::Condition(condition) => condition.clone(),
        }
    }
}

/// How many complete terms stand one after the other.
fn count_terms(tokens: &[Token]) -> Result<usize, DomainError> {
    let mut terms: usize = 0;
    for token in tokens.iter().rev() {
        let needed = match token {
            Token::Condition(_) => 0,
            Token::Not => 1,
            Token::And | Token::Or => 2,
        };
        terms = terms
            .checked_sub(needed)
            .ok_or_else(|| DomainError("an operator lacks its operands".to_owned()))?
            + 1;
    }
    Ok(terms)
}

impl BitAnd for Domain {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self::all_of([self, other])
    }
}

impl BitOr for Domain {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self::any_of([self, other])
    }
}

impl Not for Domain {
    type Output = Self;

    fn not(self) -> Self {
        if self.is_all() {
            return Self::none();
        }
        let mut tokens = self.tokens;
        if tokens.first() == Some(&Token::Not) {
            tokens.remove(0);
        } else {
            tokens.insert(0, Token::Not);
        }
        Self { tokens }
    }
}

impl Default for Domain {
    fn default() -> Self {
        Self::all()
    }
}

impl ToValue for Domain {
    fn to_value(self) -> Value {
        self.to_json()
    }
}

impl Serialize for Domain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl Field {
    /// Equal. `eq(None::<i64>)` is [`is_not_set`](Self::is_not_set).
    pub fn eq(self, value: impl ToValue) -> Domain {
        self.compare("=", value)
    }

    /// Not equal.
    pub fn ne(self, value: impl ToValue) -> Domain {
        self.compare("!=", value)
    }

    /// Less than. Dates may be relative to the user's day, such as `"today -1y"` (new in 19).
    pub fn lt(self, value: impl ToValue) -> Domain {
        self.compare("<", value)
    }

    /// Less than or equal.
    pub fn lte(self, value: impl ToValue) -> Domain {
        self.compare("<=", value)
    }

    /// Greater than.
    pub fn gt(self, value: impl ToValue) -> Domain {
        self.compare(">", value)
    }

    /// Greater than or equal.
    pub fn gte(self, value: impl ToValue) -> Domain {
        self.compare(">=", value)
    }

    /// One of the values.
    pub fn in_<T: ToValue>(self, values: impl IntoIterator<Item = T>) -> Domain {
        self.compare("in", values.into_iter().collect::<Vec<_>>())
    }

    /// None of the values.
    pub fn not_in<T: ToValue>(self, values: impl IntoIterator<Item = T>) -> Domain {
        self.compare("not in", values.into_iter().collect::<Vec<_>>())
    }

    /// Contains the text, letter case included. `%`, `_` and `\` stand for themselves.
    pub fn like(self, text: &str) -> Domain {
        self.compare("like", escape_like(text))
    }

    /// Does not contain the text, letter case included.
    pub fn not_like(self, text: &str) -> Domain {
        self.compare("not like", escape_like(text))
    }

    /// Contains the text, whatever the letter case. `%`, `_` and `\` stand for themselves.
    pub fn ilike(self, text: &str) -> Domain {
        self.compare("ilike", escape_like(text))
    }

    /// Does not contain the text, whatever the letter case.
    pub fn not_ilike(self, text: &str) -> Domain {
        self.compare("not ilike", escape_like(text))
    }

    /// Matches the whole pattern, whatever the letter case: `%` is any text and `_` any character.
    pub fn ilike_pattern(self, pattern: &str) -> Domain {
        self.compare("=ilike", pattern)
    }

    /// Is the record or one below it in the hierarchy of the model.
    pub fn child_of(self, id: impl ToValue) -> Domain {
        self.compare("child_of", id)
    }

    /// Is the record or one above it in the hierarchy of the model.
    pub fn parent_of(self, id: impl ToValue) -> Domain {
        self.compare("parent_of", id)
    }

    /// Has a value. On a boolean field: is true.
    pub fn is_set(self) -> Domain {
        self.compare("!=", false)
    }

    /// Is empty. On a boolean field: is false.
    pub fn is_not_set(self) -> Domain {
        self.compare("=", false)
    }

    /// At least one related record meets the domain.
    pub fn any(self, domain: Domain) -> Domain {
        self.compare("any", domain)
    }

    /// No related record meets the domain.
    pub fn not_any(self, domain: Domain) -> Domain {
        self.compare("not any", domain)
    }

    fn compare(self, operator: &str, value: impl ToValue) -> Domain {
        Domain::condition(self.path, operator, value.to_value())
    }
}

/// Takes their special meaning from the characters that `LIKE` gives one.
fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
