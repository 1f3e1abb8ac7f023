//! Whose call is next when more want to be made than Odoo is given at once.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use odoo_json2::{Domain, Error, Limits, Odoo};
use proptest::{collection::vec, prelude::*};
use tokio::{
    runtime,
    sync::Semaphore,
    task::{JoinHandle, yield_now},
};
use tower::service_fn;

/// An Odoo that notes who asks, and answers as many calls as it is told to.
#[derive(Clone)]
struct BusyOdoo {
    asked: Arc<Mutex<Vec<String>>>,
    answers: Arc<Semaphore>,
}

impl BusyOdoo {
    fn new() -> Self {
        Self {
            asked: Arc::default(),
            answers: Arc::new(Semaphore::new(0)),
        }
    }

    fn client(&self, limits: Limits) -> Odoo {
        let odoo = self.clone();
        let service = service_fn(move |request: Request<Bytes>| {
            let odoo = odoo.clone();
            async move {
                let key = request.headers()["authorization"].to_str().unwrap();
                let who = key.trim_start_matches("bearer ").to_owned();
                odoo.asked.lock().unwrap().push(who);
                odoo.answers.acquire().await.unwrap().forget();
                let answer = Response::builder().header("content-type", "application/json");
                Ok::<_, Infallible>(answer.body(Bytes::from_static(b"3")).unwrap())
            }
        });
        let odoo = Odoo::builder("https://odoo.example.com").database("larkspur");
        odoo.limits(limits).service(service).build().unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Answers one call and waits until the next one, if there is one, is made.
    async fn answer_one(&self) {
        self.answers.add_permits(1);
        settle().await;
    }
}

/// Lets every task go on until it waits.
async fn settle() {
    for _ in 0..100 {
        yield_now().await;
    }
}

fn person(odoo: &Odoo, name: &str) -> Odoo {
    odoo.with_key(name).with_flow(name)
}

fn ask(odoo: &Odoo) -> JoinHandle<Result<usize, Error>> {
    let odoo = odoo.clone();
    tokio::spawn(async move { odoo.count("res.partner", Domain::all()).await })
}

fn limits(max_in_flight: usize, max_in_flight_per_flow: usize) -> Limits {
    Limits {
        max_in_flight,
        max_in_flight_per_flow,
        read: Duration::from_secs(600),
        queue: Duration::from_secs(20),
        ..Limits::default()
    }
}

#[tokio::test(start_paused = true)]
async fn who_asks_much_leaves_places_for_the_others() {
    let busy = BusyOdoo::new();
    let odoo = busy.client(limits(32, 4));
    let (alice, emil) = (person(&odoo, "alice"), person(&odoo, "emil"));
    for _ in 0..600 {
        ask(&alice);
    }
    settle().await;
    assert_eq!(busy.asked(), ["alice"; 4], "four of alice's and no more");
    ask(&emil);
    settle().await;
    assert_eq!(busy.asked()[4..], ["emil"], "emil's at once");
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_take_turns() {
    let busy = BusyOdoo::new();
    let odoo = busy.client(limits(1, 1));
    let people = ["alice", "emil", "tara"].map(|name| person(&odoo, name));
    for (calls, person) in [5, 2, 1].into_iter().zip(&people) {
        for _ in 0..calls {
            ask(person);
            settle().await;
        }
    }
    for _ in 0..8 {
        busy.answer_one().await;
    }
    assert_eq!(
        busy.asked(),
        [
            "alice", "emil", "tara", "alice", "emil", "alice", "alice", "alice"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_and_says_whose_calls_were_too_many() {
    let busy = BusyOdoo::new();
    let odoo = busy.client(limits(3, 2));
    let (alice, emil) = (person(&odoo, "alice"), person(&odoo, "emil"));
    let _flying = [ask(&alice), ask(&alice), ask(&emil)];
    settle().await;
    let started = tokio::time::Instant::now();
    let too_many = alice.count("res.partner", Domain::all()).await;
    assert_eq!(too_many, Err(Error::TooManyAtOnce { limit: 2 }));
    assert_eq!(started.elapsed(), Duration::from_secs(20));
    let crowded = emil.count("res.partner", Domain::all()).await;
    assert!(matches!(crowded, Err(Error::Busy { .. })), "{crowded:?}");
    assert_eq!(busy.asked().len(), 3, "neither was made");
}

#[tokio::test(start_paused = true)]
async fn the_keys_of_one_person_share_a_line_and_another_key_begins_its_own() {
    let busy = BusyOdoo::new();
    let odoo = busy.client(limits(32, 1));
    let web = odoo.with_key("alice-web").with_flow("alice");
    let phone = odoo.with_key("alice-phone").with_flow("alice");
    for client in [&web, &phone, &web.with_key("emil"), &odoo.with_key("emil")] {
        ask(client);
        settle().await;
    }
    assert_eq!(busy.asked(), ["alice-web", "emil", "emil"]);
    busy.answer_one().await;
    assert_eq!(busy.asked()[3..], ["alice-phone"]);
}

#[tokio::test(start_paused = true)]
async fn a_line_has_an_end() {
    let busy = BusyOdoo::new();
    let alice = person(&busy.client(limits(32, 1)), "alice");
    let waiting: Vec<_> = (0..1_025).map(|_| ask(&alice)).collect();
    settle().await;
    let refused = alice.count("res.partner", Domain::all()).await;
    assert_eq!(refused, Err(Error::TooManyAtOnce { limit: 1 }));
    // Those who gave up make room.
    waiting.iter().skip(1).take(10).for_each(JoinHandle::abort);
    settle().await;
    let late = ask(&alice);
    settle().await;
    assert!(!late.is_finished());
}

/// One step of many people: somebody asks, somebody gives up, Odoo answers.
#[derive(Clone, Debug)]
enum Step {
    Ask(usize),
    GiveUp(usize),
    Answer,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..4_usize).prop_map(Step::Ask),
        1 => any::<prop::sample::Index>().prop_map(|which| Step::GiveUp(which.index(64))),
        2 => Just(Step::Answer),
    ];
    vec(step, 1..64)
}

proptest! {
    /// Whatever happens, no bound is passed and no place is lost.
    #[test]
    fn no_place_is_lost(steps in steps()) {
        let mut runtime = runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let busy = BusyOdoo::new();
            let odoo = busy.client(limits(3, 2));
            let people: Vec<Odoo> = (0..4).map(|n| person(&odoo, &format!("p{n}"))).collect();
            let mut calls = Vec::new();
            for step in steps {
                match step {
                    Step::Ask(who) => calls.push(ask(&people[who])),
                    Step::GiveUp(which) => {
                        if let Some(call) = calls.get(which) {
                            call.abort();
                        }
                    }
                    Step::Answer => busy.answer_one().await,
                }
                settle().await;
            }
            calls.iter().for_each(JoinHandle::abort);
            settle().await;
            // All three places are free again, and exactly three.
            busy.answers.forget_permits(usize::MAX);
            let before = busy.asked().len();
            for person in &people {
                ask(person);
            }
            settle().await;
            prop_assert_eq!(busy.asked().len() - before, 3);
            Ok(())
        })?;
    }
}
