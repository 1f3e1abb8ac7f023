//! kill -9 while people sign in and refresh over HTTP: what was acknowledged is there, what was
//! consumed stays consumed. `OMCP_KILLS` sets the number of rounds.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::installation::Installation;
use crate::person::Person;
use crate::visitor::{Tokens, Visitor};

/// How many acknowledgements a server gets to give before it dies, by turns.
const PATIENCE: [usize; 4] = [1, 4, 9, 15];

/// What the clients of one round were told.
#[derive(Default)]
struct Told {
    connections: Mutex<Vec<Vec<Tokens>>>,
    answers: AtomicUsize,
    enough: Notify,
}

impl Told {
    fn answered(&self, patience: usize) {
        if self.answers.fetch_add(1, Ordering::SeqCst) + 1 == patience {
            self.enough.notify_one();
        }
    }

    fn keep(&self, place: Option<usize>, tokens: Tokens) -> usize {
        let mut connections = self.connections.lock().expect("no panic elsewhere");
        let place = place.unwrap_or_else(|| {
            connections.push(Vec::new());
            connections.len() - 1
        });
        connections[place].push(tokens);
        place
    }
}

/// Signs in and refreshes until the server is gone.
async fn work(client: Visitor, login: &'static str, told: Arc<Told>, patience: usize) {
    while let Some(mut tokens) = client.try_sign_in(login).await {
        let place = told.keep(None, tokens.clone());
        told.answered(patience);
        for _ in 0..4 {
            let Some(answer) = client.try_refresh(&tokens.refresh).await else {
                return;
            };
            tokens = Tokens::of(&answer);
            told.keep(Some(place), tokens.clone());
            told.answered(patience);
        }
    }
}

/// All but the last are spent: each was followed by a refresh with its successor, except the one
/// before the last, whose successor may still be unused.
async fn check(client: &Visitor, url: &str, connection: &[Tokens]) {
    let (last, older) = connection.split_last().expect("a token");
    let works = Person::with_token(url, &last.access).initialize().await;
    assert_eq!(works.status, StatusCode::OK, "an acknowledged token");
    let renewed = Tokens::of(&client.refresh(&last.refresh).await);
    let works = Person::with_token(url, &renewed.access).initialize().await;
    assert_eq!(works.status, StatusCode::OK, "its successor");
    // Last, because reuse may end the connection.
    for spent in &older[..older.len().saturating_sub(1)] {
        let refused = client.refresh(&spent.refresh).await;
        assert_eq!(refused.json()["error"], "invalid_grant", "a consumed token");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_point_nothing_acknowledged_is_lost() {
    let rounds = std::env::var("OMCP_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(200);
    let company = Installation::new().await;
    let server = company.serve().await;
    let client = Visitor::discover(&server.url).await;
    server.kill().await;

    let (mut starts, mut connections) = (Vec::new(), 0);
    for round in 0..rounds {
        let begun = Instant::now();
        let server = company.serve().await;
        starts.push(begun.elapsed());
        let (told, patience) = (Arc::new(Told::default()), PATIENCE[round % PATIENCE.len()]);
        let mut clients = JoinSet::new();
        for login in ["alice", "emil", "tara"] {
            clients.spawn(work(client.clone(), login, Arc::clone(&told), patience));
        }
        told.enough.notified().await;
        server.kill().await;
        while let Some(client) = clients.join_next().await {
            client.expect("a client that saw nothing wrong");
        }

        let server = company.serve().await;
        let told = std::mem::take(&mut *told.connections.lock().expect("no panic elsewhere"));
        connections += told.len();
        for connection in &told {
            check(&client, &server.url, connection).await;
        }
        server.kill().await;
    }
    assert!(connections >= rounds, "{connections} in {rounds} rounds");
    starts.sort();
    let usual = starts[starts.len() / 2];
    assert!(usual < Duration::from_secs(1), "a start takes {usual:?}");
}
