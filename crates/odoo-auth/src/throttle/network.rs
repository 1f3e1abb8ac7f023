//! Where somebody sits, as far as it can be counted by.
//!
//! Not for finding out the address behind proxies (`web/client_address.rs`).

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

/// One household has one IPv4 address or one IPv6 network of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(
                || IpAddr::V6(Ipv6Addr::from(u128::from(v6) & (u128::MAX << 64))),
                IpAddr::V4,
            ),
        })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => address.fmt(formatter),
            IpAddr::V6(base) => write!(formatter, "{base}/64"),
        }
    }
}
