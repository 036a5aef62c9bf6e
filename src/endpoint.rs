//! The trait of operations: it builds a request from parameters and reads a response into a typed result.

mod check;
mod json_body;
mod offset;
mod options;
mod pages;

pub(crate) use check::{Check, Measured, Size, max_items, max_limit, rule, rule_doc};
pub(crate) use json_body::JsonBody;
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

/// An operation with its parameters: builds the request, and reads the response to it.
///
/// The 96 operations of the reference are in [`api`](crate::api). An application can define its own:
///
/// ```
/// use spotify_proto::{Endpoint, Operation, Origin, ResponseRef, Target, DecodeError, http};
///
/// /// Counts the markets of Spotify.
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
    /// Result of a successful response.
    type Output;

    /// Operation without its parameters: id, method, route, scopes and quota mode.
    const OPERATION: Operation;

    /// Writes the path and the query of the request.
    fn target(&self, target: &mut Target);

    /// Returns the body of the request; empty by default.
    fn body(&self) -> Body {
        Body::Empty
    }

    /// Checks the parameters against the rules of the reference: ranges, numbers of items, empty lists and ids.
    ///
    /// The default implementation checks the path and the query that [`target`](Self::target) writes, as
    /// [`Target::error`] describes.
    ///
    /// # Errors
    ///
    /// [`RequestError`] for the first parameter that violates a rule.
    fn check(&self) -> Result<(), RequestError> {
        let mut target = Target::new();
        self.target(&mut target);
        target.error().map_or(Ok(()), |error| Err(RequestError::from_target(Self::OPERATION.id, error)))
    }

    /// Reads a successful response, which is one with any 2xx status.
    ///
    /// A response from a store has the header fields of the stored response. [`FromResponse`](crate::FromResponse) reads
    /// the models of this library.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] if the body cannot be read as the output.
    fn decode(&self, response: ResponseRef<'_>) -> Result<Self::Output, DecodeError>;

    /// Builds the request without authorization, which the session or the caller adds.
    ///
    /// This cannot fail: ids and bounded texts are checked when they are created, and all values are escaped.
    #[must_use]
    fn request(&self, origin: &Origin) -> Request<Vec<u8>> {
        let mut target = Target::below(origin);
        self.target(&mut target);
        build(const { &Self::OPERATION }, target.into_uri(origin), self.body())
    }

    /// Reads a response with any status: a successful one into the output, and every other one into an [`Error`].
    ///
    /// # Errors
    ///
    /// [`Error`], whose variants differ by what the caller does about them: [`Error::Decode`] if a successful response
    /// cannot be read, and another variant for a status other than 2xx.
    fn parse<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<Self::Output, Error> {
        response::success(&Self::OPERATION, response.into())?;
        self.decode(response.into()).map_err(Error::Decode)
    }

    /// Reads a response into a type of the caller, which may borrow from the body.
    ///
    /// It is intended for responses of which the caller needs only some fields.
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
    /// The same as for [`parse`](Self::parse).
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
    /// No body. A PUT or POST request has `Content-Length: 0`, without which the server responds with 411.
    Empty,
    /// JSON text, sent as `application/json`.
    Json(Vec<u8>),
    /// A JPEG image as base64 text, sent as `image/jpeg`.
    Jpeg(Vec<u8>),
}

/// Omits the bytes, which may be personal data.
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
    // An empty image is an empty body too.
    if is_empty && (*method == Method::POST || *method == Method::PUT) {
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    request
}

/// An endpoint whose response is one page of a list.
///
/// The next page has an endpoint of the same type. [`Pager`](crate::Pager) reads a complete list and reports whether the
/// server ended it early.
pub trait Paged: Endpoint + Sized {
    /// Type of the items; the page itself if it contains several lists.
    type Item;

    /// Returns the endpoint of the next page; `None` at the end of the list.
    ///
    /// A list ends if the server does not name a next page, if the page is empty, or if the cursor would not advance.
    /// The server has caused endless loops with pages of the last two kinds.
    fn next(&self, page: &Self::Output) -> Option<Self>;

    /// Returns the position of the page in its list, as the server states it.
    fn page_info(&self, page: &Self::Output) -> PageInfo;

    /// Returns the items of the page, without empty slots.
    fn items(page: Self::Output) -> Vec<Self::Item>;

    /// Returns the endpoint of the page after an empty one in the middle of the list.
    ///
    /// `None`, which is the default, if the position of that page is not known.
    fn skip(&self, page: &Self::Output) -> Option<Self> {
        let _ = page;
        None
    }
}

/// Declares an operation: id, method, route, output and rules, then its parameters in groups.
///
/// The first group is the path; `&` are required and `?` optional query parameters, `!` optional ones with the value
/// that is sent unless they are set; `+` are required and `+?` optional fields of a JSON body. In all groups except `!`,
/// `name: Type = "wire"` renames. A documented bound follows the type: `limit: u32 where range(1..=50, default 20)`;
/// it is documented, listed in `RULES` and checked, under the name of the field. `=> |endpoint, response| expression;`
/// replaces the reader of the output's type.
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
            /// Documented bounds of the parameters, which [`check`](crate::Endpoint::check) applies.
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
            #[allow(clippy::new_without_default, reason = "one way to make an endpoint")]
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
                crate::endpoint::JsonBody::new()
                    $($(.field(crate::endpoint::wire!($field $($field_wire)?), &self.$field))*)?
                    $($(.option(crate::endpoint::wire!($more $($more_wire)?), self.$more.as_ref()))*)?
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

/// Reads a response of a declared endpoint.
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
