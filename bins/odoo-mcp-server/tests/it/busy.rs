//! One person asks without end while Odoo is slow: the others notice nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use odoo_sandbox::Fault;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::person::Person;
use crate::program::Company;

/// How long this Odoo thinks about each call.
const ODOO_THINKS: Duration = Duration::from_millis(400);
/// More calls than Odoo gets while this goes on.
const MAX_ODOO_CALLS: usize = 10_000;
/// Alice's loops, each with a connection of its own.
const LOOPS: usize = 600;
/// Emil's calls, one after the other.
const CALLS: usize = 10;

/// Somebody's calls that go on until they are stopped, and how many were answered well.
struct Loops {
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
    tasks: JoinSet<()>,
}

impl Loops {
    fn start(person: &Person) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let answered = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        for _ in 0..LOOPS {
            let (person, stop) = (person.clone(), Arc::clone(&stop));
            let answered = Arc::clone(&answered);
            tasks.spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let answer = person.try_call("list_companies", json!({})).await;
                    if answer.status.is_success() && answer.json()["result"]["isError"] == false {
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        Self {
            stop,
            answered,
            tasks,
        }
    }

    /// Waits until Odoo has as many of the calls as one person gets.
    async fn under_way(&self, least: usize) {
        while self.answered.load(Ordering::Relaxed) < least {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn stop(mut self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        self.tasks.abort_all();
        self.answered.load(Ordering::Relaxed)
    }
}

/// The slowest of a person's calls; each must be answered well.
async fn slowest(person: &Person) -> Duration {
    let mut slowest = Duration::ZERO;
    for _ in 0..CALLS {
        let started = Instant::now();
        let answer: Value = person.call("search_employees", json!({})).await;
        assert_eq!(answer["isError"], false, "{answer}");
        slowest = slowest.max(started.elapsed());
    }
    slowest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn six_hundred_loops_of_alice_hold_up_nobody() {
    let company = Company::open().await;
    let (alice, emil) = (company.person("alice").await, company.person("emil").await);
    company
        .sandbox
        .inject(Fault::Slow(ODOO_THINKS), MAX_ODOO_CALLS);
    let alone = slowest(&emil).await;

    let loops = Loops::start(&alice);
    loops.under_way(8).await;
    let among_others = slowest(&emil).await;
    let answered = loops.stop();

    assert!(
        among_others <= alone * 3,
        "emil's slowest of {CALLS}: {among_others:?} beside {LOOPS} loops, {alone:?} alone; \
         {answered} answers for alice"
    );
}
