//! JSON whose objects name each member once.
//!
//! Not for the few members that `message` knows by name; those are checked as they are read. A
//! repeated member is legal JSON but means two things at once: which one counts is up to the
//! parser, and what was checked may not be what is done.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::lenient::Text;

/// Any value in which no object repeats a member. It is looked at and not kept.
#[derive(Debug, Default)]
pub(crate) struct Unrepeated;

/// What the parser's error says; its place in the text is what matters.
const REPEATED: &str = "a member is repeated";

impl<'de> Deserialize<'de> for Unrepeated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Look)
    }
}

struct Look;

/// The scalars, which repeat nothing.
macro_rules! accept {
    ($($method:ident: $type:ty),* $(,)?) => {
        $(
            fn $method<E>(self, _: $type) -> Result<Unrepeated, E> {
                Ok(Unrepeated)
            }
        )*
    };
}

impl<'de> Visitor<'de> for Look {
    type Value = Unrepeated;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    accept! {
        visit_bool: bool,
        visit_i64: i64,
        visit_u64: u64,
        visit_f64: f64,
        visit_str: &str,
    }

    fn visit_unit<E>(self) -> Result<Unrepeated, E> {
        Ok(Unrepeated)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Unrepeated, A::Error> {
        while items.next_element::<Unrepeated>()?.is_some() {}
        Ok(Unrepeated)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Unrepeated, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = members.next_key::<Text<'de>>()? {
            if !names.insert(name.into_inner()) {
                return Err(A::Error::custom(REPEATED));
            }
            members.next_value::<Unrepeated>()?;
        }
        Ok(Unrepeated)
    }
}
