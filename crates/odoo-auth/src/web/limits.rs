//! How often clients may ask for what costs us a row or a fetch.
//!
//! Not for sign-ins (`throttle.rs`). What is known already is answered before anything is counted.
//! A limit over everybody comes last, and before it each network has a share: one that has used its
//! own up takes nothing more from the others. All of Claude's hosted clients come from a few
//! networks, but they are known by their document or by the same metadata each time, so no share
//! concerns them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use jiff::{SignedDuration, Timestamp};

use crate::throttle::Buckets;

/// Requests at once, and the time until one more is allowed.
type Rate = (i64, SignedDuration);

/// With room for a thousand clients, one that has just registered keeps its place for 800 seconds
/// even while strangers register at this rate, which is longer than a sign-in page is open.
const REGISTRATIONS: Rate = (200, SignedDuration::from_secs(1));
/// A fifth at once, then a tenth. An office has one address, but few different applications.
const REGISTRATIONS_OF_ONE: Rate = (40, SignedDuration::from_secs(10));
/// Each document is a fetch from a host that may take its time.
const DOCUMENTS: Rate = (200, SignedDuration::from_secs(2));
/// Nobody opens ten sign-in pages of ten different new applications at once.
const DOCUMENTS_OF_ONE: Rate = (10, SignedDuration::from_secs(20));
/// Registrations that are refused whoever sends them, by network: reading them is all they cost.
const MALFORMED_OF_ONE: Rate = (60, SignedDuration::from_secs(1));
/// Requests with the same code or refresh token.
const SAME_TOKEN: Rate = (20, SignedDuration::from_secs(3));

/// The limits of the endpoints.
pub(super) struct Limits {
    pub(super) tokens: Buckets<String>,
    pub(super) registrations: Shared,
    pub(super) documents: Shared,
    pub(super) malformed: Buckets<IpAddr>,
}

/// A limit over everybody with a share for each network.
pub(super) struct Shared {
    networks: Buckets<IpAddr>,
    everybody: Buckets<()>,
}

impl Limits {
    pub(super) fn new() -> Self {
        Self {
            tokens: buckets(SAME_TOKEN),
            registrations: Shared::new(REGISTRATIONS, REGISTRATIONS_OF_ONE),
            documents: Shared::new(DOCUMENTS, DOCUMENTS_OF_ONE),
            malformed: buckets(MALFORMED_OF_ONE),
        }
    }
}

impl Shared {
    fn new(everybody: Rate, one: Rate) -> Self {
        Self {
            networks: buckets(one),
            everybody: buckets(everybody),
        }
    }

    /// Takes one for a network, or says how long until there is one. Who is refused uses up
    /// nothing. Behind a proxy on this machine that the operator did not name, everybody seems to
    /// be this machine, so that is no network.
    pub(super) fn take(&mut self, network: IpAddr, now: Timestamp) -> Result<(), SignedDuration> {
        if network.is_loopback() {
            return self.everybody.take(&(), now);
        }
        let wait = self.networks.wait(&network, now);
        if wait.is_positive() {
            return Err(wait);
        }
        self.everybody.take(&(), now)?;
        self.networks.take(&network, now)
    }
}

/// The network that an address belongs to, as far as it is one party's: 256 addresses of IPv4, and
/// of IPv6 what a household or an office is given (/56, as RIPE-690 recommends).
pub(super) fn network(address: IpAddr) -> IpAddr {
    let v4 = |v4: Ipv4Addr| IpAddr::V4(Ipv4Addr::from(u32::from(v4) & (u32::MAX << 8)));
    match address {
        _ if address.is_loopback() => address,
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => address.to_ipv4_mapped().map_or_else(
            || IpAddr::V6(Ipv6Addr::from(u128::from(address) & (u128::MAX << 72))),
            v4,
        ),
    }
}

fn buckets<K: Eq + std::hash::Hash + Clone>((burst, refill): Rate) -> Buckets<K> {
    Buckets::new(burst, refill)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_one_network() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("198.51.100.7"), "198.51.100.0");
        assert_eq!(of("::ffff:198.51.100.7"), "198.51.100.0");
        assert_eq!(of("2001:db8:1:2fe::1"), "2001:db8:1:200::");
        assert_eq!(of("::1"), "::1");
    }

    #[test]
    fn who_is_refused_for_everybody_keeps_the_own_share() {
        let now = Timestamp::UNIX_EPOCH;
        let second = SignedDuration::from_secs(1);
        let mut limit = Shared::new((2, second), (1, second * 60));
        let from = |number: u8| IpAddr::from([198, 51, number, 0]);
        assert!(limit.take(from(1), now).is_ok());
        assert_eq!(limit.take(from(1), now), Err(second * 60));
        assert!(limit.take(from(2), now).is_ok());
        assert_eq!(limit.take(from(3), now), Err(second));
        assert!(limit.take(from(3), now + second).is_ok());
    }
}
