//! URIs and URLs of resources, stored in a compact form.

mod short;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::types::id::{
    AlbumId, ArtistId, AudiobookId, BASE62_LEN, ChapterId, EpisodeId, IdError, PlaylistId, ShowId, TrackId,
    UserId, check_id,
};
use crate::types::reference::{self, Reference};
use crate::types::resource_kind::{KINDS, ResourceKind, Spelling};
use crate::wire::lenient::{LenientDeserialize, absent_is_default};
use crate::wire::percent;

pub use short::{ShortLink, ShortLinkError};

/// Maximum length of a link, in bytes. Even percent-encoded, such a link fits into a request URI.
const LINK_MAX: usize = 8192;

/// The text of a URI or a URL, stored as a kind and an id if it is short and in the plain form. Formatting always
/// reproduces the parsed text.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
enum Packed {
    /// An id that is not longer than a base-62 id, padded with zeros.
    Short { kind: ResourceKind, len: u8, id: [u8; BASE62_LEN] },
    /// Any other string.
    Long(Box<str>),
}

/// Length of a base-62 id.
const FULL: u8 = 22;
const _: () = assert!(FULL as usize == BASE62_LEN);

/// Selects the prefix that precedes the id in the plain form.
type Head = fn(&Spelling) -> &'static str;

impl Packed {
    /// Inlined, so that the value is written in place: moving bytes that were just written is slow.
    #[inline(always)]
    fn new(text: &str, head: Head) -> Self {
        // In the usual case the id has a constant length, so it is compared and copied as one block.
        if let Some((start, id)) = text.as_bytes().split_last_chunk() {
            let known = KINDS.iter().find(|known| head(known).as_bytes() == start);
            if let Some(known) = known.filter(|_| is_plain(id)) {
                return Self::Short { kind: known.kind, len: FULL, id: *id };
            }
        }
        Self::other(text, head)
    }

    fn other(text: &str, head: Head) -> Self {
        Self::short(text, head).unwrap_or_else(|| Self::Long(text.into()))
    }

    fn short(text: &str, head: Head) -> Option<Self> {
        let (kind, rest) = plain(text, head)?;
        let len = u8::try_from(rest.len()).ok()?;
        let mut id = [0; BASE62_LEN];
        id.get_mut(..rest.len())?.copy_from_slice(rest.as_bytes());
        Some(Self::Short { kind, len, id })
    }

    /// Returns the kind and the undecoded id; `None` for a string that is not in the plain form.
    fn parts(&self, head: Head) -> Option<(ResourceKind, &str)> {
        match self {
            Self::Short { kind, len, id } => {
                Some((*kind, std::str::from_utf8(id.get(..usize::from(*len))?).ok()?))
            }
            Self::Long(text) => plain(text, head),
        }
    }

    /// Returns the kind and the decoded id, for every form of a reference.
    fn named(&self, head: Head) -> Option<(ResourceKind, Cow<'_, str>)> {
        if let Some((kind, id)) = self.parts(head) {
            return Some((kind, percent::decode(id)?));
        }
        match self {
            Self::Long(text) => match reference::parse(text)? {
                Ok(Reference::Resource(kind, id)) => Some((kind, id)),
                _ => None,
            },
            Self::Short { .. } => None,
        }
    }

    /// Returns the two parts of the text: the prefix and the id, or the whole text and an empty string.
    fn texts(&self, head: Head) -> [&str; 2] {
        match self {
            Self::Short { kind, .. } => [
                KINDS.iter().find(|it| it.kind == *kind).map_or("", head),
                self.parts(head).map_or("", |(_, id)| id),
            ],
            Self::Long(text) => [text, ""],
        }
    }

    fn to_text(&self, head: Head) -> Cow<'_, str> {
        match self {
            Self::Short { .. } => Cow::Owned(self.texts(head).concat()),
            Self::Long(text) => Cow::Borrowed(text),
        }
    }

    fn is(&self, text: &str, head: Head) -> bool {
        let [start, end] = self.texts(head);
        text.strip_prefix(start) == Some(end)
    }
}

/// Splits a string in the plain form into the kind and the id.
fn plain(text: &str, head: Head) -> Option<(ResourceKind, &str)> {
    let end = text.bytes().rposition(|byte| matches!(byte, b':' | b'/'))? + 1;
    let (start, rest) = text.split_at_checked(end)?;
    let known = KINDS.iter().find(|known| head(known) == start)?;
    (!rest.is_empty() && is_plain(rest.as_bytes())).then_some((known.kind, rest))
}

/// Returns whether no byte has a special meaning in a link. The loop does not exit early, so that the compiler can
/// vectorize it.
fn is_plain(id: &[u8]) -> bool {
    let is_mark = |byte: u8| (byte == b':') | (byte == b'/') | (byte == b'?') | (byte == b'#');
    !id.iter().fold(false, |has_mark, byte| has_mark | is_mark(*byte))
}

/// Implements comparisons of links with strings, without formatting the link.
macro_rules! compares_with_texts {
    ($name:ident) => {
        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.is(other)
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.is(other)
            }
        }

        impl PartialEq<String> for $name {
            fn eq(&self, other: &String) -> bool {
                self.is(other)
            }
        }

        impl PartialEq<$name> for str {
            fn eq(&self, other: &$name) -> bool {
                other.is(self)
            }
        }

        impl PartialEq<$name> for &str {
            fn eq(&self, other: &$name) -> bool {
                other.is(self)
            }
        }

        impl PartialEq<$name> for String {
            fn eq(&self, other: &$name) -> bool {
                other.is(self)
            }
        }
    };
}

macro_rules! links {
    ($( $(#[$doc:meta])* $name:ident = $head:ident; )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Packed);

        impl $name {
            const HEAD: Head = |known| known.$head;

            /// Returns the kind of the resource that the text names; `None` if it does not name a resource.
            #[must_use]
            pub fn kind(&self) -> Option<ResourceKind> {
                self.0.named(Self::HEAD).map(|(kind, _)| kind)
            }

            /// Returns the decoded id of the resource that the text names; `None` if it does not name a resource.
            #[must_use]
            pub fn id(&self) -> Option<Cow<'_, str>> {
                self.0.named(Self::HEAD).map(|(_, id)| id)
            }

            /// Returns the text. It is borrowed unless the value is stored as a kind and an id.
            #[must_use]
            pub fn as_str(&self) -> Cow<'_, str> {
                self.0.to_text(Self::HEAD)
            }

            fn is(&self, text: &str) -> bool {
                self.0.is(text, Self::HEAD)
            }
        }

        compares_with_texts!($name);

        impl From<$name> for String {
            fn from(link: $name) -> Self {
                match link.0 {
                    Packed::Long(text) => text.into(),
                    short @ Packed::Short { .. } => short.to_text($name::HEAD).into_owned(),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let [start, end] = self.0.texts(Self::HEAD);
                f.write_str(start)?;
                f.write_str(end)
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

        impl LenientDeserialize for $name {
            #[inline(always)]
            fn from_text(text: &str) -> Option<Self> {
                (text.len() <= LINK_MAX).then(|| Self(Packed::new(text, Self::HEAD)))
            }
        }
    )+};
}

/// Implements parsing of any string, because these URLs are only displayed.
macro_rules! any_text {
    ($($name:ident),+) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::wire::lenient::text(deserializer, |text| {
                    Self::from_text(text).ok_or("a URL of more than 8,192 bytes")
                })
            }
        }
    )+};
}
any_text!(Href, ImageUrl, WebUrl);

links! {
    /// A Spotify URI: `spotify:track:…`, `spotify:user:…`, `spotify:local:…`, `spotify:user:…:collection`.
    ///
    /// ```
    /// # use spotify_proto::{ResourceKind, SpotifyUri};
    /// let uri: SpotifyUri = "spotify:track:6rqhFgbbKwnb9MLmUQDhG6".parse()?;
    /// assert_eq!(uri.kind(), Some(ResourceKind::Track));
    /// assert_eq!(uri.id().as_deref(), Some("6rqhFgbbKwnb9MLmUQDhG6"));
    /// assert_eq!(uri, "spotify:track:6rqhFgbbKwnb9MLmUQDhG6");
    /// # Ok::<(), spotify_proto::IdError>(())
    /// ```
    ///
    /// URIs of other kinds, such as stations and videos, are stored unchanged. Every URI from the server that begins
    /// with `spotify:` can be serialized as part of an endpoint and deserialized again.
    SpotifyUri = uri;
    /// The URL of an object in the Web API, as the server sent it. It is for display only; requests never use it.
    Href = href;
    /// The URL of a page on open.spotify.com.
    WebUrl = web;
}

/// The URL of an image, as the server sent it. The usual URLs, which are on i.scdn.co, need no allocation.
///
/// ```
/// # use spotify_proto::model::Image;
/// let json = r#"{"url": "https://i.scdn.co/image/ab67616d0000b2734b8f8e9c5d1a2f3e4d5c6b7a", "width": 640}"#;
/// let image: Image = serde_json::from_str(json)?;
/// assert_eq!(image.url.to_string(), "https://i.scdn.co/image/ab67616d0000b2734b8f8e9c5d1a2f3e4d5c6b7a");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ImageUrl(Picture);

#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
enum Picture {
    /// The 40 hexadecimal digits that follow [`PICTURES`], stored as integers: a value whose bytes were written
    /// individually is slower to move.
    Hex(u32, [u64; 2]),
    Other(Box<str>),
}

const PICTURES: &str = "https://i.scdn.co/image/";

impl ImageUrl {
    /// Returns the text. It is borrowed unless the URL is on i.scdn.co, because such URLs are stored as numbers.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        match &self.0 {
            Picture::Hex(..) => Cow::Owned(self.to_string()),
            Picture::Other(text) => Cow::Borrowed(text),
        }
    }

    fn is(&self, text: &str) -> bool {
        match &self.0 {
            Picture::Hex(..) => Self::hex(text).as_ref() == Some(&self.0),
            Picture::Other(own) => **own == *text,
        }
    }

    /// Parses the number in the URL of an image on i.scdn.co.
    fn hex(text: &str) -> Option<Picture> {
        text.strip_prefix(PICTURES).and_then(|hex| read_hex(hex.as_bytes().try_into().ok()?))
    }

    /// Returns whether the URL is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(&self.0, Picture::Other(text) if text.is_empty())
    }
}

compares_with_texts!(ImageUrl);

impl LenientDeserialize for ImageUrl {
    fn from_text(text: &str) -> Option<Self> {
        Some(Self(Self::hex(text).unwrap_or_else(|| Picture::Other(text.into()))))
    }
}

/// Parses 40 lower-case hexadecimal digits.
fn read_hex(hex: &[u8; 40]) -> Option<Picture> {
    let mut words = [0; 5];
    for (word, eight) in words.iter_mut().zip(hex.chunks_exact(8)) {
        *word = read_eight(u64::from_be_bytes(eight.try_into().ok()?))?;
    }
    let [first, a, b, c, d] = words;
    let joined = |high: u32, low: u32| u64::from(high) << 32 | u64::from(low);
    Some(Picture::Hex(first, [joined(a, b), joined(c, d)]))
}

/// Parses eight digits at once, one per byte.
fn read_eight(text: u64) -> Option<u32> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // The value of a letter is its low four bits plus nine.
    let digits = (text & (0x0f * EACH)) + ((text >> 6) & EACH) * 9;
    // The digits are valid if each is below sixteen and formatting them gives the same text.
    let are_letters = ((digits + (0x80 - 10) * EACH) >> 7) & EACH;
    let written = digits + u64::from(b'0') * EACH + are_letters * u64::from(b'a' - b'0' - 10);
    if digits & (0xf0 * EACH) != 0 || written != text {
        return None;
    }
    // Combines pairs of digits into bytes.
    let pairs = (digits | digits >> 4) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff;
    u32::try_from((fours | fours >> 16) & 0xffff_ffff).ok()
}

impl fmt::Display for ImageUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Picture::Hex(first, [second, third]) => {
                write!(f, "{PICTURES}{first:08x}{second:016x}{third:016x}")
            }
            Picture::Other(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for ImageUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ImageUrl({self})")
    }
}

/// Returns an empty URL.
impl Default for ImageUrl {
    fn default() -> Self {
        Self(Picture::Other(Box::default()))
    }
}

impl Serialize for ImageUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

absent_is_default!(ImageUrl);

impl SpotifyUri {
    /// Returns the bytes of the prefix and the id, if neither contains a character that JSON escapes.
    pub(crate) fn unescaped(&self) -> Option<[&[u8]; 2]> {
        let Packed::Short { kind, len, id } = &self.0 else { return None };
        let id = id.get(..usize::from(*len)).filter(|id| percent::is_alphanumeric(id))?;
        KINDS.iter().find(|it| it.kind == *kind).map(|known| [known.uri.as_bytes(), id])
    }

    /// Returns the URI of a resource; the id is escaped.
    fn of(kind: ResourceKind, id: &str) -> Self {
        let mut text =
            KINDS.iter().find(|it| it.kind == kind).map_or_else(String::new, |it| it.uri.to_owned());
        percent::uri_part(id, &mut text);
        Self(Packed::new(&text, Self::HEAD))
    }

    /// Parses a `spotify:local:…` URI, which describes a file on the user's disk; returns `None` for any other URI.
    #[must_use]
    pub fn local_file(&self) -> Option<LocalFile> {
        let Packed::Long(text) = &self.0 else { return None };
        let rest = text.strip_prefix("spotify:local:")?;
        let mut parts = rest.split(':').map(|part| {
            let spaced = part.replace('+', " ");
            percent::decode(&spaced).map_or_else(|| part.to_owned(), Cow::into_owned)
        });
        Some(LocalFile {
            artist: parts.next()?,
            album: parts.next()?,
            title: parts.next()?,
            duration: parts.next().and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs),
        })
    }
}

/// A file on a user's disk, as described by its URI. Fields for which the file has no tag are empty.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LocalFile {
    /// The artist.
    pub artist: String,
    /// The album.
    pub album: String,
    /// The title.
    pub title: String,
    /// The duration, in whole seconds; `None` if the URI does not contain a duration.
    pub duration: Option<Duration>,
}

/// Parses a URI or a link to a page on open.spotify.com, in the forms that users copy.
///
/// Old playlist URIs, which contain the owner, become `spotify:playlist:…`, and the page of the saved tracks becomes
/// `spotify:collection`. URIs of local files, collections, stations and unknown kinds are stored unchanged. The id of a
/// known kind must have the form that the kind requires, or be the `null` that the server once sent for local files.
impl FromStr for SpotifyUri {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        const EXPECTED: &str = "a URI like spotify:track:… or an open.spotify.com URL";
        let text = text.trim();
        let reference =
            reference::parse(text).ok_or_else(|| IdError::new(EXPECTED, "a string without `spotify:`"))?;
        let uri = match reference.map_err(|found| IdError::new(EXPECTED, found))? {
            Reference::Resource(kind, id) => {
                if id != "null" {
                    check_id(kind, &id)?;
                }
                return Ok(Self::of(kind, &id));
            }
            Reference::Other(uri) => uri,
        };
        if uri.len() > LINK_MAX {
            return Err(IdError::new(EXPECTED, format!("{} bytes, more than {LINK_MAX}", uri.len())));
        }
        Ok(Self(Packed::new(&uri, Self::HEAD)))
    }
}

impl TryFrom<&str> for SpotifyUri {
    type Error = IdError;

    fn try_from(text: &str) -> Result<Self, IdError> {
        text.parse()
    }
}

impl TryFrom<String> for SpotifyUri {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

/// Deserializes the stored form: a URI from the server is accepted unchanged; any other string is parsed.
impl<'de> Deserialize<'de> for SpotifyUri {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wire::lenient::text(deserializer, |text| {
            let kept = Self::from_text(text).filter(|_| is_uri(text));
            kept.map_or_else(|| text.parse(), Ok)
        })
    }
}

/// Returns whether a string begins like a URI and has no surrounding white space.
fn is_uri(text: &str) -> bool {
    text.starts_with("spotify:") && text.trim_end() == text
}

macro_rules! uri_of {
    ($($name:ident $kind:ident),+) => {$(
        impl From<&$name> for SpotifyUri {
            fn from(id: &$name) -> Self {
                Self::of(ResourceKind::$kind, id.as_str())
            }
        }

        impl From<$name> for SpotifyUri {
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
mod tests;
