//! Where a request comes from, through trusted proxies only.
//!
//! Not for rate limits themselves (`throttle.rs`). `X-Forwarded-For` is written by everybody on
//! the way, the client first, so only what trusted proxies appended at its end can be believed:
//! the address is the last one that is no trusted proxy's.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use http::HeaderMap;

/// The address of the other end of the connection. The program puts it into the extensions of each
/// request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

/// The proxies in front of this server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    base: u128,
    mask: u128,
}

/// A proxy's address cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no address or network; write 10.0.0.2, 172.16.0.0/12 or fd00::/8")]
pub struct BadNetwork(pub String);

impl TrustedProxies {
    /// Reads addresses and networks in CIDR notation.
    ///
    /// # Errors
    ///
    /// Names the first that cannot be read.
    pub fn parse<'a>(list: impl IntoIterator<Item = &'a str>) -> Result<Self, BadNetwork> {
        list.into_iter()
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The address of the client, given the other end of the connection and the headers.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        let lines = headers.get_all("x-forwarded-for").iter();
        let hops: Vec<&str> = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .collect();
        for hop in hops.into_iter().rev() {
            if !self.covers(client) {
                break;
            }
            let Some(address) = address(hop) else { break };
            client = address;
        }
        client
    }

    fn covers(&self, address: IpAddr) -> bool {
        let bits = bits(address);
        self.0
            .iter()
            .any(|network| bits & network.mask == network.base)
    }
}

impl FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let bad = || BadNetwork(text.to_owned());
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| bad())?;
        let (offset, longest) = if address.is_ipv4() {
            (96, 32)
        } else {
            (0, 128)
        };
        let length: u32 = match length {
            Some(length) => length.trim().parse().map_err(|_| bad())?,
            None => longest,
        };
        if length > longest {
            return Err(bad());
        }
        let mask = u128::MAX.checked_shl(128 - offset - length).unwrap_or(0);
        Ok(Self {
            base: bits(address) & mask,
            mask,
        })
    }
}

/// An address as proxies write it; some add the port.
fn address(hop: &str) -> Option<IpAddr> {
    let with_port = || hop.parse::<SocketAddr>().map(|socket| socket.ip()).ok();
    hop.parse().ok().or_else(with_port)
}

/// IPv4 as IPv6 writes it, so that both compare.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().into(),
        IpAddr::V6(v6) => v6.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The peer, what the headers say, and who the client is for a server that trusts 10/8, one
    /// IPv6 network and one address.
    const CORPUS: [(&str, &[&str], &str); 19] = [
        ("203.0.113.7", &[], "203.0.113.7"),
        ("203.0.113.7", &["198.51.100.1"], "203.0.113.7"),
        ("10.0.0.1", &[], "10.0.0.1"),
        ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", &["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", &["198.51.100.1, 10.2.3.4"], "198.51.100.1"),
        (
            "10.0.0.1",
            &["198.51.100.1,10.2.3.4,10.9.9.9"],
            "198.51.100.1",
        ),
        ("10.0.0.1", &["10.5.5.5"], "10.5.5.5"),
        ("10.0.0.1", &["198.51.100.1:5123"], "198.51.100.1"),
        ("10.0.0.1", &["[2001:db8::7]:5123"], "2001:db8::7"),
        ("10.0.0.1", &["2001:db8::7"], "2001:db8::7"),
        ("10.0.0.1", &["198.51.100.1, unknown"], "10.0.0.1"),
        ("10.0.0.1", &["198.51.100.1, "], "10.0.0.1"),
        ("10.0.0.1", &["0x7f.1"], "10.0.0.1"),
        ("::ffff:10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
        ("fd00::1", &["198.51.100.1"], "198.51.100.1"),
        ("fd01::1", &["198.51.100.1"], "fd01::1"),
        ("192.0.2.10", &["198.51.100.1, 192.0.2.11"], "192.0.2.11"),
    ];

    #[test]
    fn only_what_trusted_proxies_appended_is_believed() {
        let trusted = TrustedProxies::parse(["10.0.0.0/8", "fd00::/16", "192.0.2.10"]).unwrap();
        for (peer, lines, client) in CORPUS {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            let found = trusted.client(peer.parse().unwrap(), &headers);
            assert_eq!(found, client.parse::<IpAddr>().unwrap(), "{peer} {lines:?}");
        }
    }

    #[test]
    fn networks_are_read_and_others_named() {
        assert!(TrustedProxies::parse(["0.0.0.0/0", "::/0", "::1", "10.1.2.3/9"]).is_ok());
        for bad in [
            "",
            "10.0.0.0/33",
            "::/129",
            "10.0.0/8",
            "proxy",
            "10.0.0.1/-1",
            "10.0.0.1/8/8",
        ] {
            assert_eq!(
                TrustedProxies::parse([bad]),
                Err(BadNetwork(bad.to_owned()))
            );
        }
        let everything = TrustedProxies::parse(["0.0.0.0/0"]).unwrap();
        assert!(everything.covers("8.8.8.8".parse().unwrap()));
        assert!(!everything.covers("2001:db8::1".parse().unwrap()));
    }
}
