//! Which placeholder stands for which secret.

use std::collections::BTreeMap;

/// What a secret is; its placeholder tells.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Kind {
    AccessToken,
    Account,
    /// A name and a password in `Authorization: Basic`.
    Basic,
    Birthdate,
    Body,
    ClientId,
    ClientSecret,
    Code,
    Device,
    Email,
    Image,
    Ipv4,
    Ipv6,
    Name,
    RefreshToken,
    State,
    /// What the user of the library names.
    Text,
    /// A secret of unknown purpose.
    Token,
    User,
    Verifier,
}

/// Every kind with what stands before and after the number of its placeholders.
///
/// Addresses are those that the standards keep for examples (RFC 2606, 5737, 3849), so that they parse as what they
/// stand for.
const FORMS: &[(Kind, &str, &str)] = &[
    (Kind::AccessToken, "scrubbed-access-token-", ""),
    (Kind::Account, "scrubbed-account-", ""),
    (Kind::Basic, "scrubbed-basic-", ""),
    (Kind::Birthdate, "scrubbed-birthdate-", ""),
    (Kind::Body, "scrubbed-body-", ""),
    (Kind::ClientId, "scrubbed-client-id-", ""),
    (Kind::ClientSecret, "scrubbed-client-secret-", ""),
    (Kind::Code, "scrubbed-code-", ""),
    (Kind::Device, "scrubbed-device-", ""),
    (Kind::Email, "scrubbed-email-", "@example.com"),
    (Kind::Image, "https://i.scdn.co/image/scrubbed-image-", ""),
    (Kind::Ipv4, "192.0.2.", ""),
    (Kind::Ipv6, "2001:db8::", ""),
    (Kind::Name, "scrubbed-name-", ""),
    (Kind::RefreshToken, "scrubbed-refresh-token-", ""),
    (Kind::State, "scrubbed-state-", ""),
    (Kind::Text, "scrubbed-text-", ""),
    (Kind::Token, "scrubbed-token-", ""),
    (Kind::User, "scrubbed-user-", ""),
    (Kind::Verifier, "scrubbed-verifier-", ""),
];

impl Kind {
    fn placeholder(self, number: u32) -> String {
        let form = FORMS.iter().find(|(kind, ..)| *kind == self);
        let (_, before, after) = form.copied().unwrap_or((self, "scrubbed-", ""));
        format!("{before}{number}{after}")
    }

    /// Whether it is replaced inside any text, and not only where it stands by itself.
    pub(super) const fn is_token(self) -> bool {
        use Kind::{Birthdate, Body, Device, Image, Name, Text, User};
        !matches!(self, Birthdate | Body | Device | Image | Name | Text | User)
    }
}

/// The number of secrets that have no number of their own: they stand for any.
pub(in crate::recording) const ANY: u32 = 0;

/// Whether a text is a placeholder and nothing else.
pub(super) fn is_placeholder(text: &str) -> bool {
    FORMS.iter().any(|(_, before, after)| {
        let number = text.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        number.is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// The text without the numbers of its placeholders, and the numbers.
pub(in crate::recording) fn without_numbers(text: &str) -> (String, Vec<u32>) {
    let (mut out, mut numbers, mut rest) = (String::with_capacity(text.len()), Vec::new(), text);
    loop {
        let starts = FORMS.iter().filter_map(|(_, before, _)| rest.find(before).map(|at| at + before.len()));
        // Of two forms with the same end the longer one begins earlier: the end is what counts.
        let Some((head, tail)) = starts.min().and_then(|end| rest.split_at_checked(end)) else {
            out.push_str(rest);
            return (out, numbers);
        };
        out.push_str(head);
        rest = tail.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = tail.get(..tail.len() - rest.len()).unwrap_or_default();
        numbers.extend(digits.parse::<u32>());
    }
}

/// The secrets so far, numbered by kind as they came.
#[derive(Clone, Default)]
pub(super) struct Table {
    known: BTreeMap<String, (Kind, u32)>,
    counts: BTreeMap<Kind, u32>,
    /// Secrets get no number, and placeholders stay: for comparing with what has been replaced already.
    pub(super) is_mask: bool,
}

impl Table {
    /// What stands for a secret; the same secret gets the same placeholder, whatever its kind is at other places.
    pub(super) fn placeholder(&mut self, kind: Kind, secret: &str) -> String {
        if self.is_mask {
            return if is_placeholder(secret) { secret.to_owned() } else { kind.placeholder(ANY) };
        }
        let (kind, number) = match self.known.get(secret) {
            Some(known) => *known,
            None => {
                let number = self.counts.entry(kind).or_default();
                *number += 1;
                let entry = (kind, *number);
                self.known.insert(secret.to_owned(), entry);
                entry
            }
        };
        kind.placeholder(number)
    }

    /// The secrets, with what they are.
    pub(super) fn secrets(&self) -> impl Iterator<Item = (&str, Kind)> {
        self.known.iter().map(|(secret, (kind, _))| (secret.as_str(), *kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_secret_has_the_same_placeholder() {
        let mut table = Table::default();
        assert_eq!(table.placeholder(Kind::RefreshToken, "a"), "scrubbed-refresh-token-1");
        assert_eq!(table.placeholder(Kind::RefreshToken, "b"), "scrubbed-refresh-token-2");
        assert_eq!(table.placeholder(Kind::Token, "a"), "scrubbed-refresh-token-1");
        assert_eq!(table.placeholder(Kind::Email, "c"), "scrubbed-email-1@example.com");
        table.is_mask = true;
        assert_eq!(table.placeholder(Kind::RefreshToken, "z"), "scrubbed-refresh-token-0");
        assert_eq!(table.placeholder(Kind::Token, "scrubbed-refresh-token-7"), "scrubbed-refresh-token-7");
    }

    #[test]
    fn numbers_are_told_from_placeholders() {
        assert_eq!(
            without_numbers("a scrubbed-user-12, scrubbed-email-3@example.com 192.0.2.0 4"),
            ("a scrubbed-user-, scrubbed-email-@example.com 192.0.2. 4".to_owned(), vec![12, 3, 0])
        );
        assert_eq!(without_numbers("scrubbed-client-id-1 scrubbed-client-secret-2").1, [1, 2]);
        for (text, is) in [
            ("scrubbed-user-1", true),
            ("scrubbed-email-1@example.com", true),
            ("https://i.scdn.co/image/scrubbed-image-9", true),
            ("scrubbed-user-", false),
            ("scrubbed-user-1x", false),
            ("my scrubbed-user-1", false),
        ] {
            assert_eq!(is_placeholder(text), is, "{text}");
        }
    }
}
