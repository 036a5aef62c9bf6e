//! Scopes: the permissions that a user grants to an application.

mod requirement;

use std::collections::HashSet;
use std::convert::Infallible;
use std::fmt;
use std::ops::{BitAnd, BitOr, Sub};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::open_enum::open_enum;

pub use requirement::ScopeRequirement;

open_enum! {
    /// A permission that a user grants ([scopes](https://developer.spotify.com/documentation/web-api/concepts/scopes)).
    Scope {
        /// Upload images to the user's playlists.
        UgcImageUpload = "ugc-image-upload",
        /// Read the playback state, including the device.
        UserReadPlaybackState = "user-read-playback-state",
        /// Control playback.
        UserModifyPlaybackState = "user-modify-playback-state",
        /// Read the currently playing item.
        UserReadCurrentlyPlaying = "user-read-currently-playing",
        /// Remote control by the mobile SDKs.
        AppRemoteControl = "app-remote-control",
        /// Play audio in the Web Playback SDK; Premium only.
        Streaming = "streaming",
        /// Read private playlists.
        PlaylistReadPrivate = "playlist-read-private",
        /// Read collaborative playlists.
        PlaylistReadCollaborative = "playlist-read-collaborative",
        /// Change private playlists.
        PlaylistModifyPrivate = "playlist-modify-private",
        /// Change public playlists.
        PlaylistModifyPublic = "playlist-modify-public",
        /// Follow and unfollow artists and users.
        UserFollowModify = "user-follow-modify",
        /// Read the followed artists and users.
        UserFollowRead = "user-follow-read",
        /// Read the playback position in episodes.
        UserReadPlaybackPosition = "user-read-playback-position",
        /// Read top artists and tracks.
        UserTopRead = "user-top-read",
        /// Read recently played tracks.
        UserReadRecentlyPlayed = "user-read-recently-played",
        /// Change the library.
        UserLibraryModify = "user-library-modify",
        /// Read the library.
        UserLibraryRead = "user-library-read",
        /// Read the e-mail address.
        UserReadEmail = "user-read-email",
        /// Read the subscription details.
        UserReadPrivate = "user-read-private",
        /// Link accounts to a partner service (Open Access partners).
        UserSoaLink = "user-soa-link",
        /// Unlink accounts from a partner service (Open Access partners).
        UserSoaUnlink = "user-soa-unlink",
        /// Manage entitlements of linked users (Open Access partners).
        SoaManageEntitlements = "soa-manage-entitlements",
        /// Change partner information (Open Access partners).
        SoaManagePartner = "soa-manage-partner",
        /// Create new partners (Open Access partners).
        SoaCreatePartner = "soa-create-partner",
    }
}

/// A set of scopes, formatted with spaces between them as on the wire; parsing accepts commas as well.
///
/// ```
/// # use spotify_proto::{Scope, Scopes};
/// let asked = Scopes::from([Scope::UserLibraryRead, Scope::UserTopRead]);
/// let granted: Scopes = "user-library-read some-new-scope".parse().unwrap_or_default();
/// assert_eq!((&asked & &granted).to_string(), "user-library-read");
/// assert_eq!((&asked - &granted).to_string(), "user-top-read");
/// assert!(granted.contains(&Scope::from("some-new-scope")));
/// ```
#[derive(Clone, Debug, Default, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Creates an empty set, which gives access to public data only.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Returns whether the scope is in the set.
    #[must_use]
    pub fn contains(&self, scope: &Scope) -> bool {
        self.0.contains(scope)
    }

    /// Returns whether the set contains every scope of the other set.
    #[must_use]
    pub fn contains_all(&self, other: &Self) -> bool {
        let own: HashSet<&Scope> = self.iter().collect();
        other.iter().all(|scope| own.contains(scope))
    }

    /// Returns whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of scopes in the set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the scopes in the order in which they were added.
    pub fn iter(&self) -> std::slice::Iter<'_, Scope> {
        self.0.iter()
    }
}

impl IntoIterator for Scopes {
    type Item = Scope;
    type IntoIter = std::vec::IntoIter<Scope>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Scopes {
    type Item = &'a Scope;
    type IntoIter = std::slice::Iter<'a, Scope>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Into<Scope>> FromIterator<T> for Scopes {
    fn from_iter<I: IntoIterator<Item = T>>(scopes: I) -> Self {
        let mut set = Self::new();
        set.extend(scopes);
        set
    }
}

impl<T: Into<Scope>> Extend<T> for Scopes {
    fn extend<I: IntoIterator<Item = T>>(&mut self, scopes: I) {
        self.0.extend(scopes.into_iter().map(Into::into));
        let mut seen = HashSet::with_capacity(self.0.len());
        let mut is_first: Vec<bool> = self.0.iter().map(|scope| seen.insert(scope)).collect();
        let mut is_first = is_first.drain(..);
        self.0.retain(|_| is_first.next().unwrap_or(true));
    }
}

impl<const N: usize> From<[Scope; N]> for Scopes {
    fn from(scopes: [Scope; N]) -> Self {
        scopes.into_iter().collect()
    }
}

/// Compares sets without regard to order.
impl PartialEq for Scopes {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.contains_all(other)
    }
}

impl BitOr for &Scopes {
    type Output = Scopes;

    fn bitor(self, other: Self) -> Scopes {
        self.iter().chain(other.iter()).cloned().collect()
    }
}

impl BitAnd for &Scopes {
    type Output = Scopes;

    fn bitand(self, other: Self) -> Scopes {
        let other: HashSet<&Scope> = other.iter().collect();
        self.iter().filter(|scope| other.contains(scope)).cloned().collect()
    }
}

impl Sub for &Scopes {
    type Output = Scopes;

    fn sub(self, other: Self) -> Scopes {
        let other: HashSet<&Scope> = other.iter().collect();
        self.iter().filter(|scope| !other.contains(scope)).cloned().collect()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

/// Error for a string with a character that cannot be part of a scope.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected scopes separated by spaces or commas, found the character {0:?}")]
pub struct InvalidScopes(char);

/// Parses a list of scopes that are separated by white space, commas or both.
///
/// Scopes without an enum variant are accepted, but every character must be valid in a scope (RFC 6749 §3.3).
impl FromStr for Scopes {
    type Err = InvalidScopes;

    fn from_str(text: &str) -> Result<Self, InvalidScopes> {
        let is_wrong = |c: char| !is_separator(c) && (!c.is_ascii_graphic() || c == '"' || c == '\\');
        match text.chars().find(|c| is_wrong(*c)) {
            Some(wrong) => Err(InvalidScopes(wrong)),
            None => Ok(Self::from(text)),
        }
    }
}

/// Reads a list of scopes from a server: any string, with white space or commas as separators.
///
/// Use [`str::parse`] for user input.
impl From<&str> for Scopes {
    fn from(text: &str) -> Self {
        text.split(is_separator).filter(|scope| !scope.is_empty()).map(Scope::from).collect()
    }
}

fn is_separator(c: char) -> bool {
    c == ',' || c.is_whitespace()
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Deserializes the stored form, which can contain any scope that the server has granted.
impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wire::lenient::text(deserializer, |text| Ok::<_, Infallible>(Self::from(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_operations_obey_the_laws_of_set_algebra() {
        let (a, b) =
            (Scopes::from("user-top-read streaming x-new"), Scopes::from("streaming user-top-read ugc"));
        assert_eq!(&a | &b, &b | &a);
        assert_eq!(&a & &b, &b & &a);
        assert_eq!(&(&a - &b) | &(&a & &b), a);
        assert!((&a | &b).contains_all(&a) && !a.contains_all(&b));
        assert_eq!(Scopes::from("  a  b a "), Scopes::from("b a"));
        assert_eq!(Scopes::from("").len(), 0);
    }

    #[test]
    fn commas_and_white_space_separate_scopes() {
        let expected = Scopes::from([Scope::UserReadPrivate, Scope::PlaylistReadPrivate]);
        for text in [
            "user-read-private playlist-read-private",
            "user-read-private,playlist-read-private",
            " user-read-private, playlist-read-private,\n",
            ",,user-read-private\t,\r\n playlist-read-private user-read-private",
        ] {
            assert_eq!(text.parse(), Ok(expected.clone()), "{text:?}");
            assert_eq!(Scopes::from(text), expected, "{text:?}");
        }
        for text in ["", " ", ",", " , "] {
            assert_eq!(text.parse(), Ok(Scopes::new()), "{text:?}");
        }
    }

    #[test]
    fn characters_that_are_invalid_in_scopes_are_an_error_in_user_input() {
        for (text, wrong) in [
            ("\"user-read-private\"", '"'),
            ("user-read-private\\", '\\'),
            ("user\u{2011}read", '\u{2011}'),
            ("user-read-private\0", '\0'),
            ("user-read-private \u{7f}", '\u{7f}'),
        ] {
            assert_eq!(text.parse::<Scopes>(), Err(InvalidScopes(wrong)), "{text:?}");
            let stored = serde_json::to_string(&Scopes::from(text)).expect("a text");
            assert_eq!(serde_json::from_str::<Scopes>(&stored).ok(), Some(Scopes::from(text)), "{text:?}");
        }
        assert_eq!("x-new:all!".parse(), Ok(Scopes::from([Scope::from("x-new:all!")])));
        assert_eq!(
            InvalidScopes('"').to_string(),
            r#"expected scopes separated by spaces or commas, found the character '"'"#
        );
    }

    #[test]
    fn scopes_are_iterated_in_insertion_order() {
        let scopes = Scopes::from("streaming user-top-read streaming");
        let mut texts = Vec::new();
        for scope in &scopes {
            texts.push(scope.as_str());
        }
        assert_eq!(texts, ["streaming", "user-top-read"]);
        assert_eq!(scopes.clone().into_iter().collect::<Scopes>(), scopes);
    }
}
