//! How sessions are shared, kept and ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use odoo_tools::{OpenError, SessionLimits, UserSession, UserSessions};

use crate::scripted::{ScriptedOdoo, noon, odoo_error};

fn scripted() -> ScriptedOdoo {
    ScriptedOdoo::new(|_, _| None)
}

#[tokio::test]
async fn a_session_knows_its_person() {
    let odoo = scripted();
    let user = odoo.session().await;
    assert_eq!(
        (user.profile().login.as_str(), user.time_zone()),
        ("alice", "Europe/Rome")
    );
    assert_eq!(user.today().to_string(), "2026-11-18");
    assert!(user.reads("account.move") && !user.reads("hr.employee"));
    assert_eq!(odoo.take_calls().len(), 3);
    assert!(!format!("{user:?}").contains("0123456789abcdef"));
}

#[tokio::test]
async fn calls_at_the_same_time_open_one_session() {
    let sessions = UserSessions::new(SessionLimits::default());
    let opened = Arc::new(AtomicUsize::new(0));
    let get = |grant: &'static str| {
        let (sessions, opened) = (sessions.clone(), Arc::clone(&opened));
        async move {
            let open = async {
                opened.fetch_add(1, Ordering::SeqCst);
                UserSession::open(scripted().client(), noon()).await
            };
            sessions.get(grant, open).await.unwrap().profile().uid
        }
    };
    tokio::join!(get("a"), get("a"), get("b"), get("a"));
    assert_eq!(opened.load(Ordering::SeqCst), 2);
    assert_eq!(sessions.count().await, 2);
    sessions.evict("a").await;
    get("a").await;
    assert_eq!(opened.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_failure_to_open_is_told_and_not_remembered() {
    let sessions = UserSessions::new(SessionLimits::default());
    let dead = ScriptedOdoo::new(|_, _| {
        Some(odoo_error(
            401,
            "werkzeug.exceptions.Unauthorized",
            "Invalid apikey",
        ))
    });
    let refused = sessions
        .get("a", UserSession::open(dead.client(), noon()))
        .await
        .unwrap_err();
    assert!(matches!(*refused, OpenError::KeyRejected), "{refused}");
    let down = ScriptedOdoo::new(|_, _| Some((503, serde_json::json!({}))));
    let down = sessions
        .get("a", UserSession::open(down.client(), noon()))
        .await
        .unwrap_err();
    assert!(matches!(*down, OpenError::Odoo(_)), "{down}");
    assert!(
        sessions
            .get("a", UserSession::open(scripted().client(), noon()))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn idle_and_surplus_sessions_are_dropped() {
    let limits = SessionLimits {
        idle: Duration::from_millis(20),
        max: 3,
        ..SessionLimits::default()
    };
    let sessions = UserSessions::new(limits);
    for grant in ["a", "b", "c", "d", "e"] {
        sessions
            .get(grant, UserSession::open(scripted().client(), noon()))
            .await
            .unwrap();
    }
    assert!(sessions.count().await <= 3);
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!(sessions.count().await, 0);
}
