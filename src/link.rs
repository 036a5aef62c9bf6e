//! URIs and addresses of resources, stored as what they say.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

use crate::encode;
use crate::id::{
    AlbumId, ArtistId, AudiobookId, ChapterId, EpisodeId, FREE_TEXT_MAX, IdError, KINDS, Kind, PlaylistId,
    ShowId, Spelling, TrackId, UserId, check_id, parse_uri_rest, parse_url_path, url_path,
};
use crate::lenient::Read;

/// Longest link that is kept; escaped it still fits a URI.
const LINK_MAX: usize = 8192;

/// `prefix kind separator rest`, stored as one letter and the rest where it has that form, else as `=` and the
/// whole text. 22 base-62 characters then need no allocation, and every text is written as it was read.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
struct Packed(SmolStr);

/// The letter of a text that is stored whole.
const WHOLE: u8 = b'=';

/// The form that a packed text has when it is canonical.
struct Form {
    prefix: &'static str,
    separator: char,
    is_plural: bool,
}

impl Form {
    fn word(&self, known: &Spelling) -> &'static str {
        if self.is_plural { known.plural } else { known.singular }
    }
}

impl Packed {
    fn new(text: &str, form: &Form) -> Self {
        match Self::canonical(text, form) {
            Some((letter, rest)) => Self::join(letter, rest),
            None => Self::join(WHOLE, text),
        }
    }

    /// The letter and the rest of a text of that form. Links are a third of what is read, so this looks at bytes.
    fn canonical<'a>(text: &'a str, form: &Form) -> Option<(u8, &'a str)> {
        let rest = text.strip_prefix(form.prefix)?;
        let (known, rest) = KINDS.iter().find_map(|known| {
            let rest = rest.strip_prefix(form.word(known))?.strip_prefix(form.separator)?;
            Some((known, rest))
        })?;
        let is_plain =
            !rest.is_empty() && !rest.bytes().any(|byte| matches!(byte, b':' | b'/' | b'?' | b'#'));
        is_plain.then_some((known.letter, rest))
    }

    fn join(letter: u8, rest: &str) -> Self {
        let mut builder = smol_str::SmolStrBuilder::new();
        builder.push(char::from(letter));
        builder.push_str(rest);
        Self(builder.finish())
    }

    /// The kind, its words and the rest, or the whole text.
    fn parts(&self) -> Result<(&'static Spelling, &str), &str> {
        let (letter, rest) = self.0.split_at_checked(1).unwrap_or(("", ""));
        KINDS.iter().find(|it| letter.as_bytes() == [it.letter]).map(|it| (it, rest)).ok_or(rest)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, form: &Form) -> fmt::Result {
        match self.parts() {
            Ok((known, rest)) => {
                f.write_str(form.prefix)?;
                f.write_str(form.word(known))?;
                f.write_char(form.separator)?;
                f.write_str(rest)
            }
            Err(whole) => f.write_str(whole),
        }
    }
}

macro_rules! links {
    ($( $(#[$doc:meta])* $name:ident = $form:expr; )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Packed);

        impl $name {
            const FORM: Form = $form;

            /// The kind of what the URI or link names; `None` for every form but the plain one.
            #[must_use]
            pub fn kind(&self) -> Option<Kind> {
                self.0.parts().ok().map(|(known, _)| known.kind)
            }

            /// The id of what the URI or link names, decoded; `None` for every form but the plain one.
            #[must_use]
            pub fn id(&self) -> Option<Cow<'_, str>> {
                self.0.parts().ok().and_then(|(_, rest)| encode::decode(rest))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.write(f, &Self::FORM)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl Read for $name {
            fn from_text(text: &str) -> Option<Self> {
                (text.len() <= LINK_MAX).then(|| Self(Packed::new(text, &Self::FORM)))
            }
        }
    )+};
}

/// Any text, because addresses are only shown.
macro_rules! any_text {
    ($($name:ident),+) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::lenient::text(deserializer, |text| {
                    Self::from_text(text).ok_or("an address of more than 8,192 bytes")
                })
            }
        }
    )+};
}
any_text!(Href, WebUrl);

links! {
    /// A Spotify URI: `spotify:track:…`, `spotify:user:…`, `spotify:local:…`, `spotify:user:…:collection`.
    ///
    /// ```
    /// # use spotify_proto::{Kind, Uri};
    /// let uri: Uri = "spotify:track:6rqhFgbbKwnb9MLmUQDhG6".parse()?;
    /// assert_eq!(uri.kind(), Some(Kind::Track));
    /// assert_eq!(uri.id().as_deref(), Some("6rqhFgbbKwnb9MLmUQDhG6"));
    /// # Ok::<(), spotify_proto::IdError>(())
    /// ```
    Uri = Form { prefix: "spotify:", separator: ':', is_plural: false };
    /// The address of an object in the Web API, as the server wrote it: a name to show, never a place to go to.
    Href = Form { prefix: "https://api.spotify.com/v1/", separator: '/', is_plural: true };
    /// A page on open.spotify.com.
    WebUrl = Form { prefix: "https://open.spotify.com/", separator: '/', is_plural: false };
}

impl Uri {
    /// The URI of a known kind and id; the id is escaped.
    fn of(kind: Kind, id: &str) -> Self {
        let mut rest = String::with_capacity(id.len());
        encode::uri_part(id, &mut rest);
        let letter = KINDS.iter().find(|it| it.kind == kind).map_or(WHOLE, |it| it.letter);
        Self(Packed::join(letter, &rest))
    }

    /// What a `spotify:local:…` URI says about the file on the user's disk; `None` for every other URI.
    #[must_use]
    pub fn local_file(&self) -> Option<LocalFile> {
        let rest = self.0.parts().err()?.strip_prefix("spotify:local:")?;
        let mut parts = rest.split(':').map(|part| {
            let spaced = part.replace('+', " ");
            encode::decode(&spaced).map_or_else(|| part.to_owned(), Cow::into_owned)
        });
        Some(LocalFile {
            artist: parts.next()?,
            album: parts.next()?,
            title: parts.next()?,
            duration: parts.next().and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs),
        })
    }
}

/// A file on a user's disk, as its URI describes it; parts that the file's tags lack are empty.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LocalFile {
    /// The artist.
    pub artist: String,
    /// The album.
    pub album: String,
    /// The title.
    pub title: String,
    /// The length, in whole seconds.
    pub duration: Option<Duration>,
}

/// From a URI or an open.spotify.com URL.
///
/// Old playlist forms with the owner become `spotify:playlist:…`; `spotify:local:…`, `spotify:collection` and
/// `spotify:user:NAME:…` are taken as they are.
impl FromStr for Uri {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        const EXPECTED: &str = "a URI like spotify:track:… or an open.spotify.com URL";
        let text = text.trim();
        if text.len() > FREE_TEXT_MAX {
            return Err(IdError::new(EXPECTED, format!("{} bytes, more than {FREE_TEXT_MAX}", text.len())));
        }
        let found = if let Some(rest) = text.strip_prefix("spotify:") {
            let special = ["local:", "collection", "user:"].iter().any(|form| rest.starts_with(form));
            match parse_uri_rest(rest) {
                None if special => return Ok(Self(Packed::new(text, &Self::FORM))),
                found => found,
            }
        } else {
            match url_path(text) {
                Some(path) => parse_url_path(path.map_err(|found| IdError::new(EXPECTED, found))?),
                None => return Err(IdError::new(EXPECTED, "a text without `spotify:`")),
            }
        };
        let (kind, id) = found.ok_or_else(|| IdError::new(EXPECTED, "an unknown form"))?;
        check_id(kind, &id)?;
        let uri = Self::of(kind, &id);
        // Escapes make it longer; what could not be read again is not taken.
        let len = uri.to_string().len();
        if len > FREE_TEXT_MAX {
            return Err(IdError::new(
                EXPECTED,
                format!("{len} bytes with escapes, more than {FREE_TEXT_MAX}"),
            ));
        }
        Ok(uri)
    }
}

impl TryFrom<&str> for Uri {
    type Error = IdError;

    fn try_from(text: &str) -> Result<Self, IdError> {
        text.parse()
    }
}

/// As parsed from text; anything that is no URI or URL is an error.
impl<'de> Deserialize<'de> for Uri {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::lenient::text(deserializer, str::parse)
    }
}

macro_rules! uri_of {
    ($($name:ident $kind:ident),+) => {$(
        impl From<&$name> for Uri {
            fn from(id: &$name) -> Self {
                Self::of(Kind::$kind, id.as_str())
            }
        }

        impl From<$name> for Uri {
            fn from(id: $name) -> Self {
                Self::from(&id)
            }
        }
    )+};
}
uri_of!(
    AlbumId Album, ArtistId Artist, AudiobookId Audiobook, ChapterId Chapter, EpisodeId Episode,
    PlaylistId Playlist, ShowId Show, TrackId Track, UserId User
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_uri_is_written_as_it_was_read() {
        for text in [
            "spotify:track:6rqhFgbbKwnb9MLmUQDhG6",
            "spotify:user:marcel%23spotify",
            "spotify:user:",
            "",
            "spotify:local:vril::torus+xxxii:233",
            "spotify:user:x:collection",
            "spotify:track:null",
            "spotify:user:x:collection:your-episodes",
            "=",
            "t",
            "spotify:new-kind:123",
        ] {
            let uri = Uri::from_text(text).expect("any text is kept");
            assert_eq!(uri.to_string(), text);
        }
        for text in [
            "https://api.spotify.com/v1/albums/6rqhFgbbKwnb9MLmUQDhG6",
            "https://api.spotify.com/v1/users/a%23b",
            "https://api.spotify.com/v1/users/x/playlists/6rqhFgbbKwnb9MLmUQDhG6",
            "https://elsewhere.example/",
        ] {
            assert_eq!(Href::from_text(text).expect("any text is kept").to_string(), text);
        }
    }

    #[test]
    fn a_local_file_is_read_from_its_uri() {
        let uri: Uri = "spotify:local:The+Paper%3A::Long+Way:233".parse().expect("a local file");
        let file = uri.local_file().expect("a local file");
        assert_eq!(
            (file.artist.as_str(), file.album.as_str(), file.title.as_str()),
            ("The Paper:", "", "Long Way")
        );
        assert_eq!(file.duration, Some(Duration::from_secs(233)));
    }
}
