#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod bounded;
mod encode;
mod id;
mod lenient;
mod market;
mod open;
mod origin;
mod secret;
mod text;
mod time;

pub mod api;
pub mod auth;
#[cfg(feature = "fake")]
pub mod fake;
pub mod model;
#[cfg(feature = "fake")]
pub mod recording;

mod endpoint;
mod error;
mod response;

pub use http;

pub use bounded::{List, QueryText, Set, TooLong};
pub use endpoint::{Availability, Body, Endpoint, Offset, Operation, Paged, ScopeRule};
pub use error::{ApiError, AuthCode, AuthError, DecodeError, Error, Forbidden, RateLimited, Reason};
pub use id::{
    AlbumId, ArtistId, AudiobookId, CategoryId, ChapterId, EpisodeId, Href, IdError, Kind, LocalFile,
    PlaylistId, ShowId, TrackId, Uri, UserId, WebUrl,
};
pub use market::{Market, MarketError};
pub use origin::{Origin, OriginError, Target};
pub use response::{BODY_MAX, from_json};
pub use secret::Secret;
pub use text::Text;
pub use time::{Date, DatePrecision, RetryAfter, TimeError, Timestamp};
