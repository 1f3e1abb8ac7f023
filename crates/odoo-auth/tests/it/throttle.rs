//! R17: passwords are tried within limits that trip before Odoo's own cooldown, and nobody's typing
//! errors are another person's trouble.

use std::{net::IpAddr, time::Duration};

use jiff::SignedDuration;
use odoo_auth::{Clock, Held, HeldBy, OdooCooldown, SignInThrottle};
use odoo_json2::ManualClock;
use proptest::prelude::{Just, Strategy, prop, prop_oneof};

use crate::{
    browser::{Browser, Client, as_person},
    site::{Site, settings},
    world::{CLAUDE, CLAUDE_CALLBACK, policy, start},
};

const HOME: &str = "198.51.100.1";

fn throttle() -> (SignInThrottle, ManualClock) {
    let (clock, hands) = Clock::manual(start());
    (SignInThrottle::new(clock, OdooCooldown::default()), hands)
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn street(number: u8) -> IpAddr {
    IpAddr::from([198, 51, 100, number])
}

fn fails(throttle: &SignInThrottle, login: &str, from: IpAddr) -> Result<(), Held> {
    throttle.admit(login, from).map(|attempt| {
        attempt.failed();
    })
}

fn succeeds(throttle: &SignInThrottle, login: &str, from: IpAddr) -> Result<(), Held> {
    throttle
        .admit(login, from)
        .map(odoo_auth::Attempt::succeeded)
}

#[tokio::test]
async fn a_hundred_wrong_passwords_of_one_person_block_no_other_over_http() {
    let site = Site::new().await;
    let claude = Client::new(CLAUDE, CLAUDE_CALLBACK);
    let mut statuses = std::collections::BTreeMap::new();
    // She was here before.
    Browser::new().code(&site, &claude, "alice").await;
    for round in 0..100 {
        let mut emil = Browser::at(&format!("198.51.100.{}", round % 10));
        let page = emil.page(&site, &claude.link()).await;
        let answer = emil.submit(&site, &page, &as_person("emil", "guess")).await;
        *statuses.entry(answer.status).or_insert(0) += 1;
        if answer.status == 429 {
            assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
            // Odoo's own refusal would read "for a minute": nobody was passed on to get it.
            assert!(
                !answer.alert().contains("for a minute"),
                "{}",
                answer.alert()
            );
        }
        site.pass(5);
    }
    // From ten networks, so five at once trip Odoo's cooldown; after it there is one a minute.
    assert_eq!(site.sign_ins(), 1 + statuses[&403]);
    assert!(statuses[&403] <= 5 + 500 / 60, "{statuses:?}");
    site.pass(60);
    Browser::new().code(&site, &claude, "alice").await;
    // With an API key emil gets in as well.
    let key = site.odoo.mint_key("emil");
    let mut emil = Browser::new();
    let page = emil.page(&site, &claude.link()).await;
    emil.submit(&site, &page, &[("api_key", &key), ("decision", "allow")])
        .await
        .location();
}

#[tokio::test]
async fn many_people_at_once_all_get_in() {
    let site = Site::new().await;
    let claude = Client::new(CLAUDE, CLAUDE_CALLBACK);
    let people = [
        "alice", "emil", "tara", "ada", "alice", "emil", "tara", "ada",
    ];
    let mut all = Vec::new();
    for login in people {
        let mut browser = Browser::new();
        let page = browser.page(&site, &claude.link()).await;
        let password = format!("{login}-demo");
        let sent = browser.filled(&page, &as_person(login, &password));
        let routes = site.routes.clone();
        all.push(tokio::spawn(
            async move { routes.handle(sent).await.status() },
        ));
    }
    for one in all {
        assert_eq!(one.await.unwrap(), 303);
    }
    assert_eq!(site.sign_ins(), people.len());
}

#[test]
fn one_person_is_slowed_down_and_then_stopped() {
    let (throttle, hands) = throttle();
    let home = ip(HOME);
    fails(&throttle, "emil", home).unwrap();
    fails(&throttle, "Emil ", home).unwrap();
    let held = fails(&throttle, "emil", home).unwrap_err();
    assert_eq!((held.by, held.wait.as_secs()), (HeldBy::Login, 30));
    hands.advance(Duration::from_secs(30));
    fails(&throttle, "EMIL", home).unwrap();
    let held = fails(&throttle, "emil", home).unwrap_err();
    assert_eq!((held.by, held.wait.as_secs()), (HeldBy::Login, 870));
    // Elsewhere he may be somebody else.
    drop(throttle.admit("emil", street(99)).unwrap());
    succeeds(&throttle, "alice", home).unwrap();
    hands.advance(Duration::from_secs(870));
    succeeds(&throttle, "emil", home).unwrap();
    fails(&throttle, "emil", home).unwrap();
    fails(&throttle, "emil", home).unwrap();
}

#[test]
fn one_typing_error_does_not_wait_for_those_of_others() {
    let (throttle, hands) = throttle();
    fails(&throttle, "emil", street(1)).unwrap();
    fails(&throttle, "emil", street(1)).unwrap();
    fails(&throttle, "tara", street(2)).unwrap();
    // Three so far, and tara's one is no reason to stop her.
    fails(&throttle, "tara", street(2)).unwrap();
    // One more would shut everybody out, so who failed lately waits for a moment, and no other.
    hands.advance(Duration::from_secs(31));
    let held = fails(&throttle, "tara", street(2)).unwrap_err();
    assert_eq!((held.by, held.wait.as_secs()), (HeldBy::Record, 869));
    succeeds(&throttle, "hanna", street(3)).unwrap();
    succeeds(&throttle, "tara", street(2)).unwrap();
}

#[test]
fn failures_under_way_are_counted_before_they_happen() {
    let (throttle, _) = throttle();
    let names = ["a", "b", "c", "d"];
    let attempts: Vec<_> = (0u8..)
        .zip(names)
        .map(|(number, name)| throttle.admit(name, street(number)).unwrap())
        .collect();
    let held = throttle.admit("e", street(9)).unwrap_err();
    assert_eq!(held.by, HeldBy::Turn);
    for attempt in attempts {
        attempt.failed();
    }
    // One at a time now.
    let last = throttle.admit("e", street(9)).unwrap();
    assert_eq!(
        throttle.admit("f", street(10)).unwrap_err().by,
        HeldBy::Turn
    );
    last.succeeded();
    throttle.admit("f", street(10)).unwrap().succeeded();
    // The same person twice at once is one after the other, too.
    let first = throttle.admit("a", street(1)).unwrap();
    assert_eq!(
        throttle.admit(" A", street(1)).unwrap_err().by,
        HeldBy::Turn
    );
    drop(throttle.admit("a", street(2)).unwrap());
    drop(first);
    drop(throttle.admit("a", street(1)).unwrap());
}

#[tokio::test]
async fn a_turn_comes_when_the_one_before_is_over() {
    let (throttle, _) = throttle();
    let first = throttle.admit("emil", street(1)).unwrap();
    let (second, ()) = tokio::join!(throttle.admit_in_turn("emil", street(1)), async {
        tokio::task::yield_now().await;
        first.succeeded();
    });
    second.unwrap().succeeded();
}

#[test]
fn odoos_own_word_is_believed() {
    let (throttle, hands) = throttle();
    throttle.odoo_refuses();
    let held = succeeds(&throttle, "alice", ip(HOME)).unwrap_err();
    assert_eq!(held.by, HeldBy::Everybody);
    hands.advance(Duration::from_secs(121));
    succeeds(&throttle, "alice", ip(HOME)).unwrap();
    succeeds(&throttle, "tara", ip(HOME)).unwrap();
}

#[test]
fn an_address_has_a_limit_and_an_ipv6_network_is_one() {
    let (throttle, hands) = throttle();
    for (number, login) in (0..4).zip(["a", "b", "c", "d"]) {
        fails(&throttle, login, ip(&format!("2001:db8:1:2::{number}"))).unwrap();
        succeeds(&throttle, "alice", ip(HOME)).unwrap();
    }
    let held = fails(&throttle, "e", ip("2001:db8:1:2:ffff::1")).unwrap_err();
    assert_eq!((held.by, held.wait.as_secs()), (HeldBy::Address, 20));
    succeeds(&throttle, "e", ip("2001:db8:1:3::1")).unwrap();
    hands.advance(Duration::from_secs(20));
    succeeds(&throttle, "e", ip("2001:db8:1:2::1")).unwrap();
    for login in ["a1", "b1", "c1", "d1"] {
        fails(&throttle, login, ip("::ffff:198.51.100.7")).unwrap();
        succeeds(&throttle, "alice", ip(HOME)).unwrap();
    }
    assert_eq!(
        fails(&throttle, "e1", street(7)).unwrap_err().by,
        HeldBy::Address
    );
}

#[test]
fn success_costs_an_address_nothing_and_keys_have_a_limit_of_their_own() {
    let (throttle, hands) = throttle();
    for _ in 0..50 {
        succeeds(&throttle, "alice", ip(HOME)).unwrap();
        drop(throttle.admit("tara", ip(HOME)).unwrap());
    }
    for _ in 0..10 {
        throttle.admit_key(ip(HOME)).unwrap();
    }
    assert_eq!(throttle.admit_key(ip(HOME)).unwrap_err().wait.as_secs(), 6);
    throttle.admit_key(street(3)).unwrap();
    succeeds(&throttle, "alice", ip(HOME)).unwrap();
    hands.advance(Duration::from_secs(6));
    throttle.admit_key(ip(HOME)).unwrap();
}

#[test]
fn without_a_cooldown_in_odoo_nobody_waits_for_others() {
    let (clock, _) = Clock::manual(start());
    let (after, pause) = (0, SignedDuration::from_secs(60));
    let throttle = SignInThrottle::new(clock, OdooCooldown { after, pause });
    for number in 0..200 {
        fails(&throttle, &format!("n{number}"), street(number)).unwrap();
    }
    succeeds(&throttle, "alice", ip(HOME)).unwrap();
}

/// Odoo's own count, for one source address.
#[derive(Default)]
struct Odoo {
    failures: u32,
    last: i64,
}

fn tries() -> impl Strategy<Value = Vec<(u8, u8, u64)>> {
    let pause = prop_oneof![Just(0u64), 1..40u64, Just(900)];
    prop::collection::vec((0..2u8, 0..4u8, pause), 1..150)
}

proptest::proptest! {
    #[test]
    fn two_people_who_mistype_never_trip_odoos_cooldown_for_a_third(tries in tries()) {
        let (throttle, hands) = throttle();
        let mut odoo = Odoo::default();
        for (person, address, pause) in tries {
            hands.advance(Duration::from_secs(pause));
            let login = ["emil", "tara"][usize::from(person)];
            if fails(&throttle, login, street(address)).is_ok() {
                odoo.failures += 1;
                odoo.last += 1;
            }
            // The third comes now and then, is right, and is let in each time.
            if odoo.last % 3 == 2 {
                proptest::prop_assert!(odoo.failures < 5);
                proptest::prop_assert!(succeeds(&throttle, "alice", street(200)).is_ok());
                odoo = Odoo::default();
            }
        }
    }
}

#[tokio::test]
async fn behind_a_proxy_the_persons_address_counts_and_not_what_she_claims() {
    let mut settings = settings();
    settings.trusted_proxies = odoo_auth::TrustedProxies::parse(["10.0.0.0/8"]).unwrap();
    let site = Site::with(policy(), settings, None).await;
    let key_from = async |peer: &str, forwarded: &str| {
        let claude = Client::new(CLAUDE, CLAUDE_CALLBACK);
        let mut browser = Browser::at(peer);
        let page = browser.page(&site, &claude.link()).await;
        let typed = [("api_key", "wrong"), ("decision", "allow")];
        let mut sent = browser.filled(&page, &typed);
        sent.headers_mut()
            .insert("x-forwarded-for", forwarded.parse().unwrap());
        sent.headers_mut().remove("sec-fetch-site");
        site.send(sent, peer).await.status
    };
    // A stranger who comes directly cannot choose an address.
    for number in 0..10 {
        key_from("192.0.2.1", &format!("198.51.100.{number}")).await;
    }
    assert_eq!(key_from("192.0.2.1", "198.51.100.77").await, 429);
    // Through the proxy only its own word counts, which is the last.
    assert_eq!(key_from("10.0.0.9", "192.0.2.1").await, 429);
    assert_eq!(key_from("10.0.0.9", "192.0.2.1, 198.51.100.5").await, 403);
    assert_eq!(
        key_from("10.0.0.9", "198.51.100.5, 192.0.2.1, 10.1.2.3").await,
        429
    );
}
