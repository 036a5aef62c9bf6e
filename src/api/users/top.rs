//! A user's top artists and tracks.
//!
//! The reference has a single operation for artists and tracks, [`GetTopItems`]. [`GetTopArtists`] and [`GetTopTracks`]
//! send the same request, but their output is statically typed.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::api::string_enum::{TimeRange, TopType};
use crate::endpoint::{Endpoint, Paged, endpoint, next_offset, offset_pages, setters};
use crate::error::{DecodeError, RequestError};
use crate::model::{Artist, ObjectType, Page, PageInfo, Track};
use crate::response::{FromResponse, ResponseRef};
use crate::types::operation::Operation;
use crate::types::origin::Target;
use crate::types::resource_kind::ResourceKind;
use crate::types::scope::Scope;
use crate::types::uri::{Href, SpotifyUri};

const READ: &[Scope] = &[Scope::UserTopRead];

endpoint! {
    /// Gets a page of the user's top artists or top tracks.
    ///
    /// If the type is known at compile time, prefer [`GetTopArtists`] or [`GetTopTracks`], whose output is statically
    /// typed. An empty page means that Spotify has too little data about the user, or that `offset` is at or past the
    /// end of the list.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-top-artists-and-tracks).
    /// * Scopes: `user-top-read`.
    /// * Quota mode: any.
    /// * Limits: 1 to 50 items per page, default 20.
    "get-users-top-artists-and-tracks" GET "/v1/me/top/{type}" => TopItems, all(READ);
    => |it, response| TopItems::read(Some(it.r#type), response);
    GetTopItems { r#type: TopType } ? {
        /// Sets the period over which the top items are computed; the default is about six months.
        time_range: TimeRange,
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item; the default is 0.
        offset: u32,
    }
}

/// The item is the whole page, because a page contains either artists or tracks.
impl Paged for GetTopItems {
    type Item = TopItems;

    fn page_info(&self, items: &TopItems) -> PageInfo {
        match items {
            TopItems::Artists(page) => page.info(),
            TopItems::Tracks(page) => page.info(),
        }
    }

    fn items(items: TopItems) -> Vec<TopItems> {
        vec![items]
    }

    fn next(&self, items: &TopItems) -> Option<Self> {
        let next = match items {
            TopItems::Artists(page) => next_offset(page, self.offset),
            TopItems::Tracks(page) => next_offset(page, self.offset),
        };
        next.map(|offset| self.clone().offset(offset))
    }
}

/// A page of top artists or of top tracks.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(untagged)]
pub enum TopItems {
    /// Artists, or an empty page if the requested type is unknown.
    Artists(Page<Artist>),
    /// Tracks.
    Tracks(Page<Track>),
}

impl crate::response::sealed::Sealed for TopItems {}

/// Uses the type of most items, because the response does not state the requested type.
impl FromResponse for TopItems {
    fn from_response(response: ResponseRef<'_>) -> Result<Self, DecodeError> {
        Self::read(None, response)
    }
}

impl TopItems {
    /// Reads a page of the requested type, or of the type of most items if no type is requested.
    ///
    /// Items of the other type leave empty slots, like items that cannot be decoded.
    ///
    /// # Errors
    ///
    /// Returns [`DecodeError`] if the body is not a page.
    fn read(requested: Option<TopType>, response: ResponseRef<'_>) -> Result<Self, DecodeError> {
        let mut artists: Page<Artist> = FromResponse::from_response(response)?;
        let mut tracks: Page<Track> = FromResponse::from_response(response)?;
        let slots = artists.items.iter().zip(&tracks.items);
        let types: Vec<_> = slots.map(|(artist, track)| item_type(artist.as_ref(), track.as_ref())).collect();
        let count = |of: TopType| types.iter().filter(|it| **it == Some(of)).count();
        let requested = requested.unwrap_or_else(|| {
            if count(TopType::Tracks) > count(TopType::Artists) { TopType::Tracks } else { TopType::Artists }
        });
        let is_other = |it: &Option<TopType>| it.is_some_and(|it| it != requested);
        Ok(if requested == TopType::Tracks {
            for (slot, _) in tracks.items.iter_mut().zip(&types).filter(|(_, it)| is_other(it)) {
                *slot = None;
            }
            Self::Tracks(tracks)
        } else {
            for (slot, _) in artists.items.iter_mut().zip(&types).filter(|(_, it)| is_other(it)) {
                *slot = None;
            }
            Self::Artists(artists)
        })
    }
}

/// Returns the type of an item, derived from its `type`, its URI and URL, or its other fields; `None` if the type
/// cannot be determined.
fn item_type(artist: Option<&Artist>, track: Option<&Track>) -> Option<TopType> {
    match artist.and_then(|it| it.r#type.as_ref()) {
        Some(ObjectType::Artist) => return Some(TopType::Artists),
        Some(ObjectType::Track) => return Some(TopType::Tracks),
        _ => {}
    }
    let uri = artist.and_then(|it| it.uri.as_ref()).and_then(SpotifyUri::kind);
    match uri.or_else(|| artist.and_then(|it| it.href.as_ref()).and_then(Href::kind)) {
        Some(ResourceKind::Artist) => return Some(TopType::Artists),
        Some(ResourceKind::Track) => return Some(TopType::Tracks),
        _ => {}
    }
    let is_track = track.is_some_and(|it| {
        it.album.is_some() || !it.artists.is_empty() || it.duration_ms.is_some() || it.track_number.is_some()
    });
    let is_artist =
        artist.is_some_and(|it| it.followers.is_some() || it.genres.is_some() || !it.images.is_empty());
    match (is_track, is_artist) {
        (true, false) => Some(TopType::Tracks),
        (false, true) => Some(TopType::Artists),
        _ => None,
    }
}

macro_rules! top {
    ($($(#[$doc:meta])* $name:ident $type:ident $item:ident;)+) => {$(
        $(#[$doc])*
        ///
        /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-top-artists-and-tracks).
        /// * Scopes: `user-top-read`.
        /// * Quota mode: any.
        /// * Limits: 1 to 50 items per page, default 20.
        #[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
        #[serde(deny_unknown_fields)]
        #[must_use = "an endpoint does nothing until its request is sent"]
        #[non_exhaustive]
        pub struct $name {
            /// Query parameter, set by [`time_range`](method@Self::time_range).
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub time_range: Option<TimeRange>,
            /// Query parameter, set by [`limit`](method@Self::limit).
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub limit: Option<u32>,
            /// Query parameter, set by [`offset`](method@Self::offset).
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub offset: Option<u32>,
        }

        impl $name {
            /// Creates the endpoint without any options set.
            #[allow(clippy::new_without_default, reason = "`new` is the only constructor")]
            pub fn new() -> Self {
                Self { time_range: None, limit: None, offset: None }
            }

            setters! {
                RULES []
                /// Sets the period over which the top items are computed; the default is about six months.
                time_range: TimeRange,
                /// Sets the maximum number of items per page.
                limit: u32 where range(1..=50, default 20),
                /// Sets the zero-based position of the first item; the default is 0.
                offset: u32,
            }
        }

        impl $name {
            fn untyped(&self) -> GetTopItems {
                let Self { time_range, limit, offset } = self.clone();
                GetTopItems { r#type: TopType::$type, time_range, limit, offset }
            }
        }

        impl Endpoint for $name {
            type Output = Page<$item>;

            const OPERATION: Operation =
                Operation::new("get-users-top-artists-and-tracks", Method::GET, "/v1/me/top/{type}").all(READ);

            fn target(&self, target: &mut Target) {
                self.untyped().target(target);
            }

            fn check(&self) -> Result<(), RequestError> {
                self.untyped().check()
            }

            fn decode(&self, response: ResponseRef<'_>) -> Result<Page<$item>, DecodeError> {
                FromResponse::from_response(response)
            }
        }
    )+};
}

top! {
    /// Gets a page of the user's top artists.
    ///
    /// An empty page means that Spotify has too little data about the user, or that `offset` is at or past the end of
    /// the list.
    GetTopArtists Artists Artist;
    /// Gets a page of the user's top tracks.
    ///
    /// An empty page means that Spotify has too little data about the user, or that `offset` is at or past the end of
    /// the list.
    GetTopTracks Tracks Track;
}
offset_pages!(GetTopArtists: Artist, GetTopTracks: Track);

#[cfg(test)]
mod tests {
    use http::Response;

    use super::*;

    /// Returns the type of the page and the names of its items, with `-` for empty slots.
    fn read(requested: Option<TopType>, items: &str) -> (TopType, Vec<String>) {
        let body = format!(r#"{{"items": [{items}], "total": 3}}"#);
        let page = TopItems::read(requested, (&Response::new(body)).into()).expect("a page");
        let json = serde_json::to_string(&page).expect("JSON");
        assert_eq!(
            TopItems::read(requested, (&Response::new(&json)).into()).expect("a page"),
            page,
            "{json}"
        );
        let name = |name: Option<&str>| name.unwrap_or("-").to_owned();
        match page {
            TopItems::Artists(page) => (
                TopType::Artists,
                page.items.iter().map(|it| name(it.as_ref().map(|it| it.name.as_str()))).collect(),
            ),
            TopItems::Tracks(page) => (
                TopType::Tracks,
                page.items.iter().map(|it| name(it.as_ref().map(|it| it.name.as_str()))).collect(),
            ),
        }
    }

    #[test]
    fn an_unreadable_top_item_affects_only_that_item() {
        const TRACK: &str = r#"{"type": "track", "name": "t", "duration_ms": 1}"#;
        const ARTIST: &str = r#"{"type": "artist", "name": "a"}"#;
        for bad in ["null", "7", r#"{"type": 7}"#, r#"{"unknown": 1}"#, r#"{"type": "hologram", "name": ""}"#]
        {
            for (item, requested, name) in [(TRACK, TopType::Tracks, "t"), (ARTIST, TopType::Artists, "a")] {
                for items in [format!("{bad}, {item}, {item}"), format!("{item}, {item}, {bad}")] {
                    let (found, names) = read(None, &items);
                    assert_eq!(found, requested, "{items}");
                    assert_eq!(names.iter().filter(|it| *it == name).count(), 2, "{items}: {names:?}");
                    assert_eq!(names.len(), 3, "{items}: {names:?}");
                }
            }
        }
        assert_eq!(read(None, &format!("{ARTIST}, {TRACK}, {TRACK}")).1, ["-", "t", "t"]);
        assert_eq!(read(None, &format!("{TRACK}, {ARTIST}, {ARTIST}")).1, ["-", "a", "a"]);
    }

    #[test]
    fn the_type_of_a_page_of_top_items_is_inferred_from_the_items_unless_requested() {
        let track = r#"{"name": "t", "uri": "spotify:track:6rqhFgbbKwnb9MLmUQDhG6"}"#;
        let fields = r#"{"name": "t", "artists": [{"name": "a"}]}"#;
        let artist = r#"{"name": "a", "images": [{"url": "u"}], "genres": []}"#;
        assert_eq!(read(None, track).0, TopType::Tracks);
        assert_eq!(read(None, fields).0, TopType::Tracks);
        assert_eq!(read(None, artist).0, TopType::Artists);
        assert_eq!(read(None, "").0, TopType::Artists);
        assert_eq!(read(Some(TopType::Tracks), ""), (TopType::Tracks, vec![]));
        assert_eq!(read(Some(TopType::Tracks), &format!("{artist}, {fields}")).1, ["-", "t"]);
    }
}
