//! What a user lets an application do.

use std::fmt;
use std::ops::{BitAnd, BitOr, Sub};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::open::open_enum;

open_enum! {
    /// A permission that a user grants ([scopes](https://developer.spotify.com/documentation/web-api/concepts/scopes)).
    Scope {
        /// Upload images to the user's playlists.
        UgcImageUpload = "ugc-image-upload",
        /// Read what plays, and where.
        UserReadPlaybackState = "user-read-playback-state",
        /// Control playback.
        UserModifyPlaybackState = "user-modify-playback-state",
        /// Read what is currently playing.
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
        /// Follow and unfollow.
        UserFollowModify = "user-follow-modify",
        /// Read who is followed.
        UserFollowRead = "user-follow-read",
        /// Read how far an episode was played.
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

/// A set of scopes, written with spaces between them as on the wire.
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
    /// No scope: public data only.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Whether a scope is in the set.
    #[must_use]
    pub fn contains(&self, scope: &Scope) -> bool {
        self.0.contains(scope)
    }

    /// Whether every scope of the other set is in this one.
    #[must_use]
    pub fn contains_all(&self, other: &Self) -> bool {
        other.iter().all(|scope| self.contains(scope))
    }

    /// Whether no scope is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many scopes are in the set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The scopes, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }
}

impl<T: Into<Scope>> FromIterator<T> for Scopes {
    fn from_iter<I: IntoIterator<Item = T>>(scopes: I) -> Self {
        let mut set = Self::none();
        set.extend(scopes);
        set
    }
}

impl<T: Into<Scope>> Extend<T> for Scopes {
    fn extend<I: IntoIterator<Item = T>>(&mut self, scopes: I) {
        for scope in scopes.into_iter().map(Into::into) {
            if !self.contains(&scope) {
                self.0.push(scope);
            }
        }
    }
}

impl<const N: usize> From<[Scope; N]> for Scopes {
    fn from(scopes: [Scope; N]) -> Self {
        scopes.into_iter().collect()
    }
}

/// Sets are equal whatever the order.
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
        self.iter().filter(|scope| other.contains(scope)).cloned().collect()
    }
}

impl Sub for &Scopes {
    type Output = Scopes;

    fn sub(self, other: Self) -> Scopes {
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

impl FromStr for Scopes {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(text))
    }
}

/// From a list with spaces between; unknown scopes are kept.
impl From<&str> for Scopes {
    fn from(text: &str) -> Self {
        text.split_whitespace().map(Scope::from).collect()
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::lenient::text(deserializer, str::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_obey_their_algebra() {
        let (a, b) =
            (Scopes::from("user-top-read streaming x-new"), Scopes::from("streaming user-top-read ugc"));
        assert_eq!(&a | &b, &b | &a);
        assert_eq!(&a & &b, &b & &a);
        assert_eq!(&(&a - &b) | &(&a & &b), a);
        assert!((&a | &b).contains_all(&a) && !a.contains_all(&b));
        assert_eq!(Scopes::from("  a  b a "), Scopes::from("b a"));
        assert_eq!(Scopes::from("").len(), 0);
    }
}
