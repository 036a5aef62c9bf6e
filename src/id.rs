//! Ids, URIs and links: parsed once at the edge, infallible from there on.
//!
//! Spotify names a resource in four ways: a base-62 id, a URI (`spotify:album:…`), a page on open.spotify.com,
//! and an API address ([Spotify URIs and IDs]). An id type parses the first three. What the server sends is read
//! tolerantly: any text is kept, so that nothing is lost when a model is written again.
//!
//! [Spotify URIs and IDs]: https://developer.spotify.com/documentation/web-api/concepts/spotify-uris-ids

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

use crate::encode;
use crate::lenient::Read;

/// What kind of thing an id names.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Kind {
    /// An album.
    Album,
    /// An artist.
    Artist,
    /// An audiobook.
    Audiobook,
    /// A browse category; it has no URI.
    Category,
    /// A chapter of an audiobook.
    Chapter,
    /// An episode of a show.
    Episode,
    /// A playlist.
    Playlist,
    /// A show (podcast).
    Show,
    /// A track.
    Track,
    /// A user.
    User,
}

/// How a kind is written.
pub(crate) struct Spelling {
    pub(crate) kind: Kind,
    /// In URIs and on open.spotify.com.
    pub(crate) singular: &'static str,
    /// What a URI begins with.
    pub(crate) uri: &'static str,
    /// What an address in the API begins with.
    pub(crate) href: &'static str,
    /// What the address of a page on open.spotify.com begins with.
    pub(crate) web: &'static str,
}

macro_rules! spelling {
    ($kind:ident $singular:literal $plural:literal) => {
        Spelling {
            kind: Kind::$kind,
            singular: $singular,
            uri: concat!("spotify:", $singular, ":"),
            href: concat!("https://api.spotify.com/v1/", $plural, "/"),
            web: concat!("https://open.spotify.com/", $singular, "/"),
        }
    };
}

/// Every kind, the frequent ones first.
pub(crate) const KINDS: &[Spelling] = &[
    spelling!(Artist "artist" "artists"),
    spelling!(Track "track" "tracks"),
    spelling!(Album "album" "albums"),
    spelling!(User "user" "users"),
    spelling!(Episode "episode" "episodes"),
    spelling!(Show "show" "shows"),
    spelling!(Playlist "playlist" "playlists"),
    spelling!(Audiobook "audiobook" "audiobooks"),
    spelling!(Chapter "chapter" "chapters"),
    spelling!(Category "category" "categories"),
];

impl Kind {
    /// The word in URIs and on open.spotify.com: `album`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        KINDS.iter().find(|it| it.kind == self).map_or("", |it| it.singular)
    }

    fn from_word(word: &str) -> Option<Self> {
        KINDS.iter().find(|it| it.singular == word).map(|it| it.kind)
    }

    /// Whether its ids are free text instead of 22 base-62 characters.
    const fn is_free_text(self) -> bool {
        matches!(self, Self::User | Self::Category)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that is no id, URI or URL of the kind that was expected.
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

    fn kind(kind: Kind, found: impl Into<Cow<'static, str>>) -> Self {
        let expected = match kind {
            Kind::User => "a user id, a spotify:user:… URI or an open.spotify.com/user/… URL".into(),
            Kind::Category => "a category id".into(),
            kind => format!(
                "the {kind} id of 22 letters and digits, a spotify:{kind}:… URI or an open.spotify.com/{kind}/… URL"
            )
            .into(),
        };
        Self { expected, found: found.into() }
    }
}

/// Length of a base-62 id.
pub(crate) const BASE62_LEN: usize = 22;

/// Longest free-text id that is taken; escaped it still fits a URI many times over.
pub(crate) const FREE_TEXT_MAX: usize = 1024;

/// Checks a bare id.
pub(crate) fn check_id(kind: Kind, id: &str) -> Result<(), IdError> {
    let fault = |found: String| Err(IdError::kind(kind, found));
    if id.is_empty() {
        return fault("an empty text".to_owned());
    }
    if kind.is_free_text() {
        // No escape keeps URI parsers from resolving these two.
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

/// What a text names: the kind and the bare id.
fn parse_reference(text: &str, expected: Kind) -> Result<SmolStr, IdError> {
    let text = text.trim();
    let (kind, id) = if let Some(rest) = text.strip_prefix("spotify:") {
        parse_uri_rest(rest).ok_or_else(|| IdError::kind(expected, "a Spotify URI of another form"))?
    } else if let Some(path) = url_path(text) {
        parse_url_path(path.map_err(|found| IdError::kind(expected, found))?)
            .ok_or_else(|| IdError::kind(expected, "an open.spotify.com URL of another form"))?
    } else {
        (expected, Cow::Borrowed(text))
    };
    if kind != expected {
        return Err(IdError::kind(expected, format!("one of kind {kind}")));
    }
    check_id(kind, &id)?;
    // Written and read again it would be another: no user ever had such an id.
    if id.trim() != id || id.starts_with("spotify:") || url_path(&id).is_some() {
        return Err(IdError::kind(expected, "an id that names something else"));
    }
    Ok(SmolStr::new(id))
}

/// Reads `album:ID`, `user:NAME`, `user:NAME:playlist:ID` after `spotify:`.
pub(crate) fn parse_uri_rest(rest: &str) -> Option<(Kind, Cow<'_, str>)> {
    let mut parts = rest.split(':');
    let (kind, id) = (Kind::from_word(parts.next()?)?, parts.next()?);
    match (kind, parts.next(), parts.next(), parts.next()) {
        (_, None, ..) => Some((kind, encode::decode(id)?)),
        (Kind::User, Some("playlist"), Some(id), None) => Some((Kind::Playlist, id.into())),
        _ => None,
    }
}

/// The path of an open.spotify.com URL, with or without a scheme; `None` for a text that is no URL.
pub(crate) fn url_path(text: &str) -> Option<Result<&str, &'static str>> {
    let without_scheme = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let rest = match without_scheme {
        Some(rest) => rest,
        None if text.starts_with("open.spotify.com/") => text,
        None => return None,
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    Some(match host {
        "open.spotify.com" | "play.spotify.com" => Ok(path),
        "spotify.link" | "spotify.app.link" => Err("a short link, which only the server can resolve"),
        _ => Err("a URL of another host"),
    })
}

/// Reads `album/ID`, `intl-de/album/ID`, `embed/album/ID`, `user/NAME/playlist/ID`, with any query.
pub(crate) fn parse_url_path(path: &str) -> Option<(Kind, Cow<'_, str>)> {
    let path = path.split(['?', '#']).next()?.trim_end_matches('/');
    let mut parts = path.split('/').skip_while(|part| part.starts_with("intl-") || *part == "embed");
    let (kind, id) = (Kind::from_word(parts.next()?)?, parts.next()?);
    match (kind, parts.next(), parts.next(), parts.next()) {
        (_, None, ..) => Some((kind, encode::decode(id)?)),
        (Kind::User, Some("playlist"), Some(id), None) => Some((Kind::Playlist, id.into())),
        _ => None,
    }
}

macro_rules! ids {
    ($( $(#[$doc:meta])* $name:ident $kind:ident; )+) => {$(
        $(#[$doc])*
        ///
        /// Ids that the server sent are kept whatever they look like.
        #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(SmolStr);

        impl $name {
            /// The bare id.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_reference(text, Kind::$kind).map(Self)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = IdError;

            fn try_from(text: &str) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<&Self> for $name {
            fn from(id: &Self) -> Self {
                id.clone()
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

        /// As parsed from text: an id, a URI or a URL; anything else is an error.
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::lenient::text(deserializer, str::parse)
            }
        }

        impl Read for $name {
            fn from_text(text: &str) -> Option<Self> {
                let is_segment = text != "." && text != ".." && text.len() <= FREE_TEXT_MAX;
                is_segment.then(|| Self(SmolStr::new(text)))
            }
        }
    )+};
}

ids! {
    /// The id of an album: 22 base-62 characters, parsed from an id, a URI or a URL.
    ///
    /// ```
    /// # use spotify_proto::AlbumId;
    /// let id: AlbumId = "https://open.spotify.com/intl-de/album/4aawyAB9vmqN3uQ7FjRGTy?si=0".parse()?;
    /// assert_eq!(id, "spotify:album:4aawyAB9vmqN3uQ7FjRGTy".parse()?);
    /// assert_eq!(id.as_str(), "4aawyAB9vmqN3uQ7FjRGTy");
    /// # Ok::<(), spotify_proto::IdError>(())
    /// ```
    AlbumId Album;
    /// The id of an artist: 22 base-62 characters, parsed from an id, a URI or a URL.
    ArtistId Artist;
    /// The id of an audiobook: 22 base-62 characters, parsed from an id, a URI or a URL.
    AudiobookId Audiobook;
    /// The id of a browse category: free text such as `party`.
    CategoryId Category;
    /// The id of a chapter: 22 base-62 characters, parsed from an id, a URI or a URL.
    ChapterId Chapter;
    /// The id of an episode: 22 base-62 characters, parsed from an id, a URI or a URL.
    EpisodeId Episode;
    /// The id of a playlist: 22 base-62 characters, parsed from an id, a URI or a URL, old forms with the owner too.
    PlaylistId Playlist;
    /// The id of a show: 22 base-62 characters, parsed from an id, a URI or a URL.
    ShowId Show;
    /// The id of a track: 22 base-62 characters, parsed from an id, a URI or a URL.
    TrackId Track;
    /// The id of a user: free text, up to 1,024 bytes, parsed from an id, a URI or a URL.
    ///
    /// User ids hold what their owners once chose, `#` and `[` included; they are escaped where they are used.
    UserId User;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Uri;

    const ID: &str = "6rqhFgbbKwnb9MLmUQDhG6";

    #[test]
    fn a_track_is_named_in_many_ways() {
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
    fn a_playlist_may_be_named_with_its_owner() {
        for text in [
            format!("spotify:user:some%20body:playlist:{ID}"),
            format!("https://open.spotify.com/user/some%20body/playlist/{ID}?si=1"),
        ] {
            assert_eq!(text.parse::<PlaylistId>().map(|id| id.to_string()), Ok(ID.to_owned()), "{text}");
            assert_eq!(text.parse::<Uri>().map(|uri| uri.to_string()), Ok(format!("spotify:playlist:{ID}")));
        }
    }

    #[test]
    fn a_user_id_is_free_text() {
        for id in
            ["wizzler", "118430647", "marcel#spotify", "[sop]rocky", "a+b", "a/../../me/player?x=1", "é\u{7}"]
        {
            let user: UserId = id.parse().expect("free text");
            assert_eq!(user.as_str(), id);
            let uri = Uri::from(&user);
            assert_eq!(uri.to_string().parse::<UserId>(), Ok(user), "{uri}");
            assert_eq!(uri.id().as_deref(), Some(id));
        }
    }

    #[test]
    fn a_wrong_text_is_an_error_that_says_what_was_expected() {
        for (text, found) in [
            ("", "found an empty text"),
            ("6rqhFgbbKwnb9MLmUQDhG", "found 21 characters"),
            ("6rqhFgbbKwnb9MLmUQDhG!", "found the character '!'"),
            ("spotify:album:6rqhFgbbKwnb9MLmUQDhG6", "found one of kind album"),
            ("spotify:track", "found a Spotify URI of another form"),
            ("spotify:local:a:b:c:1", "found a Spotify URI of another form"),
            ("https://open.spotify.com/collection/tracks", "found an open.spotify.com URL of another form"),
            ("https://spotify.link/abc", "found a short link, which only the server can resolve"),
            ("https://open.spotify.com.example/track/6rqhFgbbKwnb9MLmUQDhG6", "found a URL of another host"),
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
    fn a_link_is_as_small_as_a_short_string() {
        assert_eq!(size_of::<Option<Uri>>(), 24);
        assert_eq!(size_of::<Option<TrackId>>(), 24);
    }
}
