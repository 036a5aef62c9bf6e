//! Kinds of resources, and their spelling in URIs and URLs.

use std::fmt;

/// Kind of a resource.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum ResourceKind {
    /// An album.
    Album,
    /// An artist.
    Artist,
    /// An audiobook.
    Audiobook,
    /// A browse category, which is called a genre in URIs and page URLs.
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

/// Spelling of a kind in URIs and URLs.
pub(crate) struct Spelling {
    pub(crate) kind: ResourceKind,
    /// Name in this library.
    pub(crate) singular: &'static str,
    /// Name in URIs and on open.spotify.com.
    pub(crate) page: &'static str,
    /// Prefix of a URI.
    pub(crate) uri: &'static str,
    /// Prefix of an API URL.
    pub(crate) href: &'static str,
    /// Prefix of the URL of a page on open.spotify.com.
    pub(crate) web: &'static str,
}

macro_rules! spelling {
    ($kind:ident $singular:literal $plural:literal) => {
        spelling!($kind $singular $plural $singular)
    };
    ($kind:ident $singular:literal $plural:literal $page:literal) => {
        Spelling {
            kind: ResourceKind::$kind,
            singular: $singular,
            page: $page,
            uri: concat!("spotify:", $page, ":"),
            href: concat!("https://api.spotify.com/v1/", $plural, "/"),
            web: concat!("https://open.spotify.com/", $page, "/"),
        }
    };
}

/// All kinds, in order of decreasing frequency.
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
    spelling!(Category "category" "categories" "genre"),
];

impl ResourceKind {
    /// Returns the name of the kind in lower case: `album`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        KINDS.iter().find(|it| it.kind == self).map_or("", |it| it.singular)
    }

    /// Returns the kind that a word in a URI or a page URL names, in any letter case.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        let is_word =
            |it: &&Spelling| it.page.eq_ignore_ascii_case(word) || it.singular.eq_ignore_ascii_case(word);
        KINDS.iter().find(is_word).map(|it| it.kind)
    }

    /// Returns whether ids of this kind are free text instead of 22 base-62 characters.
    pub(crate) const fn is_free_text(self) -> bool {
        matches!(self, Self::User | Self::Category)
    }

    /// Returns whether an id of the other kind is accepted as an id of this kind: the URIs and pages of audiobooks
    /// contain `show`, and those of chapters contain `episode`.
    pub(crate) fn includes(self, other: Self) -> bool {
        self == other
            || matches!((self, other), (Self::Audiobook, Self::Show) | (Self::Chapter, Self::Episode))
    }
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
