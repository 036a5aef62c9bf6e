//! Recommendations based on seeds and on bounds on audio features.

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
use crate::types::origin::{Route, Target, Value};
use crate::types::query::{QueryText, words};

/// Gets tracks that are similar to one to five artists, genres or tracks.
///
/// The list is empty if Spotify has too little data about the seeds, or if no track satisfies the bounds on attributes.
/// In development mode, the request fails with 404.
///
/// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-recommendations).
/// * Scopes: none.
/// * Quota mode: extended.
/// * Limits: 1 to 5 seeds; 1 to 100 tracks, default 20.
#[deprecated(note = "not available in development mode; there is no replacement")]
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
    /// Creates the endpoint from seeds: `GetRecommendations::new([Seed::Artist(artist), Seed::Track(track)])`.
    pub fn new(seeds: impl Into<Seeds>) -> Self {
        Self { seeds: seeds.into(), limit: None, market: None, tunables: BTreeMap::new() }
    }

    setters! {
        RULES []
        /// Sets the maximum number of tracks; the response may contain fewer.
        limit: u32 where range(1..=100, default 20),
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// The default is the country of the user's account, which also takes precedence over this value.
        market: Market,
    }

    /// Sets the minimum of an attribute; a non-finite value unsets it.
    ///
    /// By default, the attribute has no minimum. [`Attribute`] lists the valid ranges.
    pub fn min(self, attribute: Attribute, value: f64) -> Self {
        self.tune(attribute.names().min, value)
    }

    /// Sets the maximum of an attribute; a non-finite value unsets it.
    ///
    /// By default, the attribute has no maximum. [`Attribute`] lists the valid ranges.
    pub fn max(self, attribute: Attribute, value: f64) -> Self {
        self.tune(attribute.names().max, value)
    }

    /// Sets the preferred value of an attribute; a non-finite value unsets it.
    ///
    /// Tracks close to the value are preferred, and the preferred values of all attributes have equal weight. By
    /// default, the attribute has no preferred value. [`Attribute`] lists the valid ranges.
    pub fn target(self, attribute: Attribute, value: f64) -> Self {
        self.tune(attribute.names().target, value)
    }

    /// Returns the bounds and preferred values of attributes with their names on the wire, such as
    /// `("min_energy", 0.5)`.
    ///
    /// The values are sorted by name.
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
        target.route(const { &Route::of(Self::OPERATION) }, []);
        if let Some(limit) = self.limit {
            Value(&limit).add("limit", target);
        }
        if let Some(market) = self.market {
            Value(&market).add("market", target);
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

/// Artist, genre or track on which recommendations are based.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Seed {
    /// An artist.
    Artist(ArtistId),
    /// A genre that [`GetRecommendationGenres`](crate::api::GetRecommendationGenres) lists.
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

/// Error for a number of seeds other than one to five.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected one to five seeds, got {found}")]
pub struct SeedCount {
    found: usize,
}

impl Seeds {
    /// Maximum number of seeds.
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

/// Name on the wire of a bound or preferred value of an attribute, such as `min_energy`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
struct Tunable(&'static str);

impl Tunable {
    /// Returns the documented range, if there is one.
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

/// The names of the minimum, maximum and preferred value of an attribute.
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

        /// Documented ranges, each for the minimum, maximum and preferred value of an attribute.
        const RANGES: &[(&[&str], RangeInclusive<u32>)] = &[$($((
            &[concat!("min_", $text), concat!("max_", $text), concat!("target_", $text)],
            $min..=$max,
        ),)?)+];
    };
}

attributes! {
    /// Audio feature by which recommendations can be tuned.
    Attribute {
        /// Confidence that the track is acoustic; 1 is the highest.
        Acousticness = "acousticness" in 0..=1,
        /// Suitability for dancing; 1 is the most danceable.
        Danceability = "danceability" in 0..=1,
        /// Duration in milliseconds.
        DurationMs = "duration_ms",
        /// Perceived intensity; 1 is the most energetic.
        Energy = "energy" in 0..=1,
        /// Confidence that the track has no vocals; 1 is the highest.
        Instrumentalness = "instrumentalness" in 0..=1,
        /// Key as a pitch class: 0 is C, 11 is B.
        Key = "key" in 0..=11,
        /// Confidence that the track was performed in front of an audience; 1 is the highest.
        Liveness = "liveness" in 0..=1,
        /// Loudness in decibels, usually from -60 to 0.
        Loudness = "loudness",
        /// Modality: 0 is minor, 1 is major.
        Mode = "mode" in 0..=1,
        /// Popularity; 100 is the most popular.
        Popularity = "popularity" in 0..=100,
        /// Presence of spoken words; tracks above 0.66 probably consist entirely of speech.
        Speechiness = "speechiness" in 0..=1,
        /// Tempo in beats per minute.
        Tempo = "tempo",
        /// Number of beats per bar.
        TimeSignature = "time_signature",
        /// Perceived positiveness; 1 is the most cheerful.
        Valence = "valence" in 0..=1,
    }
}

/// Parameters, with their names on the wire.
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
