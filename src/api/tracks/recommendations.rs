//! Recommendations by seeds and by bounds on how tracks sound.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;

use http::Method;
use serde::{Deserialize, Deserializer, Serialize};

use crate::endpoint::{Check, Endpoint, setters};
use crate::error::{DecodeError, RequestError, RequestRule};
use crate::model::Recommendations;
use crate::response::{FromResponse, ResponseRef};
use crate::types::id::{ArtistId, TrackId};
use crate::types::market::Market;
use crate::types::operation::Operation;
use crate::types::origin::Target;
use crate::types::query::{QueryText, words};

/// Tracks that resemble one to five seeds: artists, genres, tracks.
///
/// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-recommendations).
/// Scopes: none.
#[deprecated(note = "gone for applications in development mode, without a replacement")]
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(try_from = "Flat", into = "Flat")]
#[must_use = "an endpoint does nothing until its request is sent"]
#[non_exhaustive]
pub struct GetRecommendations {
    /// Query parameters `seed_artists`, `seed_genres` and `seed_tracks`.
    pub seeds: Seeds,
    /// Query parameter, set by [`limit`](method@Self::limit).
    pub limit: Option<u32>,
    /// Query parameter, set by [`market`](method@Self::market).
    pub market: Option<Market>,
    tunables: BTreeMap<Tunable, f64>,
}

impl GetRecommendations {
    /// Tracks like these: `GetRecommendations::new([Seed::Artist(artist), Seed::Track(track)])`.
    pub fn new(seeds: impl Into<Seeds>) -> Self {
        Self { seeds: seeds.into(), limit: None, market: None, tunables: BTreeMap::new() }
    }

    setters! {
        RULES []
        /// Sets the largest number of tracks.
        limit: u32 where range(1..=100, default 20),
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
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

    /// Returns the bounds on attributes that are set: `("min_energy", 0.5)`, in the order of their names.
    pub fn tunables(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.tunables.iter().map(|(tunable, value)| (tunable.0, *value))
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

    fn check(&self) -> Result<(), RequestError> {
        let check = Check::new(Self::OPERATION.id, Self::RULES);
        check.option("limit", self.limit.as_ref())?;
        let Seeds { artists, genres, tracks } = &self.seeds;
        // Each list may be empty, because one seed of any kind is enough.
        check.option("seed_artists", Some(artists).filter(|it| !it.is_empty()))?;
        check.option("seed_genres", Some(genres).filter(|it| !it.is_empty()))?;
        check.option("seed_tracks", Some(tracks).filter(|it| !it.is_empty()))?;
        let out_of_range = self.tunables.iter().find_map(|(tunable, value)| {
            let (min, max) = tunable.range()?.into_inner();
            let is_inside = (f64::from(min)..=f64::from(max)).contains(value);
            let rule = RequestRule::Range { min: min.into(), max: max.into() };
            (!is_inside).then(|| check.error(tunable.0, value, rule))
        });
        out_of_range.map_or(Ok(()), Err)
    }

    fn decode(&self, response: ResponseRef<'_>) -> Result<Recommendations, DecodeError> {
        FromResponse::from_response(response)
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

    /// Returns the artists.
    #[must_use]
    pub fn artists(&self) -> &[ArtistId] {
        &self.artists
    }

    /// Returns the genres.
    #[must_use]
    pub fn genres(&self) -> &[QueryText] {
        &self.genres
    }

    /// Returns the tracks.
    #[must_use]
    pub fn tracks(&self) -> &[TrackId] {
        &self.tracks
    }

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

impl Tunable {
    /// The documented range, if there is one.
    fn range(self) -> Option<RangeInclusive<u32>> {
        RANGES.iter().find(|(names, _)| names.contains(&self.0)).map(|(_, range)| range.clone())
    }
}

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
    ($(#[$doc:meta])* $name:ident { $(
        $(#[$variant_doc:meta])* $variant:ident = $text:literal $(in $min:literal..=$max:literal)?
    ),+ $(,)? }) => {
        words! {
            $(#[$doc])*
            $name { $(
                $(#[$variant_doc])*
                $(#[doc = ""] #[doc = concat!("Range: ", $min, " to ", $max, ".")])?
                $variant = $text
            ),+ }
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

        /// Documented ranges, each for the three bounds on an attribute.
        const RANGES: &[(&[&str], RangeInclusive<u32>)] = &[$($((
            &[concat!("min_", $text), concat!("max_", $text), concat!("target_", $text)],
            $min..=$max,
        ),)?)+];
    };
}

attributes! {
    /// How a track sounds, as recommendations can be tuned by it.
    Attribute {
        /// Confidence that the track is acoustic.
        Acousticness = "acousticness" in 0..=1,
        /// How suitable it is for dancing.
        Danceability = "danceability" in 0..=1,
        /// Its length in milliseconds.
        DurationMs = "duration_ms",
        /// How intense it is.
        Energy = "energy" in 0..=1,
        /// Confidence that it has no vocals.
        Instrumentalness = "instrumentalness" in 0..=1,
        /// Its key as a pitch class: 0 is C, 11 is B.
        Key = "key" in 0..=11,
        /// Confidence that an audience is present.
        Liveness = "liveness" in 0..=1,
        /// Its loudness in decibels.
        Loudness = "loudness",
        /// Minor (0) or major (1).
        Mode = "mode" in 0..=1,
        /// How popular it is.
        Popularity = "popularity" in 0..=100,
        /// How much is spoken.
        Speechiness = "speechiness" in 0..=1,
        /// Its tempo in beats per minute.
        Tempo = "tempo",
        /// How many beats a bar has.
        TimeSignature = "time_signature",
        /// How cheerful it is.
        Valence = "valence" in 0..=1,
    }
}

/// The parameters, named as on the wire.
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
    type Error = String;

    fn try_from(flat: Flat) -> Result<Self, String> {
        let Flat { limit, market, seed_artists, seed_genres, seed_tracks, tunables } = flat;
        let seeds = Seeds { artists: seed_artists, genres: seed_genres, tracks: seed_tracks };
        let seeds = seeds.counted().map_err(|error| match error.found {
            0 => "missing field `seed_artists`, `seed_genres` or `seed_tracks`".to_owned(),
            _ => format!("`seed_artists`, `seed_genres` and `seed_tracks`: {error}"),
        })?;
        Ok(Self { seeds, limit, market, tunables })
    }
}

impl From<GetRecommendations> for Flat {
    fn from(get: GetRecommendations) -> Self {
        let GetRecommendations { seeds, limit, market, tunables } = get;
        let Seeds { artists: seed_artists, genres: seed_genres, tracks: seed_tracks } = seeds;
        Self { limit, market, seed_artists, seed_genres, seed_tracks, tunables }
    }
}
