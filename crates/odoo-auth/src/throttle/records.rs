//! Who failed from where, and who signed in from where.
//!
//! Not for what follows from it for Odoo's count (`tally.rs`). A name is counted together with the
//! network it is tried from, so what a stranger does under somebody's name elsewhere is nothing to
//! the person. All of it is in memory: after a restart everybody's record is clean, which is what
//! lets people in.

use jiff::{SignedDuration, Timestamp};

use super::{Network, memory::Memory};
use crate::crypto;

/// For how long the failures of a name from a network hold that name back there.
const PAIR_MEMORY: SignedDuration = SignedDuration::from_mins(15);
/// How long a name waits there after its second and each further failure.
const PAIR_PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// For how long the failures of a network are on its record.
const RECORD_MEMORY: SignedDuration = SignedDuration::from_hours(24);
/// For how long it is remembered from where somebody signed in.
const HOME_MEMORY: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The most failed names remembered of a network; two are as suspicious as many.
const MAX_FAILED_NAMES: usize = 4;
/// The most networks remembered for one name: home, office, the phone, a few journeys. Nobody makes
/// us forget other people's by travelling.
const MAX_HOMES: usize = 8;

/// A login name, by its digest: people type passwords where the login belongs, and those are not
/// kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Name([u8; 32]);

/// A login name and the network it is tried from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Who {
    pub(super) name: Name,
    pub(super) network: Network,
}

/// What is to be expected of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// This name signed in from this network before, and has not failed here lately.
    Known,
    /// Nothing speaks against it.
    Clean,
    /// Something does.
    Marked(Mark),
}

/// What speaks against an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// How much: this name's failures here, and how many other names failed here. Whoever guesses
    /// has to try again or to try many names.
    pub(super) weight: usize,
    /// All failures of the network since somebody signed in from it.
    pub(super) failures: u32,
    /// How long ago the last of them was.
    pub(super) ago: SignedDuration,
}

/// The failures of a network since somebody signed in from it.
#[derive(Debug, Default)]
struct Record {
    failures: u32,
    /// Names that failed, as many as matter.
    names: Vec<Name>,
}

#[derive(Debug)]
pub(super) struct Records {
    pairs: Memory<Who, Vec<Timestamp>>,
    failed: Memory<Network, Record>,
    homes: Memory<Name, Vec<Network>>,
    visited: Memory<Network, ()>,
}

impl Name {
    pub(super) fn of(login: &str) -> Self {
        Self(crypto::sha256(login.trim().to_lowercase().as_bytes()))
    }
}

impl Records {
    pub(super) fn new() -> Self {
        Self {
            pairs: Memory::new(PAIR_MEMORY),
            failed: Memory::new(RECORD_MEMORY),
            homes: Memory::new(HOME_MEMORY),
            visited: Memory::new(HOME_MEMORY),
        }
    }

    pub(super) fn standing(&self, who: &Who, now: Timestamp) -> Standing {
        let own = self.pairs.get(who, now).map_or(0, |(all, _)| all.len());
        // In an office, or at home, one person's typing errors are nothing to the next; where
        // nobody ever signed in, many names are those of somebody who guesses.
        let others = match self.is_visited(who.network, now) {
            true => 0,
            false => self.others_failed(who, now),
        };
        match (own + others, self.failed.get(&who.network, now)) {
            (weight @ 1.., Some((record, ago))) => Standing::Marked(Mark {
                weight,
                failures: record.failures,
                ago,
            }),
            _ if self.is_home(who, now) => Standing::Known,
            _ => Standing::Clean,
        }
    }

    /// How long a name has to wait for its own failures from a network, when `most` are too many.
    pub(super) fn pause_of(&self, who: &Who, most: usize, now: Timestamp) -> SignedDuration {
        let Some((failures, _)) = self.pairs.get(who, now) else {
            return SignedDuration::ZERO;
        };
        let ago = |at: &Timestamp| now.duration_since(*at);
        let mut recent = failures.iter().rev().map(ago);
        let recent: Vec<_> = recent
            .by_ref()
            .take_while(|ago| *ago < PAIR_MEMORY)
            .collect();
        match recent.get(most - 1) {
            Some(ago) => PAIR_MEMORY - *ago,
            None if recent.len() > 1 => PAIR_PAUSE - recent[0],
            None => SignedDuration::ZERO,
        }
    }

    pub(super) fn failed(&mut self, who: &Who, most: usize, now: Timestamp) {
        let failures = self.pairs.touch(who, now);
        failures.push(now);
        // No more are asked for than would hold the name back.
        failures.drain(..failures.len().saturating_sub(most));
        let record = self.failed.touch(&who.network, now);
        record.failures = record.failures.saturating_add(1);
        if !record.names.contains(&who.name) && record.names.len() < MAX_FAILED_NAMES {
            record.names.push(who.name);
        }
    }

    pub(super) fn succeeded(&mut self, who: &Who, now: Timestamp) {
        self.pairs.remove(who);
        self.failed.remove(&who.network);
        self.visited.touch(&who.network, now);
        let homes = self.homes.touch(&who.name, now);
        homes.retain(|known| *known != who.network);
        homes.push(who.network);
        homes.drain(..homes.len().saturating_sub(MAX_HOMES));
    }

    /// Whether anybody signed in from a network.
    pub(super) fn is_visited(&self, network: Network, now: Timestamp) -> bool {
        self.visited.get(&network, now).is_some()
    }

    /// Whether a name ever signed in.
    pub(super) fn has_signed_in(&self, name: &Name, now: Timestamp) -> bool {
        self.homes.get(name, now).is_some()
    }

    fn is_home(&self, who: &Who, now: Timestamp) -> bool {
        let homes = self.homes.get(&who.name, now);
        homes.is_some_and(|(homes, _)| homes.contains(&who.network))
    }

    fn others_failed(&self, who: &Who, now: Timestamp) -> usize {
        let record = self.failed.get(&who.network, now);
        let names = record.into_iter().flat_map(|(record, _)| &record.names);
        names.filter(|name| **name != who.name).count()
    }
}
