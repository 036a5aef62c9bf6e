//! Who reads, and how.

use std::fmt::{Debug, Display};
use std::hint::black_box;

use http::Response;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use spotify_proto::{Endpoint, FromResponse};

use crate::bodies::Kind;

#[path = "../../strict.rs"]
#[allow(dead_code, reason = "read to be dropped")]
mod strict;

/// Reads a body, shows the result, and drops it; or says why it cannot.
pub type Read = fn(&[u8], Show<'_>) -> Result<(), String>;

/// Looks at what was read.
pub type Show<'a> = &'a mut dyn FnMut(&dyn Debug);

/// One reader.
pub struct Reader {
    pub name: &'static str,
    pub role: Role,
    /// How it reads an answer; `None` where it has no type for it.
    pub of: fn(Kind) -> Option<Read>,
}

/// What a reader is there for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// This library.
    Own,
    /// Another that reads the same API.
    Peer,
    /// The same parser, with plain derived code or with the library's readers.
    Way,
    /// Work that keeps less, or knows less.
    Floor,
}

pub const OWN: &str = "spotify-proto";
pub const RSPOTIFY: &str = "rspotify-model";
pub const IGNORED: &str = "serde_json: IgnoredAny";
pub const VALUE: &str = "serde_json: Value";
pub const STRICT: &str = "derived, strict";
pub const TOLERANT: &str = "tolerant, by serde_json";

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

/// The bytes at once.
fn slice<T: Debug + DeserializeOwned>(body: &[u8], show: Show<'_>) -> Result<(), String> {
    done(serde_json::from_slice::<T>(body), show)
}

/// The bytes as text first.
fn text<T: Debug + DeserializeOwned>(body: &[u8], show: Show<'_>) -> Result<(), String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    done(serde_json::from_str::<T>(text), show)
}

/// Any JSON first, then the type.
fn value<T: Debug + DeserializeOwned>(body: &[u8], show: Show<'_>) -> Result<(), String> {
    done(serde_json::from_slice::<Value>(body).and_then(serde_json::from_value::<T>), show)
}

fn utf8(body: &[u8], show: Show<'_>) -> Result<(), String> {
    done(std::str::from_utf8(body), show)
}

#[allow(clippy::unnecessary_wraps, reason = "a reader like the others")]
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

/// Its client takes the answer as text.
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

/// Its client takes the answer as text.
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

/// Its client takes the answer as bytes.
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

/// Its client makes a `serde_json::Value` of the answer first.
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

/// Its client takes the answer as bytes. It keeps its page to itself, so this one stands for it.
#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "read to be dropped")]
struct FerrispotPage<T> {
    items: Vec<T>,
    limit: u32,
    offset: u32,
    total: u32,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "read to be dropped")]
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

/// The models, with the parser that derived code has.
fn tolerant(kind: Kind) -> Option<Read> {
    use spotify_proto::model::{Page, PlaylistItem};
    fn read(body: &[u8], show: Show<'_>) -> Result<(), String> {
        done(spotify_proto::from_json::<Page<PlaylistItem>>(body), show)
    }
    (kind == Kind::PlaylistItems).then_some(read)
}

/// Derived code, behind the library's door to JSON for callers' types.
fn strict(kind: Kind) -> Option<Read> {
    fn read(body: &[u8], show: Show<'_>) -> Result<(), String> {
        let page = spotify_proto::from_json::<strict::Page>(body).map_err(|error| error.to_string())?;
        black_box(&page);
        show(&"a page that says nothing of itself");
        Ok(())
    }
    (kind == Kind::PlaylistItems).then_some(read)
}
