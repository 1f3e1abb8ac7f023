//! R2: random interleavings of several clients and people, with one clock.
//!
//! Invariants: no token without consent, and never for somebody else; scope and audience fixed; one
//! living branch per grant; after a replayed code or a reused refresh token nothing of the grant
//! lives. `OMCP_MACHINE_CASES` sets the number of cases.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use odoo_auth::{DeadReason, GrantId, PairState, Store, scope};
use proptest::{
    prelude::prop,
    test_runner::{Config, TestCaseError, TestRunner},
};

use crate::{
    folder::Folder,
    steps::{Step, step},
    world::{
        ALICE, CLAUDE, CLAUDE_CALLBACK, CLAUDE_CODE, EMIL, Person, RESOURCE, TARA, Tokens,
        VERIFIER, WRONG_VERIFIER, World, open_sqlite, policy,
    },
};

const PEOPLE: [Person; 3] = [ALICE, EMIL, TARA];
const CLIENTS: [&str; 2] = [CLAUDE, CLAUDE_CODE];

/// What was consented to.
struct Consented {
    client: &'static str,
    person: Person,
    scope: String,
    code: String,
    exchanged: bool,
    /// Something happened after which nothing of it may live.
    ended: bool,
}

struct Model {
    world: World,
    grants: HashMap<GrantId, Consented>,
    order: Vec<GrantId>,
    tokens: Vec<Tokens>,
    /// The refresh token that was issued last.
    heads: HashMap<GrantId, String>,
}

impl Model {
    fn pick<T>(list: &[T], index: usize) -> Option<&T> {
        (!list.is_empty()).then(|| &list[index % list.len()])
    }

    fn other(client: &str) -> &'static str {
        if client == CLAUDE {
            CLAUDE_CODE
        } else {
            CLAUDE
        }
    }

    async fn apply(&mut self, step: &Step) {
        match *step {
            Step::Consent {
                client,
                person,
                scope,
            } => self.consent(client, person, scope).await,
            Step::Abandon { client } => self.abandon(CLIENTS[client % 2]).await,
            Step::Exchange { code, right } => self.exchange(code, right).await,
            Step::Refresh { token, right } => self.refresh(token, right).await,
            Step::Use { token } => self.call(token).await,
            Step::GiveBack {
                token,
                right,
                access,
            } => self.give_back(token, right, access).await,
            Step::End { grant } => self.end(grant).await,
            Step::Pass { seconds } => self.world.pass(seconds),
            Step::Upkeep => drop(self.world.provider.maintain().await.unwrap()),
        }
    }

    async fn abandon(&self, client: &str) {
        let redirect = self.world.client(client).await.redirect_uris[0].clone();
        self.world.pending(client, &redirect).await;
    }

    async fn call(&self, token: usize) {
        if let Some(tokens) = Self::pick(&self.tokens, token) {
            self.check_access(tokens).await;
        }
    }

    async fn end(&mut self, grant: usize) {
        let Some(id) = Self::pick(&self.order, grant).copied() else {
            return;
        };
        let grants = self.world.provider.grants();
        grants.revoke(&id, DeadReason::RevokedByUser).await.unwrap();
        self.grants.get_mut(&id).unwrap().ended = true;
    }

    async fn consent(&mut self, client: usize, person: usize, words: usize) {
        let (client, person) = (CLIENTS[client % 2], PEOPLE[person % 3]);
        let chosen = scope::KNOWN
            .iter()
            .enumerate()
            .filter(|(bit, _)| (words % 15 + 1) >> bit & 1 == 1);
        let words: Vec<_> = chosen.map(|(_, word)| *word).collect();
        let redirect = if client == CLAUDE {
            CLAUDE_CALLBACK
        } else {
            "http://localhost:5000/callback"
        };
        let pending = self.world.pending(client, redirect).await;
        let code = self.world.code(&pending, person, &words).await;
        let scope = scope::canonical(&scope::of(words));
        let consented = Consented {
            client,
            person,
            scope,
            code,
            exchanged: false,
            ended: false,
        };
        self.grants.insert(pending.grant, consented);
        self.order.push(pending.grant);
    }

    async fn exchange(&mut self, code: usize, (right_client, right_verifier): (bool, bool)) {
        let Some(id) = Self::pick(&self.order, code).copied() else {
            return;
        };
        let known = &self.grants[&id];
        let client = if right_client {
            known.client
        } else {
            Self::other(known.client)
        };
        let verifier = if right_verifier {
            VERIFIER
        } else {
            WRONG_VERIFIER
        };
        let answer = self.world.exchange(client, &known.code, verifier).await;
        let (right, exchanged) = (right_client && right_verifier, known.exchanged);
        match answer {
            Ok(tokens) => {
                assert!(
                    right && !exchanged,
                    "a code is good once, for its own client"
                );
                self.keep(tokens);
                self.grants.get_mut(&id).unwrap().exchanged = true;
            }
            Err(_) if right && exchanged => {
                // Seen while the code is remembered, which is a day.
                let alive = self.world.is_alive(id).await;
                self.grants.get_mut(&id).unwrap().ended |= !alive;
            }
            Err(_) => {}
        }
    }

    async fn refresh(&mut self, token: usize, right_client: bool) {
        let Some(tokens) = Self::pick(&self.tokens, token).cloned() else {
            return;
        };
        let id = tokens.grant.id;
        let known = &self.grants[&id];
        let client = if right_client {
            known.client
        } else {
            Self::other(known.client)
        };
        let was_alive = self.world.is_alive(id).await;
        match self.world.refresh(client, &tokens.refresh).await {
            Ok(newer) => {
                assert!(right_client && !known.ended, "an ended grant was refreshed");
                assert_eq!(newer.grant.id, id);
                self.keep(newer);
            }
            Err(_) => {
                let alive = self.world.is_alive(id).await;
                assert!(
                    right_client || alive == was_alive,
                    "a stranger ended a grant"
                );
                self.grants.get_mut(&id).unwrap().ended |= was_alive && !alive;
            }
        }
    }

    async fn give_back(&mut self, token: usize, right_client: bool, access: bool) {
        let Some(tokens) = Self::pick(&self.tokens, token).cloned() else {
            return;
        };
        let id = tokens.grant.id;
        let known = &self.grants[&id];
        let client = if right_client {
            known.client
        } else {
            Self::other(known.client)
        };
        let was_alive = self.world.is_alive(id).await;
        let text = if access {
            &tokens.access
        } else {
            &tokens.refresh
        };
        self.world.give_back(text, client).await;
        let alive = self.world.is_alive(id).await;
        assert!(
            right_client || alive == was_alive,
            "a stranger ended a grant"
        );
        self.grants.get_mut(&id).unwrap().ended |= was_alive && !alive;
    }

    /// What a token opens is what was consented to, or nothing.
    async fn check_access(&self, tokens: &Tokens) -> bool {
        let Ok(live) = self.world.resolve(&tokens.access).await else {
            return false;
        };
        let known = &self.grants[&live.id];
        assert!(!known.ended && known.exchanged, "an ended grant was used");
        assert_eq!(live.account.uid, known.person.uid);
        assert_eq!(live.client_id, known.client);
        assert_eq!(
            scope::canonical(&live.scope),
            known.scope,
            "scope never changes"
        );
        assert_eq!(live.resource, RESOURCE);
        true
    }

    fn keep(&mut self, tokens: Tokens) {
        let known = &self.grants[&tokens.grant.id];
        assert_eq!(scope::canonical(&tokens.grant.scope), known.scope);
        self.follow(&tokens);
        self.tokens.push(tokens);
    }

    /// What is issued is new, and the head from now on; what is told again is the head.
    fn follow(&mut self, tokens: &Tokens) {
        let known = |other: &Tokens| other.refresh == tokens.refresh;
        let head = self.heads.insert(tokens.grant.id, tokens.refresh.clone());
        if self.tokens.iter().any(known) {
            assert_eq!(head.as_ref(), Some(&tokens.refresh), "a second branch");
        }
    }

    /// Presents every refresh token that ever was, in some order, each answer used at once: at most
    /// one per grant is accepted.
    async fn finish(&mut self, seed: u64) {
        self.world.pass(200);
        let all = self.shuffled(usize::try_from(seed).unwrap_or_default());
        let mut accepted: HashMap<GrantId, usize> = HashMap::new();
        for tokens in &all {
            let client = self.grants[&tokens.grant.id].client;
            if let Ok(newer) = self.world.refresh(client, &tokens.refresh).await {
                assert!(self.check_access(&newer).await);
                self.follow(&newer);
                *accepted.entry(tokens.grant.id).or_default() += 1;
                self.world.pass(200);
            }
        }
        assert!(
            accepted.values().all(|count| *count == 1),
            "two branches lived: {accepted:?}"
        );
        for (id, known) in &self.grants {
            let alive = self.world.is_alive(*id).await;
            assert!(!known.ended || !alive, "an ended grant lives");
        }
    }

    /// Every refresh token that ever was, in an order that the seed gives.
    fn shuffled(&self, turn: usize) -> Vec<Tokens> {
        let mut seen = HashSet::new();
        let fresh = self
            .tokens
            .iter()
            .filter(|tokens| seen.insert(&tokens.refresh));
        let mut all: Vec<_> = fresh.cloned().collect();
        let middle = turn % all.len().max(1);
        all.rotate_left(middle);
        if turn.is_multiple_of(2) {
            all.reverse();
        }
        all
    }
}

/// Runs cases over one store; grants of different cases do not meet.
pub(crate) fn runs(store: &Arc<dyn Store>, cases: u32) {
    static SEED: AtomicU64 = AtomicU64::new(1000);
    let handle = tokio::runtime::Handle::current();
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    let steps = prop::collection::vec(step(), 1..60);
    let outcome = runner.run(&steps, |steps| {
        let seed = SEED.fetch_add(1, Ordering::Relaxed);
        tokio::task::block_in_place(|| {
            handle.block_on(async {
                let world = World::over(Arc::clone(store), policy(), seed);
                let (grants, order, tokens) = (HashMap::new(), Vec::new(), Vec::new());
                let heads = HashMap::new();
                let mut model = Model {
                    world,
                    grants,
                    order,
                    tokens,
                    heads,
                };
                for step in &steps {
                    model.apply(step).await;
                }
                model.finish(seed).await;
            });
        });
        Ok::<_, TestCaseError>(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r2_any_interleaving_keeps_one_branch_and_grants_nothing_unasked() {
    let cases = std::env::var("OMCP_MACHINE_CASES")
        .ok()
        .and_then(|text| text.parse().ok());
    let folder = Folder::new();
    let store: Arc<dyn Store> = Arc::new(open_sqlite(&folder.file("store.db")));
    runs(&store, cases.unwrap_or(96));
}

#[test]
fn pair_states_have_names() {
    let at = crate::world::start();
    let states = [
        PairState::Issued,
        PairState::Live,
        PairState::Rotated { at, salt: [0; 32] },
        PairState::Spent { at, salt: None },
    ];
    assert_eq!(
        states.map(|state| state.as_str()),
        ["issued", "live", "rotated", "spent"]
    );
}
