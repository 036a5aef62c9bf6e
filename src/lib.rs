#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod bounded;
mod encode;
mod id;
mod json;
mod lenient;
mod link;
mod market;
mod open;
mod origin;
mod secret;
mod text;
mod time;
mod version;

pub mod api;
pub mod auth;
pub mod cache;
#[cfg(feature = "fake")]
pub mod fake;
pub mod guide;
pub mod model;
pub mod prelude;
#[cfg(feature = "fake")]
pub mod recording;

mod call;
mod endpoint;
mod error;
mod response;
mod retry;
mod session;
mod throttle;

pub use http;

pub use auth::grant::{App, Code};
pub use auth::login::{CallbackError, Login};
pub use auth::redirect::{RedirectUri, RedirectUriError};
#[doc(inline)]
pub use auth::scope::{Scope, Scopes};
pub use bounded::{List, QueryText, Set, TooLong};
pub use call::{Call, Exchange, Pause, Reply, Source, Step};
pub use endpoint::{Availability, Body, Endpoint, OffsetPaged, Operation, Paged, Remaining, ScopeRule};
pub use error::{
    ApiError, AuthCode, AuthError, Bound, DecodeError, Error, Forbidden, ParameterRule, RateLimited, Reason,
    RequestError, RequestRule, Wait, Why,
};
pub use id::{
    AlbumId, ArtistId, AudiobookId, CategoryId, ChapterId, EpisodeId, IdError, Kind, PlaylistId, ShowId,
    TrackId, UserId,
};
pub use link::{Href, ImageUrl, LocalFile, Uri, WebUrl};
pub use market::{Market, MarketError};
pub use origin::{Origin, OriginError, Target, TargetError};
pub use response::{BODY_MAX, from_json};
pub use retry::{Outcome, RetryPolicy};
pub use secret::Secret;
pub use session::{Session, Tokens};
pub use text::Text;
pub use throttle::Throttle;
pub use time::{Date, DatePrecision, RetryAfter, TimeError, Timestamp};
