//! Readers of the generated bodies.

use std::fmt::{Debug, Display};
use std::hint::black_box;

use http::Response;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use spotify_proto::{Endpoint, FromResponse};

use crate::bodies::Kind;

#[path = "../../strict.rs"]
#[allow(dead_code, reason = "fields are decoded, but never read")]
mod strict;

/// Function that decodes a body, passes the result to a callback, and drops it; returns the error message on failure.
pub type Read = fn(&[u8], Show<'_>) -> Result<(), String>;

/// Callback that receives the decoded value.
pub type Show<'a> = &'a mut dyn FnMut(&dyn Debug);

/// A reader with its name and role.
pub struct Reader {
    pub name: &'static str,
    pub role: Role,
    /// Returns the function for a kind of response; `None` if the reader has no type for it.
    pub of: fn(Kind) -> Option<Read>,
}

/// Role of a reader in the comparison.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// This library.
    Own,
    /// Another crate that decodes the same API.
    Peer,
    /// Plain derived structs, or the models of the library, decoded with the same parser.
    Way,
    /// Lower bound: work that retains less, or that decodes into an untyped value.
    Floor,
}

pub const OWN: &str = "spotify-proto";
pub const RSPOTIFY: &str = "rspotify-model";
pub const IGNORED: &str = "serde_json: IgnoredAny";
pub const VALUE: &str = "serde_json: Value";
pub const STRICT: &str = "derived, strict";
pub const TOLERANT: &str = "tolerant, serde_json";

pub const READERS: &[Reader] = &[
    Reader { name: OWN, role: Role::Own, of: own },
    Reader { name: RSPOTIFY, role: Role::Peer, of: rspotify },
    Reader { name: "aspotify", role: Role::Peer, of: aspotify },
    Reader { name: "spotify-rs", role: Role::Peer, of: spotify_rs },
    Reader { name: "spotify_web_api", role: Role::Peer, of: spotify_web_api },
    Reader { name: "ferrispot", role: Role::Peer, of: ferrispot },
    Reader { name: STRICT, role: Role::Way, of: strict },
    Reader { name: TOLERANT, role: Role::Way, of: tolerant },
    Reader { name: VALUE, role: Role::Floor, of: |_| Some(slice::<Value>) },
    Reader { name: IGNORED, role: Role::Floor, of: |_| Some(slice::<IgnoredAny>) },
    Reader { name: "UTF-8 check", role: Role::Floor, of: |_| Some(utf8) },
    Reader { name: "memcpy", role: Role::Floor, of: |_| Some(copy) },
];

fn done<T: Debug>(result: Result<T, impl Display>, show: Show<'_>) -> Result<(), String> {
    let value = result.map_err(|error| error.to_string())?;
    show(black_box(&value));
    Ok(())
}

/// Decodes the bytes directly.
fn slice<T: Debug + DeserializeOwned>(body: &[u8], show: Show<'_>) -> Result<(), String> {
    done(serde_json::from_slice::<T>(body), show)
}

/// Validates the bytes as UTF-8, then decodes the text.
fn text<T: Debug + DeserializeOwned>(body: &[u8], show: Show<'_>) -> Result<(), String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    done(serde_json::from_str::<T>(text), show)
}

/// Parses the bytes into a `Value`, then converts it to the type.
fn value<T: Debug + DeserializeOwned>(body: &[u8], show: Show<'_>) -> Result<(), String> {
    done(serde_json::from_slice::<Value>(body).and_then(serde_json::from_value::<T>), show)
}

fn utf8(body: &[u8], show: Show<'_>) -> Result<(), String> {
    done(std::str::from_utf8(body), show)
}

#[allow(clippy::unnecessary_wraps, reason = "all readers have the same signature")]
fn copy(body: &[u8], show: Show<'_>) -> Result<(), String> {
    show(black_box(&body.to_vec()));
    Ok(())
}

fn endpoint<E: Endpoint<Output: Debug + FromResponse>>(body: &[u8], show: Show<'_>) -> Result<(), String> {
    done(E::Output::from_response((&Response::new(body)).into()), show)
}

#[allow(deprecated, reason = "the audio analysis is among the bodies")]
fn own(kind: Kind) -> Option<Read> {
    use spotify_proto::api;
    Some(match kind {
        Kind::Albums => endpoint::<api::GetArtistAlbums>,
        Kind::Analysis => endpoint::<api::GetAudioAnalysis>,
        Kind::Playlist => endpoint::<api::GetPlaylist>,
        Kind::PlaylistItems => endpoint::<api::GetPlaylistItems>,
        Kind::SavedTracks => endpoint::<api::GetSavedTracks>,
        Kind::Search => endpoint::<api::Search>,
        Kind::Track => endpoint::<api::GetTrack>,
    })
}

/// The client of `rspotify` decodes responses from text.
fn rspotify(kind: Kind) -> Option<Read> {
    use rspotify_model as its;
    Some(match kind {
        Kind::Albums => text::<its::Page<its::SimplifiedAlbum>>,
        Kind::Analysis => text::<its::AudioAnalysis>,
        Kind::Playlist => text::<its::FullPlaylist>,
        Kind::PlaylistItems => text::<its::Page<its::PlaylistItem>>,
        Kind::SavedTracks => text::<its::Page<its::SavedTrack>>,
        Kind::Search => text::<its::SearchMultipleResult>,
        Kind::Track => text::<its::FullTrack>,
    })
}

/// The client of `aspotify` decodes responses from text.
fn aspotify(kind: Kind) -> Option<Read> {
    use aspotify as its;
    Some(match kind {
        Kind::Albums => text::<its::Page<its::ArtistsAlbum>>,
        Kind::Analysis => text::<its::AudioAnalysis>,
        Kind::Playlist => text::<its::Playlist>,
        Kind::PlaylistItems => text::<its::Page<its::PlaylistItem>>,
        Kind::SavedTracks => text::<its::Page<its::SavedTrack>>,
        Kind::Search => text::<its::SearchResults>,
        Kind::Track => text::<its::Track>,
    })
}

/// The client of `spotify-rs` decodes responses from bytes.
fn spotify_rs(kind: Kind) -> Option<Read> {
    use spotify_rs::model as its;
    Some(match kind {
        Kind::Albums => slice::<its::Page<its::album::SimplifiedAlbum>>,
        Kind::Analysis => slice::<its::audio::AudioAnalysis>,
        Kind::Playlist => slice::<its::playlist::Playlist>,
        Kind::PlaylistItems => slice::<its::Page<its::playlist::PlaylistItem>>,
        Kind::SavedTracks => slice::<its::Page<its::track::SavedTrack>>,
        Kind::Search => slice::<its::search::SearchResults>,
        Kind::Track => slice::<its::track::Track>,
    })
}

/// The client of `spotify_web_api` parses responses into a `serde_json::Value` first.
fn spotify_web_api(kind: Kind) -> Option<Read> {
    use spotify_web_api::model as its;
    Some(match kind {
        Kind::Albums => value::<its::Page<its::SimplifiedAlbum>>,
        Kind::Analysis => return None,
        Kind::Playlist => value::<its::Playlist>,
        Kind::PlaylistItems => value::<its::Page<its::PlaylistTrack>>,
        Kind::SavedTracks => value::<its::Page<its::SavedTrack>>,
        Kind::Search => value::<its::SearchResults>,
        Kind::Track => value::<its::Track>,
    })
}

/// Copy of the page type of `ferrispot`, which is private. The client of `ferrispot` decodes responses from bytes.
#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "fields are decoded, but never read")]
struct FerrispotPage<T> {
    items: Vec<T>,
    limit: u32,
    offset: u32,
    total: u32,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "fields are decoded, but never read")]
struct FerrispotSearch {
    tracks: FerrispotPage<ferrispot::model::track::FullTrack>,
    albums: FerrispotPage<ferrispot::model::album::PartialAlbum>,
    artists: FerrispotPage<ferrispot::model::artist::FullArtist>,
}

fn ferrispot(kind: Kind) -> Option<Read> {
    match kind {
        Kind::Search => Some(slice::<FerrispotSearch>),
        Kind::Track => Some(slice::<ferrispot::model::track::FullTrack>),
        _ => None,
    }
}

/// Decodes the models of the library with the parser of derived code.
fn tolerant(kind: Kind) -> Option<Read> {
    use spotify_proto::model::{Page, PlaylistItem};
    fn read(body: &[u8], show: Show<'_>) -> Result<(), String> {
        done(spotify_proto::from_json::<Page<PlaylistItem>>(body), show)
    }
    (kind == Kind::PlaylistItems).then_some(read)
}

/// Decodes derived structs with the function that the library offers for types of the caller.
fn strict(kind: Kind) -> Option<Read> {
    fn read(body: &[u8], show: Show<'_>) -> Result<(), String> {
        let page = spotify_proto::from_json::<strict::Page>(body).map_err(|error| error.to_string())?;
        black_box(&page);
        show(&"a page without `Debug`");
        Ok(())
    }
    (kind == Kind::PlaylistItems).then_some(read)
}
