//! Recommendations by seeds and by bounds on how tracks sound.

use std::collections::BTreeMap;
use std::fmt::Display;

use http::{Method, StatusCode};
use serde::{Deserialize, Deserializer, Serialize};

use crate::bounded::{QueryText, words};
use crate::endpoint::{Endpoint, Operation, setters};
use crate::error::DecodeError;
use crate::id::{ArtistId, TrackId};
use crate::market::Market;
use crate::model::Recommendations;
use crate::origin::Target;
use crate::response;

/// Tracks that resemble one to five seeds: artists, genres, tracks.
///
/// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-recommendations).
/// Scopes: none.
#[deprecated(note = "gone for applications in development mode, without a replacement")]
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(try_from = "Flat", into = "Flat")]
#[must_use = "an endpoint does nothing until its request is sent"]
pub struct GetRecommendations {
    seeds: Seeds,
    limit: Option<u32>,
    market: Option<Market>,
    tunables: BTreeMap<Tunable, f64>,
}

impl GetRecommendations {
    /// Tracks like these: `GetRecommendations::new([Seed::Artist(artist), Seed::Track(track)])`.
    pub fn new(seeds: impl Into<Seeds>) -> Self {
        Self { seeds: seeds.into(), limit: None, market: None, tunables: BTreeMap::new() }
    }

    setters! {
        /// How many tracks, 1 to 100; 20 unless set.
        limit: u32,
        /// Content as it is available in this country.
        market: Market,
    }

    /// Only tracks that have at least this much of an attribute. What is not a finite number bounds nothing.
    pub fn min(self, attribute: Attribute, value: f64) -> Self {
        self.tune(attribute.names().min, value)
    }

    /// Only tracks that have at most this much of an attribute. What is not a finite number bounds nothing.
    pub fn max(self, attribute: Attribute, value: f64) -> Self {
        self.tune(attribute.names().max, value)
    }

    /// Tracks with about this much of an attribute are preferred. What is not a finite number prefers nothing.
    pub fn target(self, attribute: Attribute, value: f64) -> Self {
        self.tune(attribute.names().target, value)
    }

    fn tune(mut self, tunable: Tunable, value: f64) -> Self {
        if value.is_finite() {
            self.tunables.insert(tunable, value);
        } else {
            self.tunables.remove(&tunable);
        }
        self
    }
}

impl Endpoint for GetRecommendations {
    type Output = Recommendations;

    const OPERATION: Operation =
        Operation::new("get-recommendations", Method::GET, "/v1/recommendations").extended_quota();

    fn target(&self, target: &mut Target) {
        target.path(Self::OPERATION.route, &[]);
        if let Some(limit) = self.limit {
            target.query("limit", limit);
        }
        if let Some(market) = self.market {
            target.query("market", market);
        }
        let seeds = &self.seeds;
        let lists = [
            ("seed_artists", join(&seeds.artists)),
            ("seed_genres", join(&seeds.genres)),
            ("seed_tracks", join(&seeds.tracks)),
        ];
        for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            target.query(name, list);
        }
        for (tunable, value) in &self.tunables {
            target.query(tunable.0, value);
        }
    }

    fn decode(status: StatusCode, body: &[u8]) -> Result<Recommendations, DecodeError> {
        response::decode(status, body)
    }
}

fn join<T: Display>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(",")
}

/// What recommendations are to resemble.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Seed {
    /// An artist.
    Artist(ArtistId),
    /// A genre, as [`GetRecommendationGenres`](crate::api::GetRecommendationGenres) lists them.
    Genre(QueryText),
    /// A track.
    Track(TrackId),
}

/// One to five seeds in any combination.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Seeds {
    artists: Vec<ArtistId>,
    genres: Vec<QueryText>,
    tracks: Vec<TrackId>,
}

/// A number of seeds that is not one to five.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected one to five seeds, found {found}")]
pub struct SeedCount {
    found: usize,
}

impl Seeds {
    /// The greatest number of seeds.
    pub const MAX: usize = 5;

    fn of(seeds: impl IntoIterator<Item = Seed>) -> Self {
        let mut all = Self { artists: Vec::new(), genres: Vec::new(), tracks: Vec::new() };
        for seed in seeds {
            match seed {
                Seed::Artist(id) => all.artists.push(id),
                Seed::Genre(genre) => all.genres.push(genre),
                Seed::Track(id) => all.tracks.push(id),
            }
        }
        all
    }

    fn counted(self) -> Result<Self, SeedCount> {
        let found = self.artists.len() + self.genres.len() + self.tracks.len();
        if (1..=Self::MAX).contains(&found) { Ok(self) } else { Err(SeedCount { found }) }
    }
}

impl From<Seed> for Seeds {
    fn from(seed: Seed) -> Self {
        Self::of([seed])
    }
}

impl TryFrom<Vec<Seed>> for Seeds {
    type Error = SeedCount;

    fn try_from(seeds: Vec<Seed>) -> Result<Self, SeedCount> {
        Self::of(seeds).counted()
    }
}

macro_rules! few {
    ($($count:literal)+) => {$(
        impl From<[Seed; $count]> for Seeds {
            fn from(seeds: [Seed; $count]) -> Self {
                Self::of(seeds)
            }
        }
    )+};
}
few!(1 2 3 4 5);

/// A bound on an attribute by its name on the wire: `min_energy`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
struct Tunable(&'static str);

impl<'de> Deserialize<'de> for Tunable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let mut known = Attribute::ALL.iter().map(|attribute| attribute.names());
        let found = known.find_map(|it| [it.min, it.max, it.target].into_iter().find(|it| it.0 == text));
        found.ok_or_else(|| serde::de::Error::custom(format_args!("unknown parameter `{text}`")))
    }
}

/// The names of the three bounds on an attribute.
struct Names {
    min: Tunable,
    max: Tunable,
    target: Tunable,
}

macro_rules! attributes {
    ($(#[$doc:meta])* $name:ident { $( $(#[$variant_doc:meta])* $variant:ident = $text:literal ),+ $(,)? }) => {
        words! {
            $(#[$doc])*
            $name { $( $(#[$variant_doc])* $variant = $text ),+ }
        }

        impl $name {
            const fn names(self) -> Names {
                match self {
                    $(Self::$variant => Names {
                        min: Tunable(concat!("min_", $text)),
                        max: Tunable(concat!("max_", $text)),
                        target: Tunable(concat!("target_", $text)),
                    },)+
                }
            }
        }
    };
}

attributes! {
    /// How a track sounds, as recommendations can be tuned by it.
    Attribute {
        /// How sure it is that the track is acoustic, 0 to 1.
        Acousticness = "acousticness",
        /// How well it can be danced to, 0 to 1.
        Danceability = "danceability",
        /// Its length in milliseconds.
        DurationMs = "duration_ms",
        /// How intense it is, 0 to 1.
        Energy = "energy",
        /// How sure it is that there is no voice, 0 to 1.
        Instrumentalness = "instrumentalness",
        /// Its key as a pitch class, 0 (C) to 11 (B).
        Key = "key",
        /// How sure it is that an audience is there, 0 to 1.
        Liveness = "liveness",
        /// Its loudness in decibels.
        Loudness = "loudness",
        /// Minor (0) or major (1).
        Mode = "mode",
        /// How popular it is, 0 to 100.
        Popularity = "popularity",
        /// How much is spoken, 0 to 1.
        Speechiness = "speechiness",
        /// Its tempo in beats per minute.
        Tempo = "tempo",
        /// How many beats a bar has.
        TimeSignature = "time_signature",
        /// How cheerful it is, 0 to 1.
        Valence = "valence",
    }
}

/// The parameters as on the wire.
#[derive(Deserialize, Serialize)]
struct Flat {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    market: Option<Market>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seed_artists: Vec<ArtistId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seed_genres: Vec<QueryText>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seed_tracks: Vec<TrackId>,
    #[serde(flatten)]
    tunables: BTreeMap<Tunable, f64>,
}

impl TryFrom<Flat> for GetRecommendations {
    type Error = SeedCount;

    fn try_from(flat: Flat) -> Result<Self, SeedCount> {
        let Flat { limit, market, seed_artists, seed_genres, seed_tracks, tunables } = flat;
        let seeds = Seeds { artists: seed_artists, genres: seed_genres, tracks: seed_tracks };
        Ok(Self { seeds: seeds.counted()?, limit, market, tunables })
    }
}

impl From<GetRecommendations> for Flat {
    fn from(get: GetRecommendations) -> Self {
        let GetRecommendations { seeds, limit, market, tunables } = get;
        let Seeds { artists: seed_artists, genres: seed_genres, tracks: seed_tracks } = seeds;
        Self { limit, market, seed_artists, seed_genres, seed_tracks, tunables }
    }
}
