//! The guard against ending everybody's grant at once.
//!
//! One revoked key is one dead grant. Many within a minute are more likely an Odoo that was
//! restored from a backup, a wrong database behind the same address, or a proxy that answers in
//! Odoo's words; then nobody is logged out until a person has looked. Not for grants that their
//! owners or operators end.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

use crate::{clock, grant::GrantId};

const WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// This many different grants within the window are too many, however many there are.
const TOO_MANY: usize = 5;
/// One grant in five is too many, from this many on; or a small team could never lose one.
const LEAST_FOR_SHARE: usize = 3;
/// Enough to judge by; more would only take room.
const MOST_REMEMBERED: usize = 1000;

/// Remembers which grants were about to end lately.
#[derive(Debug, Default)]
pub(crate) struct DeathWatch {
    recent: Mutex<VecDeque<(Timestamp, GrantId)>>,
}

impl DeathWatch {
    /// Whether this grant may end, with so many alive.
    pub(crate) fn admits(&self, id: GrantId, active: u64, now: Timestamp) -> bool {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = clock::before(now, WINDOW);
        recent.retain(|(at, other)| *at > oldest && *other != id);
        recent.push_back((now, id));
        if recent.len() > MOST_REMEMBERED {
            recent.pop_front();
        }
        let dying = recent.len();
        // Those that ended within the window are no longer among the active ones.
        let share = (dying as u64).saturating_mul(5) > active.saturating_add(dying as u64);
        dying < TOO_MANY && !(dying >= LEAST_FOR_SHARE && share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::Entropy;

    fn ids(count: usize) -> Vec<GrantId> {
        let entropy = Entropy::predictable(1);
        (0..count)
            .map(|_| GrantId::fresh(&entropy).unwrap())
            .collect()
    }

    #[test]
    fn single_deaths_pass_and_a_wave_is_held() {
        let (watch, now) = (DeathWatch::default(), Timestamp::UNIX_EPOCH);
        let verdicts: Vec<_> = ids(6)
            .into_iter()
            .map(|id| watch.admits(id, 1000, now))
            .collect();
        assert_eq!(verdicts, [true, true, true, true, false, false]);
        let later = clock::after(now, SignedDuration::from_secs(61));
        assert!(watch.admits(ids(1)[0], 1000, later));
    }

    #[test]
    fn a_fifth_of_a_small_company_is_a_wave_but_one_person_is_not() {
        let (watch, now) = (DeathWatch::default(), Timestamp::UNIX_EPOCH);
        let verdicts: Vec<_> = ids(3)
            .into_iter()
            .map(|id| watch.admits(id, 4, now))
            .collect();
        assert_eq!(verdicts, [true, true, false]);
    }

    #[test]
    fn asking_twice_about_one_grant_is_one_death() {
        let (watch, now) = (DeathWatch::default(), Timestamp::UNIX_EPOCH);
        let one = ids(1)[0];
        assert!((0..20).all(|_| watch.admits(one, 4, now)));
    }
}
