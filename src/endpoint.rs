//! The [`Endpoint`] trait, which builds the request of an operation and decodes the response into a typed result.

mod check;
mod json_body;
mod offset;
mod options;
mod pages;

pub(crate) use check::{Check, Measured, Size, max_items, max_limit, rule, rule_doc};
pub(crate) use json_body::{Field, JsonBody, Serialized};
pub use offset::{OffsetPaged, Remaining};
pub(crate) use offset::{Span, span_after};
pub(crate) use options::{setters, wire};
pub(crate) use pages::{
    batches, embedded_pages, first_offset_after, next_cursor, next_offset, offset_pages, skipped_offset,
};

use std::fmt::{self, Debug};

use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, Uri};
use serde::Deserialize;

use crate::error::{DecodeError, Error, RequestError};
use crate::model::PageInfo;
use crate::response::{self, ResponseRef};
use crate::types::operation::Operation;
use crate::types::origin::{Origin, Target};

/// An operation with its parameters, which builds the request and decodes the response.
///
/// [`api`](crate::api) contains the 96 operations of the reference. An application can define its own endpoints:
///
/// ```
/// use spotify_proto::{Endpoint, Operation, Origin, ResponseRef, Target, DecodeError, http};
///
/// /// Counts the markets in which Spotify is available.
/// struct CountMarkets;
///
/// impl Endpoint for CountMarkets {
///     type Output = usize;
///     const OPERATION: Operation = Operation::new("count-markets", http::Method::GET, "/v1/markets");
///     fn target(&self, target: &mut Target) {
///         target.path("/v1/markets", &[]);
///     }
///     fn decode(&self, response: ResponseRef<'_>) -> Result<usize, DecodeError> {
///         #[derive(serde::Deserialize)]
///         struct Markets { markets: Vec<String> }
///         spotify_proto::from_json::<Markets>(response.body()).map(|it| it.markets.len())
///     }
/// }
///
/// let request = CountMarkets.request(&Origin::api());
/// assert_eq!(request.uri(), "https://api.spotify.com/v1/markets");
/// let response = http::Response::new(r#"{"markets":["SE","NO"]}"#);
/// assert_eq!(CountMarkets.parse(&response)?, 2);
/// # Ok::<(), spotify_proto::Error>(())
/// ```
pub trait Endpoint: Send + Sync + 'static {
    /// Type of the result of a successful response.
    type Output;

    /// Description of the operation: id, method, route, scopes and quota mode.
    const OPERATION: Operation;

    /// Writes the path and the query of the request.
    fn target(&self, target: &mut Target);

    /// Returns the body of the request; empty by default.
    fn body(&self) -> Body {
        Body::Empty
    }

    /// Checks the parameters against the rules of the reference: ranges, item counts, and non-empty lists and ids. By
    /// default, there are no rules.
    ///
    /// # Errors
    ///
    /// Returns [`RequestError`] for the first parameter that violates a rule.
    fn check(&self) -> Result<(), RequestError> {
        Ok(())
    }

    /// Decodes a successful response, which is a response with any 2xx status.
    ///
    /// The header fields of a response from a cache store are those of the stored response. To decode a model of this
    /// library, use [`FromResponse`](crate::FromResponse).
    ///
    /// # Errors
    ///
    /// Returns [`DecodeError`] if the body cannot be decoded as the output.
    fn decode(&self, response: ResponseRef<'_>) -> Result<Self::Output, DecodeError>;

    /// Builds the request without checking the parameters. The session or the caller adds the authorization.
    ///
    /// This cannot fail, because all values are escaped. A part of the target that cannot be written, which only a
    /// custom endpoint can have, is left out; [`try_request`](Self::try_request) returns an error instead.
    #[must_use]
    fn request(&self, origin: &Origin) -> Request<Vec<u8>> {
        let mut target = Target::below(origin);
        self.target(&mut target);
        build(const { &Self::OPERATION }, target.into_uri(origin), self.body())
    }

    /// Checks the parameters and builds the request, as a [`Call`](crate::Call) does.
    ///
    /// ```
    /// # use spotify_proto::{Endpoint, Origin, api::GetSavedTracks};
    /// let request = GetSavedTracks::new().limit(50).try_request(&Origin::api())?;
    /// assert_eq!(request.uri(), "https://api.spotify.com/v1/me/tracks?limit=50");
    /// assert!(GetSavedTracks::new().limit(51).try_request(&Origin::api()).is_err());
    /// # Ok::<(), spotify_proto::RequestError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`RequestError`] for the first parameter that violates a rule ([`check`](Self::check)) or that cannot be
    /// written to the target ([`Target::error`]).
    fn try_request(&self, origin: &Origin) -> Result<Request<Vec<u8>>, RequestError> {
        self.check()?;
        let mut target = Target::below(origin);
        self.target(&mut target);
        RequestError::check_target(Self::OPERATION.id, &target)?;
        Ok(build(const { &Self::OPERATION }, target.into_uri(origin), self.body()))
    }

    /// Reads a response with any status: returns the output for a 2xx status, and an [`Error`] for any other status.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Decode`] if a 2xx response cannot be decoded, and another variant of [`Error`] for any other
    /// status.
    fn parse<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<Self::Output, Error> {
        response::success(&Self::OPERATION, response.into())?;
        self.decode(response.into()).map_err(Error::Decode)
    }

    /// Decodes a response into a type chosen by the caller, which may borrow from the body.
    ///
    /// This is useful if the caller needs only some fields of the response.
    ///
    /// ```
    /// # use spotify_proto::{Endpoint, api::GetAlbum, http};
    /// #[derive(serde::Deserialize)]
    /// struct Name<'a> { name: &'a str }
    ///
    /// let get = GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<spotify_proto::AlbumId>()?);
    /// let response = http::Response::new(r#"{"name": "Night Ferry", "more": 1}"#);
    /// assert_eq!(get.parse_as::<Name, _>(&response)?.name, "Night Ferry");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`parse`](Self::parse).
    fn parse_as<'a, U: Deserialize<'a>, B: AsRef<[u8]>>(
        &self,
        response: &'a Response<B>,
    ) -> Result<U, Error> {
        response::success(&Self::OPERATION, response.into())?;
        response::from_json(response.body().as_ref()).map_err(Error::Decode)
    }
}

/// Body of a request.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub enum Body {
    /// No body. PUT and POST requests have `Content-Length: 0`, because the server otherwise responds with 411.
    Empty,
    /// JSON text, sent as `application/json`.
    Json(Vec<u8>),
    /// A JPEG image as base64 text, sent as `image/jpeg`.
    Jpeg(Vec<u8>),
}

/// Omits the bytes, which may contain personal data.
impl Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Json(body) => write!(f, "Json({} bytes)", body.len()),
            Self::Jpeg(body) => write!(f, "Jpeg({} bytes)", body.len()),
        }
    }
}

/// Builds a request from its parts.
pub(crate) fn build(operation: &Operation, uri: Uri, body: Body) -> Request<Vec<u8>> {
    let method = &operation.method;
    let (content_type, body) = match body {
        Body::Empty => (None, Vec::new()),
        Body::Json(body) => (Some("application/json"), body),
        Body::Jpeg(body) => (Some("image/jpeg"), body),
    };
    let is_empty = body.is_empty();
    let mut request = Request::new(body);
    *request.method_mut() = method.clone();
    *request.uri_mut() = uri;
    if let Some(content_type) = content_type {
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    // An empty image also results in an empty body.
    if is_empty && (*method == Method::POST || *method == Method::PUT) {
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    request
}

/// An endpoint whose response is one page of a list.
///
/// The endpoint of the next page has the same type. [`Pager`](crate::Pager) reads a complete list and reports whether
/// the server ended the list early.
pub trait Paged: Endpoint + Sized {
    /// Type of the items; the page itself if it contains several lists.
    type Item;

    /// Returns the endpoint of the next page, or `None` at the end of the list.
    ///
    /// The list ends if the page does not link to a next page, if the page is empty, or if the position would not
    /// advance. The last two conditions prevent endless loops, which the server has been observed to cause.
    fn next(&self, page: &Self::Output) -> Option<Self>;

    /// Returns the position of the page in the list, as stated by the server.
    fn page_info(&self, page: &Self::Output) -> PageInfo;

    /// Returns the items of the page, without empty slots.
    fn items(page: Self::Output) -> Vec<Self::Item>;

    /// Returns the endpoint of the page after an empty page in the middle of the list.
    ///
    /// Returns `None` if the position of the following page is unknown. The default implementation always returns
    /// `None`.
    fn skip(&self, page: &Self::Output) -> Option<Self> {
        let _ = page;
        None
    }
}

/// Declares an operation: id, method, route, output and rules, followed by groups of parameters.
///
/// The first group contains the path parameters. The other groups are:
///
/// * `&`: required query parameters
/// * `?`: optional query parameters
/// * `!`: optional query parameters with a value that is sent if they are not set
/// * `+`: required fields of a JSON body
/// * `+?`: optional fields of a JSON body
///
/// In all groups except `!`, `name: Type = "wire"` sets the name on the wire. A documented bound follows the type, as
/// in `limit: u32 where range(1..=50, default 20)`. The bound is documented, listed in `RULES` and checked under the
/// name of the field. `=> |endpoint, response| expression;` replaces the default decoding of the output.
macro_rules! endpoint {
    (
        $(#[$doc:meta])*
        $id:literal $method:ident $route:literal => $output:ty $(, $rule:ident($($value:expr)?))*;
        $(=> |$this:ident, $response:ident| $decode:expr;)?
        $name:ident { $($path:ident: $path_type:ty),* $(,)? }
        $(& { $(
            $need:ident: $need_type:ty
                $(where $need_rule:ident($($need_bound:tt)*))? $(= $need_wire:literal)?
        ),* $(,)? })?
        $(? { $(
            $(#[$opt_doc:meta])* $opt:ident: $opt_type:ty
                $(where $opt_rule:ident($($opt_bound:tt)*))? $(= $opt_wire:literal)?
        ),* $(,)? })?
        $(! { $($(#[$def_doc:meta])* $def:ident: $def_type:ty = $default:literal),* $(,)? })?
        $(+ { $(
            $field:ident: $field_type:ty
                $(where $field_rule:ident($($field_bound:tt)*))? $(= $field_wire:literal)?
        ),* $(,)? })?
        $(+? { $($(#[$more_doc:meta])* $more:ident: $more_type:ty $(= $more_wire:literal)?),* $(,)? })?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, PartialEq, serde::Deserialize, serde::Serialize)]
        #[serde(deny_unknown_fields)]
        #[must_use = "an endpoint does nothing until its request is sent"]
        #[non_exhaustive]
        pub struct $name {
            $(
                #[doc = concat!("Path parameter `", stringify!($path), "`.")]
                pub $path: $path_type,
            )*
            $($(
                #[doc = concat!("Required query parameter `", crate::endpoint::wire!($need $($need_wire)?), "`.")]
                $(#[doc = ""] #[doc = crate::endpoint::rule_doc!($need_rule($($need_bound)*))])?
                $(#[serde(rename = $need_wire)])?
                pub $need: $need_type,
            )*)?
            $($(
                #[doc = concat!("Query parameter, set by [`", stringify!($opt), "`](method@Self::", stringify!($opt), ").")]
                #[serde($(rename = $opt_wire,)? default, skip_serializing_if = "Option::is_none")]
                pub $opt: Option<$opt_type>,
            )*)?
            $($(
                #[doc = concat!("Query parameter, set by [`", stringify!($def), "`](method@Self::", stringify!($def), ").")]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $def: Option<$def_type>,
            )*)?
            $($(
                #[doc = concat!("Required field `", crate::endpoint::wire!($field $($field_wire)?), "` of the body.")]
                $(#[doc = ""] #[doc = crate::endpoint::rule_doc!($field_rule($($field_bound)*))])?
                $(#[serde(rename = $field_wire)])?
                pub $field: $field_type,
            )*)?
            $($(
                #[doc = concat!("Field of the body, set by [`", stringify!($more), "`](method@Self::", stringify!($more), ").")]
                #[serde($(rename = $more_wire,)? default, skip_serializing_if = "Option::is_none")]
                pub $more: Option<$more_type>,
            )*)?
        }

        impl $name {
            /// Documented bounds of the parameters, which [`check`](crate::Endpoint::check) enforces.
            pub const RULES: &'static [crate::error::ParameterRule] = &[
                $($($(crate::error::ParameterRule::new(
                    stringify!($need),
                    crate::endpoint::rule!($need_rule($($need_bound)*)),
                ),)?)*)?
                $($($(crate::error::ParameterRule::new(
                    stringify!($opt),
                    crate::endpoint::rule!($opt_rule($($opt_bound)*)),
                ),)?)*)?
                $($($(crate::error::ParameterRule::new(
                    stringify!($field),
                    crate::endpoint::rule!($field_rule($($field_bound)*)),
                ),)?)*)?
            ];

            /// Creates the endpoint from its required parameters.
            #[allow(clippy::new_without_default, reason = "`new` is the only constructor")]
            pub fn new(
                $($path: impl Into<$path_type>,)*
                $($($need: impl Into<$need_type>,)*)?
                $($($field: impl Into<$field_type>,)*)?
            ) -> Self {
                Self {
                    $($path: $path.into(),)*
                    $($($need: $need.into(),)*)?
                    $($($field: $field.into(),)*)?
                    $($($opt: None,)*)?
                    $($($def: None,)*)?
                    $($($more: None,)*)?
                }
            }

            crate::endpoint::setters! {
                $($($(#[$opt_doc])* $opt: $opt_type $(where $opt_rule($($opt_bound)*))?,)*)?
                $($($(#[$def_doc])* $def: $def_type,)*)?
                $($($(#[$more_doc])* $more: $more_type,)*)?
            }
        }

        impl crate::endpoint::Endpoint for $name {
            type Output = $output;

            const OPERATION: crate::types::operation::Operation =
                crate::types::operation::Operation::new($id, http::Method::$method, $route)$(.$rule($($value)?))*;

            fn target(&self, target: &mut crate::types::origin::Target) {
                #[allow(unused_imports, reason = "not every operation has such values")]
                use crate::types::origin::{Displayed as _, Route, Value};
                target.route(const { &Route::new($route) }, [$(self.$path.as_str()),*]);
                $($(Value(&self.$need).add(crate::endpoint::wire!($need $($need_wire)?), target);)*)?
                $($(if let Some(value) = &self.$opt {
                    Value(value).add(crate::endpoint::wire!($opt $($opt_wire)?), target);
                })*)?
                $($(match &self.$def {
                    Some(value) => target.query(stringify!($def), value),
                    None => target.query(stringify!($def), $default),
                })*)?
            }

            fn body(&self) -> crate::endpoint::Body {
                #[allow(unused_imports, reason = "not every operation has such fields")]
                use crate::endpoint::{Field, Serialized as _};
                let body = crate::endpoint::JsonBody::new();
                $($(let body = Field(&self.$field).add_to(body, crate::endpoint::wire!($field $($field_wire)?));)*)?
                body$($(.option(crate::endpoint::wire!($more $($more_wire)?), self.$more.as_ref()))*)?
                    .finish()
            }

            fn check(&self) -> Result<(), crate::error::RequestError> {
                #[allow(unused_variables, reason = "not every operation has parameters")]
                let check = crate::endpoint::Check::new($id, Self::RULES);
                $(check.parameter(stringify!($path), &self.$path)?;)*
                $($(check.parameter(crate::endpoint::wire!($need $($need_wire)?), &self.$need)?;)*)?
                $($(check.option(crate::endpoint::wire!($opt $($opt_wire)?), self.$opt.as_ref())?;)*)?
                $($(check.option(stringify!($def), self.$def.as_ref())?;)*)?
                $($(check.parameter(crate::endpoint::wire!($field $($field_wire)?), &self.$field)?;)*)?
                $($(check.option(crate::endpoint::wire!($more $($more_wire)?), self.$more.as_ref())?;)*)?
                Ok(())
            }

            fn decode(
                &self,
                response: crate::response::ResponseRef<'_>,
            ) -> Result<Self::Output, crate::error::DecodeError> {
                crate::endpoint::decode!(self, response $(, |$this, $response| $decode)?)
            }
        }
    };
}
pub(crate) use endpoint;

/// Decodes a response to an endpoint that is declared by `endpoint!`.
macro_rules! decode {
    ($endpoint:expr, $received:expr) => {
        crate::response::FromResponse::from_response($received)
    };
    ($endpoint:expr, $received:expr, |$this:ident, $response:ident| $decode:expr) => {{
        let ($this, $response) = ($endpoint, $received);
        $decode
    }};
}
pub(crate) use decode;
