//! Things that wait for a client, of which there may be so many and no more.
//!
//! Not for things that we are at work on. When there are too many, the one that has waited
//! longest is given up, so that whoever makes us wait stands in nobody's way: an honest client is
//! done long before its turn to be given up comes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// What waits, oldest first.
#[derive(Debug)]
pub(crate) struct Waits {
    max: usize,
    list: Mutex<List>,
}

#[derive(Debug, Default)]
struct List {
    next: u64,
    waiting: BTreeMap<u64, CancellationToken>,
}

/// One of them, until it is dropped.
#[derive(Debug)]
pub(crate) struct Wait {
    waits: Arc<Waits>,
    number: u64,
}

impl Waits {
    pub(crate) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self {
            max: max.max(1),
            list: Mutex::default(),
        })
    }

    /// Adds one, which is told through `give_up` when its time has come.
    pub(crate) fn add(self: &Arc<Self>, give_up: CancellationToken) -> Wait {
        let mut list = self.lock();
        let oldest = if list.waiting.len() >= self.max {
            list.waiting.pop_first()
        } else {
            None
        };
        let number = list.next;
        list.next += 1;
        list.waiting.insert(number, give_up);
        drop(list);
        if let Some((_, oldest)) = oldest {
            oldest.cancel();
        }
        Wait {
            waits: Arc::clone(self),
            number,
        }
    }

    /// No code panics while it holds this lock, and a list is one after a panic too.
    fn lock(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.waits.lock().waiting.remove(&self.number);
    }
}
