//! The count of failed sign-ins, and what follows from it.
//!
//! Not for clocks and locks (`sign_in.rs`). With Odoo's limit at five failures in a row:
//!
//! * One name may fail three times in a quarter of an hour, so that nobody's typing errors alone
//!   bring Odoo's count to where the next failure shuts everybody out.
//! * Attempts under way count as failures until they are over.
//! * Where one more failure would trip Odoo's cooldown, one attempt is made at a time; those who
//!   failed lately wait, others go on: most likely they are right, which sets Odoo's count to zero.
//! * When it has tripped all the same, those come first who signed in from this address before.
//!   A stranger with many names can therefore not keep people out who are at their usual place.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    net::IpAddr,
};

use jiff::{SignedDuration, Timestamp};

use super::{Buckets, Held, HeldBy, OdooCooldown};

/// For how long the failures of a name are remembered.
const MEMORY: SignedDuration = SignedDuration::from_mins(15);
/// The most failures of one name within that, where Odoo's limit allows as many.
const FAILURES_OF_ONE: u32 = 5;
/// How long a name waits after its second and each further failure.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// How long an attempt waits for the end of another, as people are told.
const TURN: SignedDuration = SignedDuration::from_secs(2);
/// For how long an address is known after a sign-in from it.
const KNOWN: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The most names, and the most addresses, that are remembered.
const MOST: usize = 10_000;

/// A login name, in lower case, and the network it is tried from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) name: String,
    pub(super) network: IpAddr,
}

#[derive(Debug)]
pub(super) struct Tally {
    cooldown: OdooCooldown,
    names: HashMap<String, VecDeque<Timestamp>>,
    /// Failures by network: four at once, then three a minute. One person's three leave one.
    networks: Buckets<IpAddr>,
    /// The same for networks from which somebody has signed in: an office is one address.
    known_networks: Buckets<IpAddr>,
    known: HashMap<IpAddr, Timestamp>,
    keys: Buckets<IpAddr>,
    under_way: HashSet<String>,
    failures: u32,
    last_failure: Option<Timestamp>,
}

impl Tally {
    pub(super) fn new(cooldown: OdooCooldown) -> Self {
        Self {
            cooldown,
            names: HashMap::new(),
            networks: Buckets::new(4, SignedDuration::from_secs(20)),
            known_networks: Buckets::new(20, SignedDuration::from_secs(6)),
            known: HashMap::new(),
            keys: Buckets::new(10, SignedDuration::from_secs(6)),
            under_way: HashSet::new(),
            failures: 0,
            last_failure: None,
        }
    }

    /// Notes an attempt as under way, unless something holds it back.
    pub(super) fn admit(&mut self, who: &Who, now: Timestamp) -> Result<(), Held> {
        self.forget(now);
        let wait = self.wait_of(&who.name, now);
        held(wait, HeldBy::Login)?;
        let wait = self.failures_from(who.network, now).wait(&who.network, now);
        held(wait, HeldBy::Address)?;
        held(self.wait_for_odoo(who, now), HeldBy::Everybody)?;
        let one_at_a_time = self.last_one();
        let could_fail = self.failures.saturating_add(self.under_way());
        let no_room = could_fail >= one_at_a_time && !self.under_way.is_empty();
        if no_room || self.under_way.contains(&who.name) {
            held(TURN, HeldBy::Turn)?;
        }
        self.under_way.insert(who.name.clone());
        Ok(())
    }

    pub(super) fn admit_key(&mut self, network: IpAddr, now: Timestamp) -> Result<(), Held> {
        let taken = self.keys.take(&network, now);
        taken.or_else(|wait| held(wait, HeldBy::Address))
    }

    pub(super) fn is_over(&mut self, who: &Who) {
        self.under_way.remove(&who.name);
    }

    pub(super) fn succeeded(&mut self, who: &Who, now: Timestamp) {
        self.names.remove(&who.name);
        self.known.insert(who.network, now);
        self.failures = 0;
        self.last_failure = None;
    }

    pub(super) fn failed(&mut self, who: &Who, now: Timestamp) {
        self.names
            .entry(who.name.clone())
            .or_default()
            .push_back(now);
        // It may be empty already, when several failed at once; they do not wait the longer.
        let _ = self.failures_from(who.network, now).take(&who.network, now);
        self.failures = self.failures.saturating_add(1);
        self.last_failure = Some(now);
    }

    pub(super) fn odoo_refuses(&mut self, now: Timestamp) {
        self.failures = self.failures.max(self.cooldown.after);
        self.last_failure = Some(now);
    }

    /// With so many failures the next one trips Odoo's cooldown.
    fn last_one(&self) -> u32 {
        match self.cooldown.after {
            0 => u32::MAX,
            after => after - 1,
        }
    }

    fn under_way(&self) -> u32 {
        u32::try_from(self.under_way.len()).unwrap_or(u32::MAX)
    }

    fn is_known(&self, network: IpAddr, now: Timestamp) -> bool {
        let since = self.known.get(&network);
        since.is_some_and(|at| now.duration_since(*at) < KNOWN)
    }

    fn failures_from(&mut self, network: IpAddr, now: Timestamp) -> &mut Buckets<IpAddr> {
        if self.is_known(network, now) {
            &mut self.known_networks
        } else {
            &mut self.networks
        }
    }

    /// How long one login name has to wait for its own failures.
    fn wait_of(&mut self, name: &str, now: Timestamp) -> SignedDuration {
        let most = self.last_one().saturating_sub(1).clamp(1, FAILURES_OF_ONE) as usize;
        let Some(failures) = self.names.get_mut(name) else {
            return SignedDuration::ZERO;
        };
        failures.retain(|at| now.duration_since(*at) < MEMORY);
        match (failures.len(), failures.back()) {
            (count, _) if count >= most => MEMORY - now.duration_since(failures[count - most]),
            (2.., Some(last)) => PAUSE - now.duration_since(*last),
            _ => SignedDuration::ZERO,
        }
    }

    /// How long to wait because of everybody's failures.
    fn wait_for_odoo(&self, who: &Who, now: Timestamp) -> SignedDuration {
        let Some(since) = self.last_failure.map(|at| now.duration_since(at)) else {
            return SignedDuration::ZERO;
        };
        let failed = self.names.get(&who.name).is_some_and(|all| !all.is_empty());
        let pauses = if self.failures < self.last_one() {
            0
        } else if self.failures == self.last_one() {
            2 * i32::from(failed)
        } else {
            1 + i32::from(failed || !self.is_known(who.network, now))
        };
        self.cooldown.pause * pauses - since
    }

    /// Makes room, when there is none.
    fn forget(&mut self, now: Timestamp) {
        if self.names.len() >= MOST {
            let recent = |at: &Timestamp| now.duration_since(*at) < MEMORY;
            self.names
                .retain(|_, failures| failures.back().is_some_and(recent));
        }
        if self.names.len() >= MOST {
            self.names.clear();
        }
        if self.known.len() >= MOST {
            self.known.retain(|_, at| now.duration_since(*at) < KNOWN);
        }
        if self.known.len() >= MOST {
            self.known.clear();
        }
    }
}

/// Held back when there is something to wait for.
fn held(wait: SignedDuration, by: HeldBy) -> Result<(), Held> {
    match wait.is_positive() {
        true => Err(Held { wait, by }),
        false => Ok(()),
    }
}
