//! Hosts and ports, in the only spelling that all URL parsers interpret in the same way.
//!
//! The URL standard accepts many spellings of a host (`127.1`, `0x7f.1`, `2130706433`, percent escapes, letters beyond
//! ASCII) that other parsers interpret differently. This module accepts only the canonical spelling of the standard.

// The address types only parse and format addresses; they do not open sockets.
use core::net::{Ipv4Addr, Ipv6Addr};

/// The part of a URL between the scheme and the path, without user information.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Authority<'a> {
    pub(crate) host: Host<'a>,
    /// Port from 1 to 65,535, if the authority contains one.
    pub(crate) port: Option<u16>,
}

/// A host.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Host<'a> {
    /// Labels of lower-case letters, digits, `-` and `_`.
    Name(&'a str),
    Ipv4(Ipv4Addr),
    Ipv6(Ipv6Addr),
}

/// Invalid part of an authority.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum AuthorityError {
    User,
    Host,
    Port,
}

impl<'a> Authority<'a> {
    /// Parses `host`, `host:port`, `[address]` and `[address]:port`.
    pub(crate) fn parse(text: &'a str) -> Result<Self, AuthorityError> {
        if text.contains('@') {
            return Err(AuthorityError::User);
        }
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (address, after) = rest.split_once(']').ok_or(AuthorityError::Host)?;
                let address = address.parse().map_err(|_| AuthorityError::Host)?;
                let port = match after {
                    "" => None,
                    after => Some(after.strip_prefix(':').ok_or(AuthorityError::Host)?),
                };
                (Host::Ipv6(address), port)
            }
            None => match text.split_once(':') {
                Some((host, port)) => (Host::parse(host)?, Some(port)),
                None => (Host::parse(text)?, None),
            },
        };
        Ok(Self { host, port: port.map(parse_port).transpose()? })
    }
}

impl<'a> Host<'a> {
    fn parse(text: &'a str) -> Result<Self, AuthorityError> {
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Ok(Self::Ipv4(address));
        }
        let is_letter =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
        let is_label = |label: &str| (1..=LABEL_MAX).contains(&label.len()) && label.bytes().all(is_letter);
        // URL Standard, §3.5: a host whose last label is a number is an IPv4 address.
        let is_number = text.rsplit('.').next().is_some_and(is_numeric);
        if text.len() > NAME_MAX || !text.split('.').all(is_label) || is_number {
            return Err(AuthorityError::Host);
        }
        Ok(Self::Name(text))
    }

    /// Returns whether the host is a loopback address: 127.0.0.0/8, `[::1]` or `localhost` (RFC 6761 §6.3).
    pub(crate) fn is_loopback(&self) -> bool {
        match self {
            Self::Name(name) => *name == "localhost",
            Self::Ipv4(address) => address.is_loopback(),
            Self::Ipv6(address) => address.is_loopback(),
        }
    }
}

/// Returns whether a label is a decimal or a hexadecimal number.
fn is_numeric(label: &str) -> bool {
    let hex = label.strip_prefix("0x");
    label.bytes().all(|byte| byte.is_ascii_digit())
        || hex.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Parses a port without leading zeros.
fn parse_port(text: &str) -> Result<u16, AuthorityError> {
    let is_plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain).ok_or(AuthorityError::Port)
}

/// Maximum length of a label of a host name, in bytes (RFC 1035 §2.3.4).
const LABEL_MAX: usize = 63;

/// Maximum length of a host name, in bytes.
const NAME_MAX: usize = 253;
