#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod app;
mod bounded;
mod encode;
mod id;
mod json;
mod language;
mod lenient;
mod link;
mod market;
mod open;
mod origin;
mod reference;
mod secret;
mod text;
mod time;
mod version;

pub mod api;
pub mod auth;
pub mod cache;
pub mod driver;
#[cfg(feature = "fake")]
pub mod fake;
pub mod guide;
pub mod model;
#[cfg(feature = "fake")]
pub mod recording;

mod call;
mod endpoint;
mod error;
mod limit;
mod pager;
mod response;
mod session;

pub use http;

pub use app::App;
pub use auth::grant::AuthorizationCode;
pub use auth::login::{CallbackError, Login};
pub use auth::redirect::{RedirectUri, RedirectUriError};
#[doc(inline)]
pub use auth::scope::{InvalidScopes, Scope, ScopeRequirement, Scopes};
pub use auth::tokens::Tokens;
pub use bounded::{List, QueryText, Set, TooLong};
pub use call::{Cached, Call, CallInfo, Exchange, Received, Reply, Source, Step, Waiting};
pub use endpoint::{Availability, Body, Endpoint, OffsetPaged, Operation, Paged, Remaining};
pub use error::{
    ApiError, AuthCode, AuthError, DecodeError, Error, ForbiddenReason, ParameterRule, PlaybackStateAbsent,
    RateLimited, Reason, RequestError, RequestRule, ScopeError, Throttled,
};
pub use id::{
    AlbumId, ArtistId, AudiobookId, CategoryId, ChapterId, EpisodeId, IdError, Kind, PlaylistId, ShowId,
    TrackId, UserId,
};
pub use language::{Language, LanguageError};
pub use limit::{AttemptOutcome, Budget, Delay, ExceededLimit, RateLimiter, RetryPolicy, WaitReason};
pub use link::{Href, ImageUrl, LocalFile, ShortLink, ShortLinkError, Uri, WebUrl};
pub use market::{Market, MarketError};
pub use origin::{Origin, OriginError, Target, TargetError};
pub use pager::{Completeness, IncompleteReason, Pager};
pub use response::{FromResponse, MAX_BODY_LEN, ResponseRef, from_json};
pub use secret::Secret;
pub use session::{ReceivedToken, Saving, Session, SessionState, TokenExchange, TokenStep};
pub use text::Text;
pub use time::{Date, DatePrecision, RetryAfter, TimeError, Timestamp};
