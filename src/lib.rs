// The example in the README depends on another package of this project, whose tests compile and run the example.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
#![forbid(unsafe_code)]

mod app;

pub mod api;
pub mod auth;
pub mod cache;
pub mod driver;
pub mod guide;
pub mod model;

mod call;
mod endpoint;
mod error;
mod limit;
mod pager;
mod response;
mod session;
mod types;
mod wire;

pub use http;

pub use app::App;
pub use auth::grant::AuthorizationCode;
pub use auth::redirect::{RedirectUri, RedirectUriError};
pub use auth::tokens::Tokens;
pub use call::{Cached, Call, CallInfo, Exchange, Received, Reply, Source, Step, Waiting};
pub use endpoint::{Body, Endpoint, OffsetPaged, Paged, Remaining};
pub use error::{
    ApiError, AuthCode, AuthError, DecodeError, Error, ForbiddenReason, ParameterRule, PlaybackStateAbsent,
    RateLimited, Reason, RequestError, RequestRule, ScopeError, Throttled,
};
pub use limit::{AttemptOutcome, Budget, RateLimiter, RetryPolicy};
pub use pager::{Completeness, IncompleteReason, Pager};
pub use response::{FromResponse, MAX_BODY_LEN, ResponseRef, from_json};
pub use session::login::{CallbackError, Login};
pub use session::{ReceivedToken, Saving, Session, SessionState, TokenExchange, TokenStep};
pub use types::delay::{Delay, ExceededLimit, WaitReason};
pub use types::id::{
    AlbumId, ArtistId, AudiobookId, CategoryId, ChapterId, EpisodeId, IdError, PlaylistId, ShowId, TrackId,
    UserId,
};
pub use types::language::{Language, LanguageError};
pub use types::market::{Market, MarketError};
pub use types::operation::{Operation, QuotaMode};
pub use types::origin::{Origin, OriginError, Target, TargetError};
pub use types::query::{CommaList, CommaSet, QueryText, QueryTooLong};
pub use types::resource_kind::ResourceKind;
#[doc(inline)]
pub use types::scope::{InvalidScopes, Scope, ScopeRequirement, Scopes};
pub use types::secret::{KnownSecrets, Secret, SecretMatcher};
pub use types::text::Text;
pub use types::time::{Date, DatePrecision, RetryAfter, TimeError, Timestamp};
pub use types::uri::{Href, ImageUrl, LocalFile, ShortLink, ShortLinkError, SpotifyUri, WebUrl};
