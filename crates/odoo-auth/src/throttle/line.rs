//! Those who wait while others' sign-ins are under way: a bounded number, and of each network a
//! few, so that nobody fills the line alone.
//!
//! Not for whose turn it is (`tally.rs`).

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::Network;

/// The most who wait at the same time.
const MAX_WAITING: usize = 200;
/// The most of one network: an office that begins its day.
const MAX_WAITING_OF_ONE: usize = 50;

#[derive(Debug, Default)]
pub(super) struct Line(Mutex<HashMap<Network, usize>>);

/// A place in the line, given back when dropped.
#[derive(Debug)]
pub(super) struct Place<'a> {
    line: &'a Line,
    network: Network,
}

impl Line {
    /// A place, unless the line is full.
    pub(super) fn enter(&self, network: Network) -> Option<Place<'_>> {
        let mut waiting = self.waiting();
        let all: usize = waiting.values().sum();
        let own = waiting.get(&network).copied().unwrap_or(0);
        if all >= MAX_WAITING || own >= MAX_WAITING_OF_ONE {
            return None;
        }
        waiting.insert(network, own + 1);
        let line = self;
        Some(Place { line, network })
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Network, usize>> {
        // The numbers are right after each statement, so a panic elsewhere has not spoilt them.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut waiting = self.line.waiting();
        if let Some(own) = waiting.get_mut(&self.network) {
            *own -= 1;
            if *own == 0 {
                waiting.remove(&self.network);
            }
        }
    }
}
