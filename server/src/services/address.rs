//! Which addresses may be reached: public ones, and private ones where a service's settings allow them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Resolves names to allowed addresses only, so that no answer of a name server leads elsewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Addresses {
    /// Whether private addresses are allowed.
    pub(super) private: bool,
}

impl Resolve for Addresses {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let fit: Vec<SocketAddr> = found.filter(|address| allowed(address.ip(), private)).collect();
            if fit.is_empty() {
                return Err("the name leads to no address that is allowed".into());
            }
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}

/// Whether `address` may be reached.
pub(super) fn allowed(address: IpAddr, private: bool) -> bool {
    match address {
        IpAddr::V4(address) => allowed_v4(address, private),
        IpAddr::V6(address) => match inner_v4(address) {
            Some(inner) => allowed_v4(inner, private),
            None => allowed_v6(address, private),
        },
    }
}

fn allowed_v4(address: Ipv4Addr, private: bool) -> bool {
    if address.is_private() || address.is_loopback() || is_shared(address) {
        return private;
    }
    let [a, b, c, _] = address.octets();
    let special = a == 0 || a >= 240 || (a, b, c) == (192, 0, 0) || (a == 198 && b & 0xfe == 18);
    !(special || address.is_link_local() || address.is_multicast() || address.is_documentation())
}

/// Behind a provider's translation: 100.64.0.0/10.
const fn is_shared(address: Ipv4Addr) -> bool {
    let [a, b, _, _] = address.octets();
    a == 100 && b & 0xc0 == 64
}

fn allowed_v6(address: Ipv6Addr, private: bool) -> bool {
    if address.is_loopback() || address.is_unique_local() {
        return private;
    }
    // Of the rest only 2000::/3 is given out, and in it not what is for documents and for tunnels.
    let [first, second, ..] = address.segments();
    first & 0xe000 == 0x2000 && !(first == 0x2001 && (second == 0xdb8 || second < 0x200))
}

/// The IPv4 address that an IPv6 address stands for: mapped, translated (64:ff9b::/96), or 6to4.
fn inner_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return Some(mapped);
    }
    let of = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => Some(of(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_reached_unless_private_ones_are_allowed() {
        let is = |text: &str, private: bool| allowed(text.parse().unwrap(), private);
        for public in ["8.8.8.8", "114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"] {
            assert!(is(public, false) && is(public, true), "{public}");
        }
        for private in
            ["10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "100.64.0.1", "::1", "fd00::1", "::ffff:10.0.0.1"]
        {
            assert!(!is(private, false) && is(private, true), "{private}");
        }
        for never in [
            "0.0.0.0",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "::",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
        ] {
            assert!(!is(never, false) && !is(never, true), "{never}");
        }
    }
}
