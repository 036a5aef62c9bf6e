//! Resource ids, parsed from bare ids, URIs and links.
//!
//! Spotify identifies a resource in four ways: by a base-62 id, a URI (`spotify:album:…`), a page on open.spotify.com,
//! and an API URL ([Spotify URIs and IDs]). The id types parse the first three, in the forms that users copy. Ids from
//! the server are read tolerantly: any string is preserved, so that serializing a model loses no data.
//!
//! [Spotify URIs and IDs]: https://developer.spotify.com/documentation/web-api/concepts/spotify-uris-ids

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

use crate::types::reference::{self, Reference};
use crate::types::resource_kind::ResourceKind;
use crate::types::text::compares_as_text;
use crate::wire::lenient::LenientDeserialize;

/// Error for a string that is not an id, URI or URL of the expected kind.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected {expected}, found {found}")]
pub struct IdError {
    expected: Cow<'static, str>,
    found: Cow<'static, str>,
}

impl IdError {
    pub(crate) fn new(expected: impl Into<Cow<'static, str>>, found: impl Into<Cow<'static, str>>) -> Self {
        Self { expected: expected.into(), found: found.into() }
    }

    /// Returns whether the rejected string is a short link such as `https://spotify.link/…`, which
    /// [`ShortLink`](crate::ShortLink) resolves.
    #[must_use]
    pub fn is_short_link(&self) -> bool {
        self.found == reference::SHORT_LINK
    }

    fn kind(kind: ResourceKind, found: impl Into<Cow<'static, str>>) -> Self {
        let expected = match kind {
            ResourceKind::User => "a user id, a spotify:user:… URI or an open.spotify.com/user/… URL".into(),
            ResourceKind::Category => "a category id, a spotify:genre:… URI or an open.spotify.com/genre/… URL".into(),
            kind => format!(
                "the {kind} id of 22 letters and digits, a spotify:{kind}:… URI or an open.spotify.com/{kind}/… URL"
            )
            .into(),
        };
        Self { expected, found: found.into() }
    }
}

/// Length of a base-62 id, in bytes.
pub(crate) const BASE62_LEN: usize = 22;

/// Maximum length of a free-text id, in bytes. Even percent-encoded, such an id is far shorter than the maximum length
/// of a URI.
pub(crate) const FREE_TEXT_MAX: usize = 1024;

/// Checks a bare id.
pub(crate) fn check_id(kind: ResourceKind, id: &str) -> Result<(), IdError> {
    let fault = |found: String| Err(IdError::kind(kind, found));
    if id.is_empty() {
        return fault("an empty string".to_owned());
    }
    if kind.is_free_text() {
        // URI parsers resolve dot segments even if they are percent-encoded.
        return match id {
            "." | ".." => fault(format!("the path segment `{id}`")),
            _ if id.len() > FREE_TEXT_MAX => fault(format!("{} bytes, more than {FREE_TEXT_MAX}", id.len())),
            _ => Ok(()),
        };
    }
    if let Some(wrong) = id.chars().find(|c| !c.is_ascii_alphanumeric()) {
        return fault(format!("the character {wrong:?}"));
    }
    if id.len() != BASE62_LEN {
        return fault(format!("{} characters", id.len()));
    }
    Ok(())
}

/// Parses the id of a resource of this kind from a bare id, a URI or a link.
fn parse_reference(text: &str, expected: ResourceKind) -> Result<SmolStr, IdError> {
    let text = text.trim();
    let id = match reference::parse(text).transpose().map_err(|found| IdError::kind(expected, found))? {
        None => Cow::Borrowed(text),
        Some(Reference::Resource(kind, id)) if expected.includes(kind) => id,
        Some(Reference::Resource(kind, _)) => {
            return Err(IdError::kind(expected, format!("an id of kind {kind}")));
        }
        Some(Reference::Other(_)) => {
            return Err(IdError::kind(expected, reference::other_form(text)));
        }
    };
    check_id(expected, &id)?;
    // If such an id were formatted, it would be parsed as something else.
    if id.trim() != id || reference::is_reference(&id) {
        return Err(IdError::kind(expected, "an id that would be parsed as something else"));
    }
    Ok(SmolStr::new(id))
}

macro_rules! ids {
    ($( $(#[$doc:meta])* $name:ident $kind:ident; )+) => {$(
        $(#[$doc])*
        ///
        /// When a response is deserialized, any id is accepted unless it cannot be a path segment of a request: an
        /// empty id, `.`, `..` and ids of more than 1,024 bytes are treated as absent.
        #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(SmolStr);

        impl $name {
            /// Returns the bare id.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_reference(text, ResourceKind::$kind).map(Self)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = IdError;

            fn try_from(text: &str) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<&Self> for $name {
            fn from(id: &Self) -> Self {
                id.clone()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.as_str()).finish()
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        /// Deserializes an id, a URI or a URL; any other string is an error.
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::wire::lenient::text(deserializer, str::parse)
            }
        }

        impl LenientDeserialize for $name {
            fn from_text(text: &str) -> Option<Self> {
                // An id that is not a single path segment would turn the request into a request for a different
                // operation.
                let is_segment = !matches!(text, "" | "." | "..") && text.len() <= FREE_TEXT_MAX;
                is_segment.then(|| Self(SmolStr::new(text)))
            }
        }
    )+};
}

compares_as_text!(
    AlbumId,
    ArtistId,
    AudiobookId,
    CategoryId,
    ChapterId,
    EpisodeId,
    PlaylistId,
    ShowId,
    TrackId,
    UserId
);

ids! {
    /// The id of an album: 22 base-62 characters, parsed from an id, a URI or a URL.
    ///
    /// ```
    /// # use spotify_proto::AlbumId;
    /// let id: AlbumId = "https://open.spotify.com/intl-de/album/4aawyAB9vmqN3uQ7FjRGTy?si=0".parse()?;
    /// assert_eq!(id, AlbumId::try_from("spotify:album:4aawyAB9vmqN3uQ7FjRGTy")?);
    /// assert_eq!(id, "4aawyAB9vmqN3uQ7FjRGTy");
    /// # Ok::<(), spotify_proto::IdError>(())
    /// ```
    AlbumId Album;
    /// The id of an artist: 22 base-62 characters, parsed from an id, a URI or a URL.
    ArtistId Artist;
    /// The id of an audiobook: 22 base-62 characters, parsed from an id, a URI or a URL.
    ///
    /// Spotify writes `show` in the URIs and page URLs of audiobooks; both `show` and `audiobook` are parsed.
    AudiobookId Audiobook;
    /// The id of a browse category: free text such as `party`, parsed from an id, a `genre` URI or a `genre` URL.
    CategoryId Category;
    /// The id of a chapter: 22 base-62 characters, parsed from an id, a URI or a URL.
    ///
    /// Spotify writes `episode` in the URIs and page URLs of chapters; both `episode` and `chapter` are parsed.
    ChapterId Chapter;
    /// The id of an episode: 22 base-62 characters, parsed from an id, a URI or a URL.
    EpisodeId Episode;
    /// The id of a playlist: 22 base-62 characters, parsed from an id, a URI or a URL, including the old forms that
    /// contain the owner's id.
    PlaylistId Playlist;
    /// The id of a show: 22 base-62 characters, parsed from an id, a URI or a URL.
    ShowId Show;
    /// The id of a track: 22 base-62 characters, parsed from an id, a URI or a URL.
    TrackId Track;
    /// The id of a user: free text, up to 1,024 bytes, parsed from an id, a URI or a URL.
    ///
    /// Users could once choose arbitrary ids, so an id can contain characters such as `#` and `[`. Requests
    /// percent-encode these characters.
    UserId User;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::uri::SpotifyUri;

    const ID: &str = "6rqhFgbbKwnb9MLmUQDhG6";

    #[test]
    fn a_track_id_is_parsed_from_every_form() {
        for text in [
            ID.to_owned(),
            format!(" {ID}\n"),
            format!("spotify:track:{ID}"),
            format!("https://open.spotify.com/track/{ID}"),
            format!("http://open.spotify.com/track/{ID}/?si=1&utm_source=x#t"),
            format!("open.spotify.com/intl-pt-BR/track/{ID}"),
            format!("https://open.spotify.com/embed/track/{ID}?theme=0"),
        ] {
            assert_eq!(text.parse::<TrackId>().map(|id| id.to_string()), Ok(ID.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_playlist_id_is_parsed_from_forms_that_contain_its_owner() {
        for text in [
            format!("spotify:user:some%20body:playlist:{ID}"),
            format!("https://open.spotify.com/user/some%20body/playlist/{ID}?si=1"),
        ] {
            assert_eq!(text.parse::<PlaylistId>().map(|id| id.to_string()), Ok(ID.to_owned()), "{text}");
            assert_eq!(
                text.parse::<SpotifyUri>().map(|uri| uri.to_string()),
                Ok(format!("spotify:playlist:{ID}"))
            );
        }
    }

    #[test]
    fn a_user_id_is_free_text() {
        for id in
            ["wizzler", "118430647", "marcel#spotify", "[sop]rocky", "a+b", "a/../../me/player?x=1", "é\u{7}"]
        {
            let user: UserId = id.parse().expect("free text");
            assert_eq!(user.as_str(), id);
            let uri = SpotifyUri::from(&user);
            assert_eq!(uri.to_string().parse::<UserId>(), Ok(user), "{uri}");
            assert_eq!(uri.id().as_deref(), Some(id));
        }
    }

    #[test]
    fn an_invalid_string_is_an_error_that_states_the_expected_form() {
        for (text, found) in [
            ("", "found an empty string"),
            ("6rqhFgbbKwnb9MLmUQDhG", "found 21 characters"),
            ("6rqhFgbbKwnb9MLmUQDhG!", "found the character '!'"),
            ("spotify:album:6rqhFgbbKwnb9MLmUQDhG6", "found an id of kind album"),
            ("spotify:track", "found a Spotify URI of a different form"),
            ("spotify:local:a:b:c:1", "found a Spotify URI of a different form"),
            (
                "https://open.spotify.com/collection/tracks",
                "found an open.spotify.com URL of a different form",
            ),
            (
                "https://spotify.link/abc",
                "found a short link, which only the server can resolve; use `ShortLink` to resolve it",
            ),
            (
                "https://open.spotify.com.example/track/6rqhFgbbKwnb9MLmUQDhG6",
                "found a URL with a different host",
            ),
        ] {
            let message = text.parse::<TrackId>().expect_err(text).to_string();
            assert!(message.starts_with("expected the track id of 22 letters and digits"), "{message}");
            assert!(message.ends_with(found), "{message}");
        }
        for text in [
            ".",
            "..",
            "",
            "spotify:user:%20x",
            "spotify:user:spotify%3Auser%3Ax",
            "spotify:user:https%3A%2F%2Fx",
        ] {
            assert!(text.parse::<UserId>().is_err(), "{text}");
        }
        assert!("x".repeat(1025).parse::<UserId>().is_err());
    }

    #[test]
    fn an_id_from_the_server_that_cannot_be_in_a_path_is_absent() {
        for text in ["", ".", "..", &*"x".repeat(1025)] {
            assert_eq!((PlaylistId::from_text(text), UserId::from_text(text)), (None, None), "{text:.5}");
        }
        assert_eq!(PlaylistId::from_text("x").as_ref().map(PlaylistId::as_str), Some("x"));
    }

    #[test]
    fn links_and_ids_take_24_bytes() {
        assert_eq!(size_of::<Option<SpotifyUri>>(), 24);
        assert_eq!(size_of::<Option<TrackId>>(), 24);
    }
}
