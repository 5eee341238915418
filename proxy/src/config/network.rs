//! Addresses of other machines: one, or a network of them.

use std::net::IpAddr;

use serde::Deserialize;

/// An IP address, or a network such as 10.20.0.0/16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    address: IpAddr,
    /// How many of its first bits are those of the network.
    prefix: u8,
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Network, String> {
        let wrong = || format!("{text:?} is neither an IP address nor a network such as 10.20.0.0/16");
        let (address, prefix) = text.split_once('/').map_or((text.as_str(), None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let length = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => length,
            Some(digits) if digits.bytes().all(|digit| digit.is_ascii_digit()) => {
                digits.parse().map_err(|_| wrong())?
            }
            Some(_) => return Err(wrong()),
        };
        if prefix > length {
            return Err(wrong());
        }
        if address.to_canonical() != address {
            return Err(format!("{text:?}: write it as an IPv4 address"));
        }
        if bits(address).checked_shl(prefix.into()).is_some_and(|rest| rest != 0) {
            return Err(format!("{text:?} has bits beyond its first {prefix}"));
        }
        Ok(Network { address, prefix })
    }
}

impl Network {
    /// Whether this address is one of it.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let differing = bits(address) ^ bits(self.address);
        address.is_ipv4() == self.address.is_ipv4() && differing.leading_zeros() >= u32::from(self.prefix)
    }
}

/// The bits of an address, from the highest on.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Result<Network, String> {
        Network::try_from(text.to_owned())
    }

    #[test]
    fn a_network_has_its_own_addresses_and_no_others() {
        for (text, inside, outside) in [
            ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
            ("127.0.0.1", "::ffff:127.0.0.1", "::1"),
            ("10.20.0.0/16", "10.20.255.1", "10.21.0.0"),
            ("10.20.30.128/25", "10.20.30.129", "10.20.30.127"),
            ("::1", "::1", "::2"),
            ("fd00:1::/32", "fd00:1:ffff::1", "fd00:2::"),
            ("0.0.0.0/0", "255.0.0.1", "::"),
            ("::/0", "ffff::1", "0.0.0.0"),
        ] {
            let network = network(text).unwrap();
            assert!(network.contains(inside.parse().unwrap()), "{text} {inside}");
            assert!(!network.contains(outside.parse().unwrap()), "{text} {outside}");
        }
    }

    #[test]
    fn what_is_no_network_or_is_meant_otherwise_is_refused() {
        for bad in ["", "localhost", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/8/8", " 10.0.0.1"] {
            assert!(network(bad).unwrap_err().contains("is neither"), "{bad}");
        }
        assert!(network("10.20.0.1/16").unwrap_err().contains("beyond its first 16"));
        assert!(network("::ffff:10.0.0.1").unwrap_err().contains("as an IPv4 address"));
    }
}
