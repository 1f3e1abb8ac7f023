//! Token buckets by key, bounded in number.
//!
//! Not for deciding what a key is.

use std::{collections::HashMap, hash::Hash};

use jiff::{SignedDuration, Timestamp};

/// The most keys remembered; beyond, those that are full again are forgotten, then any.
const MOST: usize = 10_000;

/// A bucket for each key: `burst` at once, then one more each `refill`.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    burst: i64,
    refill: SignedDuration,
    /// When the bucket of a key will be full again; a key that is not here has a full one.
    full_at: HashMap<K, Timestamp>,
}

impl<K: Eq + Hash + Clone> Buckets<K> {
    pub(crate) fn new(burst: i64, refill: SignedDuration) -> Self {
        Self {
            burst,
            refill,
            full_at: HashMap::new(),
        }
    }

    /// Takes one, or says how long until there is one.
    pub(crate) fn take(&mut self, key: &K, now: Timestamp) -> Result<(), SignedDuration> {
        let wait = self.wait(key, now);
        if wait.is_positive() {
            return Err(wait);
        }
        self.make_room(now);
        let full_at = self.full_at.get(key).map_or(now, |at| (*at).max(now));
        self.full_at
            .insert(key.clone(), later(full_at, self.refill));
        Ok(())
    }

    /// How long until `take` would succeed; zero or less means now.
    pub(crate) fn wait(&self, key: &K, now: Timestamp) -> SignedDuration {
        let Some(full_at) = self.full_at.get(key) else {
            return SignedDuration::ZERO;
        };
        let most = self
            .refill
            .as_millis()
            .saturating_mul(i128::from(self.burst - 1));
        let behind = full_at.duration_since(now).as_millis() - most;
        SignedDuration::from_millis(i64::try_from(behind).unwrap_or(i64::MAX))
    }

    fn make_room(&mut self, now: Timestamp) {
        if self.full_at.len() < MOST {
            return;
        }
        self.full_at.retain(|_, at| *at > now);
        if self.full_at.len() >= MOST {
            // So many keys at once are an attack by many addresses or names; the limits over all
            // of them hold, and memory is worth more than remembering each.
            self.full_at.clear();
        }
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(at)
}
