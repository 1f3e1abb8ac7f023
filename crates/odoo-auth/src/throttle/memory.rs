//! What is remembered for some time, by key, and never more than a bound of it.
//!
//! Not for deciding what follows from it.

use std::{collections::HashMap, hash::Hash};

use jiff::{SignedDuration, Timestamp};

/// The most keys of one memory.
const MAX_KEYS: usize = 10_000;

/// Values by key, each forgotten some time after it was last touched. When there is no room, those
/// go whose time is over, and else the one that was touched longest ago: what many strangers do
/// never makes us forget everything at once.
#[derive(Debug)]
pub(super) struct Memory<K, V> {
    lifetime: SignedDuration,
    kept: HashMap<K, (Timestamp, V)>,
}

impl<K: Eq + Hash + Clone, V: Default> Memory<K, V> {
    pub(super) fn new(lifetime: SignedDuration) -> Self {
        Self {
            lifetime,
            kept: HashMap::new(),
        }
    }

    /// What is kept for a key, and for how long it was not touched.
    pub(super) fn get(&self, key: &K, now: Timestamp) -> Option<(&V, SignedDuration)> {
        let (touched, value) = self.kept.get(key)?;
        let since = now.duration_since(*touched);
        (since < self.lifetime).then_some((value, since))
    }

    /// The value of a key, touched now; a new one when there is none.
    pub(super) fn touch(&mut self, key: &K, now: Timestamp) -> &mut V {
        if self.get(key, now).is_none() {
            self.kept.remove(key);
            self.make_room(now);
        }
        let (touched, value) = self.kept.entry(key.clone()).or_insert((now, V::default()));
        *touched = now;
        value
    }

    pub(super) fn remove(&mut self, key: &K) {
        self.kept.remove(key);
    }

    fn make_room(&mut self, now: Timestamp) {
        if self.kept.len() < MAX_KEYS {
            return;
        }
        let lifetime = self.lifetime;
        self.kept
            .retain(|_, (touched, _)| now.duration_since(*touched) < lifetime);
        if self.kept.len() < MAX_KEYS {
            return;
        }
        let oldest = self.kept.iter().min_by_key(|(_, (touched, _))| *touched);
        if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
            self.kept.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[test]
    fn a_memory_is_bounded_and_forgets_the_oldest_alone() {
        let mut memory: Memory<usize, u32> = Memory::new(SignedDuration::from_hours(1));
        let start = Timestamp::UNIX_EPOCH;
        for key in 0..MAX_KEYS + 3 {
            let second = i64::try_from(key / 10).unwrap();
            *memory.touch(&key, clock::after(start, SignedDuration::from_secs(second))) += 1;
        }
        assert_eq!(memory.kept.len(), MAX_KEYS);
        let now = clock::after(start, SignedDuration::from_secs(1001));
        assert_eq!(
            (0..10).filter(|key| memory.get(key, now).is_some()).count(),
            7
        );
        assert!((10..MAX_KEYS + 3).all(|key| memory.get(&key, now).is_some()));
        // After an hour all of it has had its time, and one new key clears it away.
        let later = clock::after(now, SignedDuration::from_hours(1));
        memory.touch(&(2 * MAX_KEYS), later);
        assert_eq!(memory.kept.len(), 1);
    }
}
