//! The queue before Odoo: places for calls in flight, given out in turn among those who ask.
//!
//! Not for how long a call takes once it has its place (`pool`).
//!
//! Odoo's workers are few, so calls wait here instead of there. One line for everybody would let
//! whoever asks most push all others back; hence a line for each *flow* (one person's calls), a
//! bound on the places that one flow holds, and a round among the flows that wait.

use std::collections::{HashMap, VecDeque};
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

/// Calls of one flow that may wait. Beyond this many a further one is refused at once: it could
/// not get its place in time, and what waits takes memory.
const MAX_WAITING: usize = 1_024;

/// Whose calls stand in one line; calls without a name are bounded only together with all others.
pub(crate) type Flow = Option<Arc<str>>;

/// Why a call got no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoPlace {
    /// The flow's own calls hold all the places that it may have.
    OwnCalls,
    /// The calls of all together hold all places.
    AllCalls,
}

/// The places and the lines before them. Clones share both.
#[derive(Clone)]
pub(crate) struct Queue(Arc<Inner>);

struct Inner {
    max_per_flow: usize,
    max_together: usize,
    lines: Mutex<Lines>,
}

/// The invariant between two locks: while a place is free, no flow stands in `round`.
struct Lines {
    free: usize,
    /// Flows with a call in flight or waiting; others are forgotten.
    flows: HashMap<Flow, Line>,
    /// Flows that wait and may have one more place, each once, the longest waiting first.
    round: VecDeque<Flow>,
}

#[derive(Default)]
struct Line {
    in_flight: usize,
    waiting: VecDeque<oneshot::Sender<Place>>,
    in_round: bool,
}

/// A place; dropping it lets the next one in.
pub(crate) struct Place {
    queue: Queue,
    flow: Flow,
}

/// Places that were just given out, to be handed over once the lock is released: a place that
/// nobody takes any more is dropped, and that locks again.
type Granted = Vec<(oneshot::Sender<Place>, Place)>;

impl Queue {
    /// A queue with `max_together` places, of which one flow gets `max_per_flow` at most; at least
    /// one each.
    pub(crate) fn new(max_together: usize, max_per_flow: usize) -> Self {
        let max_together = max_together.max(1);
        Self(Arc::new(Inner {
            max_per_flow: max_per_flow.max(1),
            max_together,
            lines: Mutex::new(Lines {
                free: max_together,
                flows: HashMap::new(),
                round: VecDeque::new(),
            }),
        }))
    }

    /// How many places one call's flow may hold.
    pub(crate) fn max_of(&self, flow: &Flow) -> usize {
        match flow {
            Some(_) => self.0.max_per_flow,
            None => self.0.max_together,
        }
    }

    /// A place, in turn, waiting for `patience` at most.
    pub(crate) async fn place(&self, flow: &Flow, patience: Duration) -> Result<Place, NoPlace> {
        let turn = match self.enter(flow)? {
            Entered::Place(place) => return Ok(place),
            Entered::Line(turn) => turn,
        };
        match timeout(patience, turn).await {
            Ok(Ok(place)) => Ok(place),
            // Nobody drops a waiting sender but the queue itself, which lives as long as we do.
            Ok(Err(_)) => Err(NoPlace::AllCalls),
            Err(_) => Err(self.reason(flow)),
        }
    }

    fn enter(&self, flow: &Flow) -> Result<Entered, NoPlace> {
        let max = self.max_of(flow);
        let mut lines = self.lines();
        let free = lines.free > 0;
        let line = lines.flows.entry(flow.clone()).or_default();
        if free && line.in_flight < max {
            line.in_flight += 1;
            lines.free -= 1;
            return Ok(Entered::Place(self.hand(flow)));
        }
        if line.waiting.len() >= MAX_WAITING {
            line.waiting.retain(|turn| !turn.is_closed());
        }
        if line.waiting.len() >= MAX_WAITING {
            return Err(NoPlace::OwnCalls);
        }
        let (sender, turn) = oneshot::channel();
        line.waiting.push_back(sender);
        lines.join_round(flow, max);
        Ok(Entered::Line(turn))
    }

    fn release(&self, flow: &Flow) {
        let mut lines = self.lines();
        lines.free += 1;
        if let Some(line) = lines.flows.get_mut(flow) {
            line.in_flight -= 1;
        }
        lines.join_round(flow, self.max_of(flow));
        let granted = self.grant(&mut lines);
        lines.forget_if_idle(flow);
        drop(lines);
        for (turn, place) in granted {
            // Who has stopped waiting gives the place back by dropping it here.
            drop(turn.send(place));
        }
    }

    /// Gives out what is free, one place to each flow in turn.
    fn grant(&self, lines: &mut Lines) -> Granted {
        let mut granted = Granted::new();
        while lines.free > 0 {
            let Some(flow) = lines.round.pop_front() else {
                break;
            };
            if let Some(turn) = lines.next_of(&flow) {
                granted.push((turn, self.hand(&flow)));
            }
            lines.join_round(&flow, self.max_of(&flow));
            lines.forget_if_idle(&flow);
        }
        granted
    }

    fn hand(&self, flow: &Flow) -> Place {
        Place {
            queue: self.clone(),
            flow: flow.clone(),
        }
    }

    fn reason(&self, flow: &Flow) -> NoPlace {
        let lines = self.lines();
        let held = lines.flows.get(flow).map_or(0, |line| line.in_flight);
        match flow.is_some() && held >= self.max_of(flow) {
            true => NoPlace::OwnCalls,
            false => NoPlace::AllCalls,
        }
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        // Nothing between lock and release can panic; if it did, the counts would still be whole.
        self.0.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Entered {
    Place(Place),
    Line(oneshot::Receiver<Place>),
}

impl Lines {
    /// Puts a flow at the end of the round if it waits and may have one more place.
    fn join_round(&mut self, flow: &Flow, max: usize) {
        let Some(line) = self.flows.get_mut(flow) else {
            return;
        };
        let may = !line.waiting.is_empty() && line.in_flight < max;
        if may && !mem::replace(&mut line.in_round, true) {
            self.round.push_back(flow.clone());
        }
    }

    /// Takes the first of a flow's line who still waits, with a place for it.
    fn next_of(&mut self, flow: &Flow) -> Option<oneshot::Sender<Place>> {
        let line = self.flows.get_mut(flow)?;
        line.in_round = false;
        while let Some(turn) = line.waiting.pop_front() {
            if !turn.is_closed() {
                line.in_flight += 1;
                self.free -= 1;
                return Some(turn);
            }
        }
        None
    }

    fn forget_if_idle(&mut self, flow: &Flow) {
        let idle = |line: &Line| line.in_flight == 0 && line.waiting.is_empty();
        if self.flows.get(flow).is_some_and(idle) {
            self.flows.remove(flow);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.queue.release(&self.flow);
    }
}
