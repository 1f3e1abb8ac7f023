//! The count of failed sign-ins as Odoo keeps it, and who may go on at which count.
//!
//! Not for clocks and locks (`sign_in.rs`), nor for who failed from where (`records.rs`). With
//! Odoo's limit at five failures in a row, each of which a success undoes:
//!
//! * Attempts under way count as failures until they are over.
//! * A name that failed twice on a network, or several names on one where nobody ever signed in,
//!   bring the count to three at most. From there they wait, a quarter of an hour and twice as long
//!   after each further failure of that network, unless somebody signs in meanwhile.
//! * The fourth place is for everybody else. Where one more failure would trip Odoo's cooldown, one
//!   attempt is made at a time, by people with a clean record: most likely they are right, which
//!   sets the count to zero.
//! * When it has tripped all the same, nobody is passed on to be refused. After it those come first
//!   who signed in from their network before, then clean networks, then those that failed.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use super::{
    Buckets, Held, HeldBy, Network, OdooCooldown,
    records::{Mark, Name, Records, Standing, Who},
};

/// The most failures of one name from one network within a quarter of an hour, where Odoo's limit
/// allows as many.
const FAILURES_OF_ONE: u32 = 5;
/// How long an attempt waits for the end of another, as people are told.
const TURN: SignedDuration = SignedDuration::from_secs(2);
/// After a cooldown, how much earlier than strangers those go who were here before: long enough for
/// somebody who was told how long to wait.
const HEAD_START: SignedDuration = SignedDuration::from_secs(20);
/// How long a network waits that failed two or three times, near Odoo's limit.
const BACK_OFF: SignedDuration = SignedDuration::from_mins(15);
/// How often that doubles at most: 16 hours.
const MAX_DOUBLINGS: u32 = 6;

#[derive(Debug)]
pub(super) struct Tally {
    cooldown: OdooCooldown,
    records: Records,
    /// Failures by network: four at once, then three a minute. One person's three leave one.
    networks: Buckets<Network>,
    /// The same for networks from which somebody has signed in: an office is one address.
    visited_networks: Buckets<Network>,
    keys: Buckets<Network>,
    under_way: HashSet<Who>,
    /// Odoo's count, or more.
    failures: u32,
    last_failure: Option<Timestamp>,
    /// All failures there ever were.
    failures_ever: u32,
}

impl Tally {
    pub(super) fn new(cooldown: OdooCooldown) -> Self {
        Self {
            cooldown,
            records: Records::new(),
            networks: Buckets::new(4, SignedDuration::from_secs(20)),
            visited_networks: Buckets::new(20, SignedDuration::from_secs(6)),
            keys: Buckets::new(10, SignedDuration::from_secs(6)),
            under_way: HashSet::new(),
            failures: 0,
            last_failure: None,
            failures_ever: 0,
        }
    }

    /// Notes an attempt as under way, unless something holds it back; how many failures there were
    /// before it.
    pub(super) fn admit(&mut self, who: &Who, now: Timestamp) -> Result<u32, Held> {
        let pause = self.records.pause_of(who, self.most_of_one(), now);
        held(pause, HeldBy::Login)?;
        let standing = self.records.standing(who, now);
        if standing != Standing::Known {
            let network = &who.network;
            let wait = self.failures_from(who.network, now).wait(network, now);
            held(wait, HeldBy::Address)?;
        }
        held(self.wait_for_odoo(standing, now), HeldBy::Everybody)?;
        held(self.wait_for_record(standing, now), HeldBy::Record)?;
        if self.is_full(standing) || self.under_way.contains(who) {
            held(TURN, HeldBy::Turn)?;
        }
        self.under_way.insert(*who);
        Ok(self.failures_ever)
    }

    pub(super) fn admit_key(&mut self, network: Network, now: Timestamp) -> Result<(), Held> {
        let taken = self.keys.take(&network, now);
        taken.or_else(|wait| held(wait, HeldBy::Address))
    }

    pub(super) fn is_over(&mut self, who: &Who) {
        self.under_way.remove(who);
    }

    /// Notes a success of an attempt before which there were so many failures. Those that happened
    /// while it was under way may have come after it in Odoo, which then still counts them.
    pub(super) fn succeeded(&mut self, who: &Who, before: u32, now: Timestamp) {
        self.records.succeeded(who, now);
        let meanwhile = self.failures_ever.wrapping_sub(before);
        self.failures = self.failures.min(meanwhile);
    }

    /// Notes a failure; how long the same name waits here because of it.
    pub(super) fn failed(&mut self, who: &Who, now: Timestamp) -> SignedDuration {
        let most = self.most_of_one();
        self.records.failed(who, most, now);
        // It may be empty already, when several failed at once; they do not wait the longer.
        let _ = self.failures_from(who.network, now).take(&who.network, now);
        self.failures = self.failures.saturating_add(1);
        self.failures_ever = self.failures_ever.wrapping_add(1);
        self.last_failure = Some(now);
        self.records.pause_of(who, most, now)
    }

    pub(super) fn odoo_refuses(&mut self, now: Timestamp) {
        self.failures = self.failures.max(self.cooldown.after);
        self.last_failure = Some(now);
    }

    pub(super) fn has_signed_in(&self, name: &Name, now: Timestamp) -> bool {
        self.records.has_signed_in(name, now)
    }

    /// With so many failures the next one trips Odoo's cooldown.
    fn last_place(&self) -> u32 {
        match self.cooldown.after {
            0 => u32::MAX,
            after => after - 1,
        }
    }

    /// To so many failures at most do those bring the count against whom more than one failure
    /// speaks.
    fn room_for_marked(&self) -> u32 {
        self.last_place().saturating_sub(1).max(1)
    }

    fn most_of_one(&self) -> usize {
        self.room_for_marked().min(FAILURES_OF_ONE) as usize
    }

    fn failures_from(&mut self, network: Network, now: Timestamp) -> &mut Buckets<Network> {
        if self.records.is_visited(network, now) {
            &mut self.visited_networks
        } else {
            &mut self.networks
        }
    }

    /// How long to wait because Odoo refuses everybody, as far as can be told from here.
    fn wait_for_odoo(&self, standing: Standing, now: Timestamp) -> SignedDuration {
        if self.failures <= self.last_place() {
            return SignedDuration::ZERO;
        }
        let head_start = match standing {
            Standing::Known => SignedDuration::ZERO,
            _ => HEAD_START,
        };
        self.cooldown.pause + head_start - self.since_failure(now)
    }

    /// How long to wait because of what is on record, near Odoo's limit.
    fn wait_for_record(&self, standing: Standing, now: Timestamp) -> SignedDuration {
        match standing {
            Standing::Known | Standing::Clean => SignedDuration::ZERO,
            // A single typing error is most often followed by the right password.
            Standing::Marked(Mark { weight: 1, .. }) if self.failures < self.last_place() => {
                SignedDuration::ZERO
            }
            Standing::Marked(Mark { weight: 1, .. }) => {
                self.cooldown.pause * 2 - self.since_failure(now)
            }
            Standing::Marked(_) if self.failures < self.room_for_marked() => SignedDuration::ZERO,
            Standing::Marked(mark) => {
                let doublings = mark.failures.saturating_sub(3).min(MAX_DOUBLINGS);
                BACK_OFF * (1 << doublings) - mark.ago
            }
        }
    }

    /// Whether those under way could bring the count to where this attempt may bring it no further.
    fn is_full(&self, standing: Standing) -> bool {
        let room = match standing {
            Standing::Marked(Mark { weight: 2.., .. }) => self.room_for_marked(),
            _ => self.last_place(),
        };
        let under_way = u32::try_from(self.under_way.len()).unwrap_or(u32::MAX);
        !self.under_way.is_empty() && self.failures.saturating_add(under_way) >= room
    }

    fn since_failure(&self, now: Timestamp) -> SignedDuration {
        self.last_failure
            .map_or(SignedDuration::MAX, |at| now.duration_since(at))
    }
}

/// Held back when there is something to wait for.
fn held(wait: SignedDuration, by: HeldBy) -> Result<(), Held> {
    match wait.is_positive() {
        true => Err(Held { wait, by }),
        false => Ok(()),
    }
}
