//! Recommendations.

#![allow(deprecated, reason = "the operations that development mode lost are offered all the same")]

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::bounded::{List, QueryText, words};
use crate::endpoint::{Endpoint, Operation, setter};
use crate::error::DecodeError;
use crate::id::{ArtistId, TrackId};
use crate::market::Market;
use crate::model::Recommendations;
use crate::origin::Target;
use crate::response;

words! {
    /// A property of tracks that recommendations can be tuned by.
    Tunable {
        /// From 0 to 1.
        Acousticness = "acousticness",
        /// From 0 to 1.
        Danceability = "danceability",
        /// In milliseconds.
        DurationMs = "duration_ms",
        /// From 0 to 1.
        Energy = "energy",
        /// From 0 to 1.
        Instrumentalness = "instrumentalness",
        /// A pitch class from 0 to 11.
        Key = "key",
        /// From 0 to 1.
        Liveness = "liveness",
        /// In decibels.
        Loudness = "loudness",
        /// 0 is minor, 1 is major.
        Mode = "mode",
        /// From 0 to 100.
        Popularity = "popularity",
        /// From 0 to 1.
        Speechiness = "speechiness",
        /// In beats a minute.
        Tempo = "tempo",
        /// Beats a bar.
        TimeSignature = "time_signature",
        /// From 0 to 1.
        Valence = "valence",
    }
}

/// Tracks that resemble artists, genres and tracks; up to five seeds in all, at least one.
///
/// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-recommendations).
/// Scopes: none.
#[deprecated(note = "gone for applications in development mode; there is no replacement")]
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[must_use = "an endpoint does nothing until its request is sent"]
pub struct GetRecommendations {
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    market: Option<Market>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed_artists: Option<List<ArtistId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed_genres: Option<List<QueryText>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed_tracks: Option<List<TrackId>>,
    #[serde(flatten)]
    tuning: BTreeMap<&'static str, f64>,
}

/// `min_`, `max_` and `target_` of a tunable: the names of the parameters.
macro_rules! tuning_names {
    ($($name:literal),+) => {
        const TUNING: &[[&str; 3]] =
            &[$([concat!("min_", $name), concat!("max_", $name), concat!("target_", $name)]),+];
    };
}
tuning_names!(
    "acousticness",
    "danceability",
    "duration_ms",
    "energy",
    "instrumentalness",
    "key",
    "liveness",
    "loudness",
    "mode",
    "popularity",
    "speechiness",
    "tempo",
    "time_signature",
    "valence"
);

impl GetRecommendations {
    /// Recommendations without a seed yet.
    pub fn new() -> Self {
        Self::default()
    }

    setter! {
        /// How many tracks, 1 to 100; 20 unless set.
        limit u32
    }

    setter! {
        /// Content as it is available in this country.
        market Market
    }

    setter! {
        /// Artists to resemble.
        seed_artists List<ArtistId>
    }

    setter! {
        /// Genres to resemble.
        seed_genres List<QueryText>
    }

    setter! {
        /// Tracks to resemble.
        seed_tracks List<TrackId>
    }

    /// Only tracks with at least this value.
    pub fn min(self, tunable: Tunable, value: f64) -> Self {
        self.tune(0, tunable, value)
    }

    /// Only tracks with at most this value.
    pub fn max(self, tunable: Tunable, value: f64) -> Self {
        self.tune(1, tunable, value)
    }

    /// Rather tracks near this value.
    pub fn target(self, tunable: Tunable, value: f64) -> Self {
        self.tune(2, tunable, value)
    }

    fn tune(mut self, bound: usize, tunable: Tunable, value: f64) -> Self {
        let place = Tunable::ALL.iter().position(|known| *known == tunable);
        let name = place.and_then(|place| TUNING.get(place)?.get(bound));
        self.tuning.extend(name.map(|name| (*name, value)));
        self
    }
}

impl Endpoint for GetRecommendations {
    type Output = Recommendations;

    const OPERATION: Operation =
        Operation::new("get-recommendations", http::Method::GET, "/v1/recommendations").extended_quota();

    fn target(&self, target: &mut Target) {
        target.path(Self::OPERATION.route, &[]);
        if let Some(limit) = self.limit {
            target.query("limit", limit);
        }
        if let Some(market) = self.market {
            target.query("market", market);
        }
        if let Some(artists) = &self.seed_artists {
            target.query("seed_artists", artists);
        }
        if let Some(genres) = &self.seed_genres {
            target.query("seed_genres", genres);
        }
        if let Some(tracks) = &self.seed_tracks {
            target.query("seed_tracks", tracks);
        }
        for (name, value) in &self.tuning {
            target.query(name, value);
        }
    }

    fn decode(status: http::StatusCode, body: &[u8]) -> Result<Self::Output, DecodeError> {
        response::decode(status, body)
    }
}

/// By hand, because the names of the tunables are many.
impl<'de> Deserialize<'de> for GetRecommendations {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parameters;

        impl<'de> serde::de::Visitor<'de> for Parameters {
            type Value = GetRecommendations;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the parameters of get-recommendations")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut value = GetRecommendations::new();
                while let Some(name) = map.next_key::<String>()? {
                    match &*name {
                        "limit" => value.limit = map.next_value()?,
                        "market" => value.market = map.next_value()?,
                        "seed_artists" => value.seed_artists = map.next_value()?,
                        "seed_genres" => value.seed_genres = map.next_value()?,
                        "seed_tracks" => value.seed_tracks = map.next_value()?,
                        name => {
                            let known = TUNING.iter().flatten().find(|known| **known == name);
                            let known = known
                                .ok_or_else(|| serde::de::Error::unknown_field(name, &["seed_tracks"]))?;
                            value.tuning.insert(known, map.next_value()?);
                        }
                    }
                }
                Ok(value)
            }
        }

        deserializer.deserialize_map(Parameters)
    }
}
