//! R17, the other half: what strangers do with wrong passwords keeps nobody out, under Odoo's real
//! limits, and Odoo's cooldown is not tripped by it.

use std::{net::IpAddr, time::Duration};

use jiff::SignedDuration;
use odoo_auth::{Clock, HeldBy, OdooCooldown, SignInThrottle};
use odoo_json2::ManualClock;
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof};

use crate::{
    browser::{Browser, Client, as_person},
    site::{Answer, Site},
    world::{CLAUDE, CLAUDE_CALLBACK, start},
};

const PEOPLE: [&str; 4] = ["alice", "emil", "tara", "ada"];
/// In front of the door, without an account.
const MALLORY: [u8; 4] = [192, 0, 2, 66];

/// Odoo's own count for one source address, and the throttle before it, over one clock.
struct Door {
    throttle: SignInThrottle,
    hands: ManualClock,
    seconds: u64,
    failures: u32,
    last_failure: u64,
    most_failures: u32,
}

impl Door {
    fn new() -> Self {
        let (clock, hands) = Clock::manual(start());
        Self {
            throttle: SignInThrottle::new(clock, OdooCooldown::default()),
            hands,
            seconds: 0,
            failures: 0,
            last_failure: 0,
            most_failures: 0,
        }
    }

    fn at(&mut self, seconds: u64) {
        self.hands
            .advance(Duration::from_secs(seconds - self.seconds));
        self.seconds = seconds;
    }

    /// Tries a right or a wrong password; the seconds to wait when held back.
    fn tries(&mut self, login: &str, from: [u8; 4], right: bool) -> Result<(), (HeldBy, i64)> {
        let attempt = self.throttle.admit(login, IpAddr::from(from));
        let attempt = attempt.map_err(|held| (held.by, held.wait.as_secs()))?;
        let cooling = self.failures >= 5 && self.seconds - self.last_failure < 60;
        assert!(!cooling, "passed on to be refused by Odoo");
        if right {
            attempt.succeeded();
            self.failures = 0;
        } else {
            attempt.failed();
            self.failures += 1;
            self.last_failure = self.seconds;
            self.most_failures = self.most_failures.max(self.failures);
        }
        Ok(())
    }
}

async fn tries(site: &Site, login: &str, password: &str, from: &str) -> Answer {
    let mut browser = Browser::at(from);
    let claude = Client::new(CLAUDE, CLAUDE_CALLBACK);
    let page = browser.page(site, &claude.link()).await;
    browser
        .submit(site, &page, &as_person(login, password))
        .await
}

/// Three wrong passwords for alice from elsewhere, then one attacker who
/// tries on and on while thirty people sign in for the first time, each from a place of their own.
#[tokio::test]
async fn strangers_keep_nobody_out_and_odoo_never_refuses_everybody() {
    let site = Site::new().await;
    let (mut in_a_row, mut most, mut refused) = (0, 0, 0);
    let mut notes = |answer: &Answer, expected: u16| {
        assert!(
            !answer.alert().starts_with("Odoo takes no passwords"),
            "cooldown"
        );
        match answer.status {
            303 => in_a_row = 0,
            403 => in_a_row += 1,
            _ => {}
        }
        most = most.max(in_a_row);
        refused += u32::from(answer.status != expected && expected == 303);
    };
    for _ in 0..3 {
        notes(&tries(&site, "alice", "guess", "192.0.2.66").await, 403);
        site.pass(30);
    }
    let held = tries(&site, "alice", "guess", "192.0.2.66").await;
    assert_eq!(held.status, 429, "{}", held.alert());
    let alice = tries(&site, "alice", "alice-demo", "198.51.100.1").await;
    notes(&alice, 303);
    for round in 0..30 {
        if round % 12 == 0 {
            for name in 0..5 {
                let login = format!("made-up-{round}-{name}");
                let answer = tries(&site, &login, "guess", "192.0.2.66").await;
                notes(&answer, 403);
            }
        }
        let login = PEOPLE[round % PEOPLE.len()];
        let (password, home) = (format!("{login}-demo"), format!("203.0.113.{round}"));
        notes(&tries(&site, login, &password, &home).await, 303);
        site.pass(10);
    }
    assert_eq!(refused, 0, "of 31 honest people");
    assert!(most <= 4, "{most} failures in a row");
}

#[test]
fn alice_with_the_right_password_waits_for_nobody() {
    let mut door = Door::new();
    for seconds in [0, 1, 31] {
        door.at(seconds);
        door.tries("alice", MALLORY, false).unwrap();
    }
    // The stranger is stopped where he sits; she is not, wherever she sits.
    let held = door.tries("alice", MALLORY, false).unwrap_err();
    assert_eq!(held, (HeldBy::Login, 869));
    door.tries("alice", [198, 51, 100, 1], true).unwrap();
    // He tries from four more places; at home she is known.
    for number in 1..=4 {
        door.tries("alice", [192, 0, 2, number], false).unwrap();
    }
    door.tries("alice", [198, 51, 100, 1], true).unwrap();
}

#[test]
fn of_thirty_first_attempts_few_wait_while_a_stranger_has_many_addresses() {
    let mut door = Door::new();
    for number in 1..=5 {
        let login = format!("made-up-{number}");
        door.tries(&login, [192, 0, 2, number], false).unwrap();
    }
    let mut held = Vec::new();
    for round in 0..30u8 {
        let seconds = u64::from(round) * 10 + 2;
        door.at(seconds);
        if seconds % 120 == 2 {
            let login = format!("made-up-{seconds}");
            let _ = door.tries(&login, [192, 0, 2, 100 + round], false);
        }
        let login = format!("person-{round}");
        if let Err((by, wait)) = door.tries(&login, [203, 0, 113, round], true) {
            assert_eq!(by, HeldBy::Everybody);
            held.push((seconds, wait));
        }
    }
    println!("held: {} of 30, {held:?}", held.len());
    assert_eq!(
        held.len(),
        8,
        "only while Odoo itself refuses, and a moment longer"
    );
    assert!(held.iter().all(|(_, wait)| *wait <= 80));
}

#[test]
fn after_a_cooldown_who_was_here_before_goes_first_then_clean_networks_then_others() {
    let mut door = Door::new();
    let (office, cafe) = ([203, 0, 113, 7], [203, 0, 113, 8]);
    door.tries("alice", office, true).unwrap();
    for number in 1..=5 {
        door.tries("made-up", [192, 0, 2, number], false).unwrap();
    }
    door.at(59);
    assert_eq!(
        door.tries("alice", office, true),
        Err((HeldBy::Everybody, 1))
    );
    door.at(60);
    assert_eq!(door.tries("tara", cafe, true), Err((HeldBy::Everybody, 20)));
    door.at(80);
    let marked = door.tries("made-up", [192, 0, 2, 1], false);
    assert_eq!(marked, Err((HeldBy::Record, 40)));
    door.tries("alice", office, true).unwrap();
    door.tries("tara", cafe, true).unwrap();
}

#[test]
fn one_persons_typing_errors_are_nothing_to_the_next_in_the_same_office() {
    let mut door = Door::new();
    let office = [203, 0, 113, 7];
    for seconds in [0, 1, 31] {
        door.at(seconds);
        door.tries("emil", office, false).unwrap();
    }
    door.tries("tara", office, true).unwrap();
    // Where people sign in, several may mistype.
    for login in ["emil", "ada", "hanna", "ada"] {
        door.at(door.seconds + 900);
        door.tries(login, office, false).unwrap();
    }
    door.tries("alice", office, true).unwrap();
}

#[test]
fn a_network_that_fails_on_waits_twice_as_long_each_time() {
    let mut door = Door::new();
    let mut waits = Vec::new();
    let mut seconds = 0;
    for round in 0..9 {
        let login = format!("made-up-{round}");
        if let Err((by, wait)) = door.tries(&login, MALLORY, false) {
            assert_eq!(by, HeldBy::Record);
            waits.push(wait / 60);
            seconds += u64::try_from(wait).unwrap();
            door.at(seconds);
            // Somebody signs in now and then, which sets Odoo's count back but not his record.
            door.tries("alice", [198, 51, 100, 1], true).unwrap();
            for _ in 0..2 {
                let _ = door.tries(&login, MALLORY, false);
            }
        }
    }
    println!("{waits:?}");
    assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]));
    assert!(waits[0] == 15 && door.most_failures <= 4);
}

/// Who tries, with which password, and how long after the one before.
fn tries_of_strangers() -> impl Strategy<Value = Vec<(u8, u8, bool, u64)>> {
    let pause = prop_oneof![Just(0u64), 1..90u64, Just(900), Just(4000)];
    prop::collection::vec(
        (any::<u8>(), 0..40u8, prop::bool::weighted(0.2), pause),
        1..200,
    )
}

proptest::proptest! {
    #[test]
    fn nobody_is_passed_on_to_be_refused_by_odoo(tries in tries_of_strangers()) {
        let mut door = Door::new();
        for (name, place, right, pause) in tries {
            door.at(door.seconds + pause);
            let _ = door.tries(&format!("n{}", name % 8), [192, 0, 2, place], right);
        }
    }

    #[test]
    fn one_network_never_trips_odoo_where_somebody_signs_in_each_half_hour(
        tries in tries_of_strangers()
    ) {
        let mut door = Door::new();
        let mut next = 1800;
        for (name, _, _, pause) in tries {
            let end = door.seconds + pause;
            while next <= end {
                door.at(next);
                proptest::prop_assert!(door.tries("alice", [198, 51, 100, 1], true).is_ok());
                next += 1800;
            }
            door.at(end);
            let _ = door.tries(&format!("n{name}"), MALLORY, false);
            proptest::prop_assert!(door.most_failures < 5);
        }
    }
}

#[test]
fn nobody_fills_the_line_alone() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let (clock, _) = Clock::manual(start());
        let throttle = std::sync::Arc::new(SignInThrottle::new(clock, OdooCooldown::default()));
        let first: Vec<_> = (1..=4)
            .map(|number| {
                throttle
                    .admit("x", IpAddr::from([198, 51, 100, number]))
                    .unwrap()
            })
            .collect();
        let waits = |login: String, from: [u8; 4]| {
            let throttle = std::sync::Arc::clone(&throttle);
            tokio::spawn(async move {
                let admitted = throttle.admit_in_turn(&login, IpAddr::from(from)).await;
                admitted.map(odoo_auth::Attempt::succeeded)
            })
        };
        let crowd: Vec<_> = (0..300).map(|n| waits(format!("n{n}"), MALLORY)).collect();
        let alice = waits("alice".to_owned(), [203, 0, 113, 7]);
        // So that everybody is in the line.
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
        first.into_iter().for_each(odoo_auth::Attempt::succeeded);
        assert!(alice.await.unwrap().is_ok());
        let mut in_time = 0;
        for one in crowd {
            in_time += u32::from(one.await.unwrap().is_ok());
        }
        assert_eq!(in_time, 50);
    });
    assert_eq!(SignedDuration::from_secs(60), OdooCooldown::default().pause);
}
