//! Page of playlist items for plain derived code: every field is required and must have its declared type.
//!
//! The fields have the same types as those of the models, so that only the decoding differs.

use serde::Deserialize;
use spotify_proto::model::{AlbumType, Markets, ObjectType, ReleaseDatePrecision};
use spotify_proto::{AlbumId, ArtistId, Date, Href, SpotifyUri, Text, Timestamp, TrackId, UserId, WebUrl};

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are decoded, but never read")]
pub struct Page {
    href: String,
    items: Vec<Option<Item>>,
    limit: u32,
    next: Option<String>,
    offset: u32,
    previous: Option<String>,
    total: u32,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are decoded, but never read")]
struct Item {
    added_at: Timestamp,
    added_by: AddedBy,
    is_local: bool,
    item: Box<Track>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are decoded, but never read")]
struct AddedBy {
    external_urls: Urls,
    href: Href,
    id: UserId,
    r#type: ObjectType,
    uri: SpotifyUri,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are decoded, but never read")]
struct Urls {
    spotify: WebUrl,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are decoded, but never read")]
struct Track {
    album: Album,
    artists: Vec<Artist>,
    #[serde(default)]
    available_markets: Option<Markets>,
    disc_number: u32,
    duration_ms: u64,
    explicit: bool,
    external_ids: Ids,
    external_urls: Urls,
    href: Href,
    id: TrackId,
    name: Text,
    track_number: u32,
    r#type: ObjectType,
    uri: SpotifyUri,
    is_local: bool,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are decoded, but never read")]
struct Ids {
    isrc: Text,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are decoded, but never read")]
struct Album {
    album_type: AlbumType,
    artists: Vec<Artist>,
    #[serde(default)]
    available_markets: Option<Markets>,
    external_urls: Urls,
    href: Href,
    id: AlbumId,
    images: Vec<Picture>,
    name: Text,
    release_date: Date,
    release_date_precision: ReleaseDatePrecision,
    total_tracks: u32,
    r#type: ObjectType,
    uri: SpotifyUri,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are decoded, but never read")]
struct Picture {
    url: String,
    height: u32,
    width: u32,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are decoded, but never read")]
struct Artist {
    external_urls: Urls,
    href: Href,
    id: ArtistId,
    name: Text,
    r#type: ObjectType,
    uri: SpotifyUri,
}
