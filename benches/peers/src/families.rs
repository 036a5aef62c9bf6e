//! Readers of the recorded responses, by operation.

use std::fmt::{Debug, Display};
use std::hint::black_box;

use http::Response;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use spotify_proto::{Endpoint, FromResponse};

use crate::derived;

/// Function that decodes a body, passes the result to a callback, and drops it; returns the error message on failure.
pub type Read = fn(&[u8], &mut dyn FnMut(&dyn Debug)) -> Result<(), String>;

/// Names of the readers, in the order of [`Operation::readers`].
pub const NAMES: [&str; COUNT] = [
    OWN,
    "same models, serde_json",
    "same models, sonic-rs",
    RSPOTIFY,
    ASPOTIFY,
    STRICT,
    "strict derive, sonic-rs",
    "strict derive, simd-json",
    "Value, serde_json",
    "Value, sonic-rs",
    "Value, simd-json",
    IGNORED,
];

pub const COUNT: usize = 12;
pub const OWN: &str = "spotify-proto";
pub const RSPOTIFY: &str = "rspotify-model";
pub const ASPOTIFY: &str = "aspotify";
pub const STRICT: &str = "strict derive, serde_json";
pub const IGNORED: &str = "IgnoredAny, serde_json";

/// Readers of the responses of an operation; `None` for a peer that has no type for them.
pub struct Operation {
    pub id: &'static str,
    pub family: &'static str,
    pub readers: [Option<Read>; COUNT],
}

fn done<T: Debug>(result: Result<T, impl Display>, show: &mut dyn FnMut(&dyn Debug)) -> Result<(), String> {
    let value = result.map_err(|error| error.to_string())?;
    show(black_box(&value));
    Ok(())
}

fn endpoint<E: Endpoint<Output: Debug + FromResponse>>(
    body: &[u8],
    show: &mut dyn FnMut(&dyn Debug),
) -> Result<(), String> {
    done(E::Output::from_response((&Response::new(body)).into()), show)
}

/// Validates the body as UTF-8 first, as the clients of both peers do; otherwise `serde_json` would validate each string
/// separately.
fn serde<T: Debug + DeserializeOwned>(body: &[u8], show: &mut dyn FnMut(&dyn Debug)) -> Result<(), String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    done(serde_json::from_str::<T>(text), show)
}

fn sonic<T: Debug + DeserializeOwned>(body: &[u8], show: &mut dyn FnMut(&dyn Debug)) -> Result<(), String> {
    done(sonic_rs::from_slice::<T>(body), show)
}

/// Copies the body first, because `simd-json` writes into it.
fn simd<T: Debug + DeserializeOwned>(body: &[u8], show: &mut dyn FnMut(&dyn Debug)) -> Result<(), String> {
    done(simd_json::serde::from_slice::<T>(&mut body.to_vec()), show)
}

fn simd_value(body: &[u8], show: &mut dyn FnMut(&dyn Debug)) -> Result<(), String> {
    let mut body = body.to_vec();
    done(simd_json::to_borrowed_value(&mut body), show)
}

macro_rules! reader {
    (_) => {
        None
    };
    (($type:ty)) => {
        Some(serde::<$type> as Read)
    };
}

macro_rules! operations {
    ($($family:literal { $($id:literal: $endpoint:ident, $rspotify:tt, $aspotify:tt, $derived:ty;)+ })+) => {
        /// Returns all operations whose responses are compared.
        #[allow(deprecated, reason = "their responses are among the recordings")]
        pub fn operations() -> Vec<Operation> {
            vec![$($(Operation {
                id: $id,
                family: $family,
                readers: [
                    Some(endpoint::<spotify_proto::api::$endpoint>),
                    Some(serde::<<spotify_proto::api::$endpoint as Endpoint>::Output>),
                    Some(sonic::<<spotify_proto::api::$endpoint as Endpoint>::Output>),
                    reader!($rspotify),
                    reader!($aspotify),
                    Some(serde::<$derived>),
                    Some(sonic::<$derived>),
                    Some(simd::<$derived>),
                    Some(serde::<Value>),
                    Some(sonic::<sonic_rs::Value>),
                    Some(simd_value),
                    Some(serde::<IgnoredAny>),
                ],
            },)+)+]
        }
    };
}

use aspotify as a;
use rspotify_model as r;

#[derive(Debug, serde::Deserialize)]
#[allow(dead_code, reason = "fields are decoded, but never read")]
struct Wrapped<T> {
    #[serde(
        alias = "albums",
        alias = "artists",
        alias = "audio_features",
        alias = "categories",
        alias = "devices",
        alias = "episodes",
        alias = "playlists",
        alias = "shows",
        alias = "tracks"
    )]
    list: T,
}

operations! {
    "albums" {
        "get-an-album": GetAlbum, (r::FullAlbum), (a::Album), derived::Album;
        "get-multiple-albums": GetAlbums, (Wrapped<Vec<r::FullAlbum>>), (Wrapped<Vec<a::Album>>), derived::Albums;
        "get-an-albums-tracks": GetAlbumTracks, (r::Page<r::SimplifiedTrack>), (a::Page<a::TrackSimplified>),
            derived::Page<derived::SimplifiedTrack>;
        "get-an-artists-albums": GetArtistAlbums, (r::Page<r::SimplifiedAlbum>), (a::Page<a::ArtistsAlbum>),
            derived::Page<derived::SimplifiedAlbum>;
        "get-new-releases": GetNewReleases, (Wrapped<r::Page<r::SimplifiedAlbum>>),
            (Wrapped<a::Page<a::AlbumSimplified>>), derived::AlbumPage;
        "get-users-saved-albums": GetSavedAlbums, (r::Page<r::SavedAlbum>), (a::Page<a::SavedAlbum>),
            derived::Page<derived::SavedAlbum>;
    }
    "artists" {
        "get-an-artist": GetArtist, (r::FullArtist), (a::Artist), derived::Artist;
        "get-multiple-artists": GetArtists, (Wrapped<Vec<r::FullArtist>>), (Wrapped<Vec<a::Artist>>), derived::Artists;
        "get-an-artists-related-artists": GetRelatedArtists, (Wrapped<Vec<r::FullArtist>>),
            (Wrapped<Vec<a::Artist>>), derived::Artists;
        "get-followed": GetFollowedArtists, (Wrapped<r::CursorBasedPage<r::FullArtist>>),
            (Wrapped<a::CursorPage<a::Artist>>), derived::FollowedArtists;
    }
    "tracks" {
        "get-track": GetTrack, (r::FullTrack), (a::Track), derived::Track;
        "get-several-tracks": GetTracks, (Wrapped<Vec<r::FullTrack>>), (Wrapped<Vec<a::Track>>), derived::Tracks;
        "get-an-artists-top-tracks": GetArtistTopTracks, (Wrapped<Vec<r::FullTrack>>), (Wrapped<Vec<a::Track>>),
            derived::Tracks;
        "get-users-saved-tracks": GetSavedTracks, (r::Page<r::SavedTrack>), (a::Page<a::SavedTrack>),
            derived::Page<derived::SavedTrack>;
        "get-recently-played": GetRecentlyPlayed, (r::CursorBasedPage<r::PlayHistory>),
            (a::TwoWayCursorPage<a::PlayHistory>), derived::Page<derived::PlayHistory>;
        "get-recommendations": GetRecommendations, (r::Recommendations), (a::Recommendations), derived::Tracks;
    }
    "items" {
        "get-playlists-tracks": GetPlaylistTracks, (r::Page<r::PlaylistItem>), (a::Page<a::PlaylistItem>),
            derived::Page<derived::PlaylistItem>;
        "get-playlists-items": GetPlaylistItems, (r::Page<r::PlaylistItem>), (a::Page<a::PlaylistItem>),
            derived::Page<derived::PlaylistItem>;
        "get-playlist": GetPlaylist, (r::FullPlaylist), (a::Playlist), derived::Playlist;
    }
    "playlists" {
        "get-list-users-playlists": GetUserPlaylists, (r::Page<r::SimplifiedPlaylist>),
            (a::Page<a::PlaylistSimplified>), derived::Page<derived::SimplifiedPlaylist>;
        "get-a-list-of-current-users-playlists": GetCurrentUserPlaylists, (r::Page<r::SimplifiedPlaylist>),
            (a::Page<a::PlaylistSimplified>), derived::Page<derived::SimplifiedPlaylist>;
        "get-featured-playlists": GetFeaturedPlaylists, (r::FeaturedPlaylists), (a::FeaturedPlaylists),
            derived::Playlists;
        "get-a-categories-playlists": GetCategoryPlaylists, (Wrapped<r::Page<r::SimplifiedPlaylist>>),
            (Wrapped<a::Page<a::PlaylistSimplified>>), derived::Playlists;
    }
    "search" {
        "search": Search, (r::SearchMultipleResult), (a::SearchResults), derived::SearchResults;
    }
    "shows" {
        "get-a-show": GetShow, (r::FullShow), (a::Show), derived::Show;
        "get-multiple-shows": GetShows, (Wrapped<Vec<r::SimplifiedShow>>), (Wrapped<Vec<a::ShowSimplified>>),
            derived::Shows;
        "get-users-saved-shows": GetSavedShows, (r::Page<r::Show>), (a::Page<a::SavedShow>),
            derived::Page<derived::SavedShow>;
        "get-a-shows-episodes": GetShowEpisodes, (r::Page<r::SimplifiedEpisode>), (a::Page<a::EpisodeSimplified>),
            derived::Page<derived::SimplifiedEpisode>;
        "get-an-episode": GetEpisode, (r::FullEpisode), (a::Episode), derived::Episode;
        "get-multiple-episodes": GetEpisodes, (Wrapped<Vec<r::FullEpisode>>), (Wrapped<Vec<Option<a::Episode>>>),
            derived::Episodes;
        "get-users-saved-episodes": GetSavedEpisodes, _, _, derived::Page<derived::SavedEpisode>;
    }
    "audiobooks" {
        "get-an-audiobook": GetAudiobook, _, _, derived::Audiobook;
        "get-multiple-audiobooks": GetAudiobooks, _, _, derived::Audiobooks;
        "get-audiobook-chapters": GetAudiobookChapters, _, _, derived::Page<derived::SimplifiedChapter>;
        "get-a-chapter": GetChapter, _, _, derived::SimplifiedChapter;
        "get-several-chapters": GetChapters, _, _, derived::Chapters;
    }
    "player" {
        "get-information-about-the-users-current-playback": GetPlaybackState, (r::CurrentPlaybackContext),
            (a::CurrentPlayback), derived::Playback;
        "get-the-users-currently-playing-track": GetCurrentlyPlaying, (r::CurrentlyPlayingContext),
            (a::CurrentlyPlaying), derived::Playback;
        "get-queue": GetQueue, (r::CurrentUserQueue), _, derived::Queue;
        "get-a-users-available-devices": GetDevices, (Wrapped<Vec<r::Device>>), (Wrapped<Vec<a::Device>>), derived::Devices;
    }
    "audio" {
        "get-audio-features": GetAudioFeatures, (r::AudioFeatures), (a::AudioFeatures), derived::AudioFeatures;
        "get-several-audio-features": GetSeveralAudioFeatures, (Wrapped<Vec<Option<r::AudioFeatures>>>),
            (Wrapped<Vec<Option<a::AudioFeatures>>>), derived::AudioFeaturesList;
        "get-audio-analysis": GetAudioAnalysis, (r::AudioAnalysis), (a::AudioAnalysis), derived::AudioAnalysis;
    }
}
