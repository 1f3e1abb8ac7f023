//! The contract of the store for registered clients. First, because it counts all there are.

use odoo_auth::{ClientRecord, DeadReason, GrantId, GrantState};

use crate::{
    maker::{Bench, Maker, at},
    world::ALICE,
};

pub(crate) async fn holds(bench: Bench<'_>) {
    clients_come_once_and_make_room(bench).await;
    clients_go_with_their_grants(bench).await;
}

fn client(name: &str, seconds: u64) -> ClientRecord {
    ClientRecord {
        id: format!("client-{name}"),
        metadata: "{}".to_owned(),
        created_at: at(seconds),
        last_used_at: None,
    }
}

impl Bench<'_> {
    /// Adds a client to three at most.
    async fn register(self, name: &str, seconds: u64) -> Option<ClientRecord> {
        self.0.add_client(client(name, seconds), 3).await.unwrap()
    }

    async fn client(self, name: &str) -> Option<ClientRecord> {
        let id = format!("client-{name}");
        self.0.lookup_client(&id).await.unwrap()
    }

    async fn use_client(self, name: &str, seconds: u64) {
        let id = format!("client-{name}");
        self.0.touch_client(&id, at(seconds)).await.unwrap();
    }

    /// A living grant of a client.
    async fn connect(self, name: &str) -> GrantId {
        let maker = Maker::new();
        let mut grant = maker.grant(ALICE);
        grant.terms.client_id = format!("client-{name}");
        assert!(self.add(&grant, maker.code(grant.id)).await);
        assert!(self.consume(maker.pair(grant.id, 1), 1).await);
        grant.id
    }
}

async fn clients_come_once_and_make_room(bench: Bench<'_>) {
    assert_eq!(bench.client("a").await, None);
    let first = bench.register("a", 1).await;
    assert!(first.is_some());
    assert_eq!(bench.register("a", 9).await, first, "the first one stays");
    bench.register("b", 2).await.unwrap();
    bench.register("c", 3).await.unwrap();
    bench.use_client("a", 50).await;
    bench.register("d", 4).await.unwrap();
    assert_eq!(bench.client("b").await, None, "the oldest unused one went");
    let used = bench.client("a").await.unwrap();
    assert_eq!(used.last_used_at, Some(at(50)));
    bench.use_client("c", 60).await;
    bench.use_client("d", 70).await;
    // All are used now: who has no connection goes, the longest unused one first.
    let kept = bench.connect("a").await;
    bench.register("e", 5).await.unwrap();
    assert_eq!(bench.client("c").await, None);
    bench.use_client("e", 80).await;
    let ended = bench.connect("d").await;
    bench.connect("e").await;
    assert_eq!(bench.register("f", 6).await, None, "no room");
    let end = bench.0.end_grant(ended, DeadReason::RevokedByUser, at(90));
    assert!(end.await.unwrap());
    bench.register("f", 6).await.unwrap();
    assert_eq!(bench.client("d").await, None);
    assert!(bench.grant(kept).await.is_active());
}

async fn clients_go_with_their_grants(bench: Bench<'_>) {
    let listed = bench.0.list_clients().await.unwrap();
    let names: Vec<_> = listed
        .iter()
        .map(|(client, living)| (client.id.as_str(), *living))
        .collect();
    assert_eq!(names, [("client-f", 0), ("client-e", 1), ("client-a", 1)]);
    assert!(bench.0.has_grants("client-a").await.unwrap());
    assert!(bench.0.has_grants("client-d").await.unwrap(), "though dead");
    assert!(!bench.0.has_grants("client-f").await.unwrap());

    let remove = async |id: &str| bench.0.remove_client(id, at(99)).await.unwrap();
    let ended = remove("client-a").await.unwrap();
    assert_eq!(ended.len(), 1);
    let reason = DeadReason::RevokedByOperator;
    let state = GrantState::Dead { reason, at: at(99) };
    let grant = bench.grant(ended[0]).await;
    assert_eq!((grant.state, grant.key), (state, None));
    assert_eq!(bench.client("a").await, None);
    assert_eq!(remove("client-a").await, None);
    assert_eq!(remove("client-f").await, Some(vec![]));
    assert_eq!(remove("client-e").await.unwrap().len(), 1);
}
