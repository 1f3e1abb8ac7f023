//! Which master keys a store was used with.

use std::collections::HashMap;

use crate::store::{
    KeyMark, StoreError,
    connection::{Connection, Verb},
};

pub(super) struct Compare {
    pub(super) marks: Vec<KeyMark>,
    pub(super) needed: Vec<String>,
}

impl Verb for Compare {
    type Out = Vec<String>;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const KNOWN: &str = "SELECT kid, mark FROM key_marks";
        const NOTE: &str = "INSERT INTO key_marks (kid, mark) VALUES ($1, $2) \
             ON CONFLICT (kid) DO UPDATE SET mark = excluded.mark";
        let mut known = HashMap::new();
        for mut row in connection.query(KNOWN, vec![]).await? {
            known.insert(row.text()?, row.optional_digest()?);
        }
        let is_known = |own: &KeyMark| known.get(&own.kid).map(|mark| *mark == Some(own.mark));
        let others = self
            .marks
            .iter()
            .filter(|own| self.needed.contains(&own.kid) && is_known(own) == Some(false));
        let others: Vec<String> = others.map(|own| own.kid.clone()).collect();
        if others.is_empty() {
            for own in self.marks.iter().filter(|own| is_known(own) != Some(true)) {
                let values = vec![own.kid.as_str().into(), own.mark.to_vec().into()];
                connection.query(NOTE, values).await?;
            }
        }
        Ok(others)
    }
}
