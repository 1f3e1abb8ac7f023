//! Which addresses belong to the public internet.
//!
//! Not for names; a name is resolved first. The list follows the IANA special-purpose registries
//! (RFC 6890 and its updates); `IpAddr::is_global` is not stable yet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address can only be somebody else's server on the public internet: no loopback,
/// private, link-local, shared, multicast, documentation or reserved address, in IPv4, IPv6, or
/// IPv4 wrapped in IPv6.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // 2000::/3 is all that is handed out; what lies outside is special by definition.
    let unicast = segments[0] & 0xe000 == 0x2000;
    let special = match segments {
        // Teredo and the other protocol assignments, documentation, 6to4, and SRv6's block.
        [0x2001, second, ..] => second < 0x0200 || second == 0x0db8,
        [0x2002 | 0x5f00, ..] => true,
        [0x3fff, second, ..] => second < 0x1000,
        _ => false,
    };
    unicast && !special
}
