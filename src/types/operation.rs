//! Descriptions of the operations in the reference, without their parameters.

use http::Method;

use crate::types::scope::{Scope, ScopeRequirement, Scopes};

/// A Web API operation, without its parameters.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// The operation's name in the reference: `get-an-album`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path with its placeholders, `/v1/albums/{id}`; also a label for logs and metrics.
    pub route: &'static str,
    /// Scopes that the operation requires, and optional scopes that add data to the response.
    pub scopes: ScopeRequirement,
    /// Quota mode that an application requires to call the operation.
    pub quota_mode: QuotaMode,
    /// True if the request can be sent again after its response was lost.
    pub idempotent: bool,
    /// True if the operation has a rate limit that does not apply to other operations.
    pub has_separate_rate_limit: bool,
    /// Operations whose stored responses are outdated after this operation. Only the operations of custom endpoints use
    /// this field.
    pub(crate) invalidates: &'static [&'static Self],
}

impl Operation {
    /// Creates an operation that requires no scope, is available to every application, and is idempotent unless it is a
    /// POST.
    #[must_use]
    pub const fn new(id: &'static str, method: Method, route: &'static str) -> Self {
        let idempotent = !matches!(method, Method::POST);
        Self {
            id,
            method,
            route,
            scopes: ScopeRequirement::NONE,
            quota_mode: QuotaMode::Any,
            idempotent,
            has_separate_rate_limit: false,
            invalidates: &[],
        }
    }

    /// Requires all of these scopes.
    #[must_use]
    pub const fn all(mut self, scopes: &'static [Scope]) -> Self {
        self.scopes.all = scopes;
        self
    }

    /// Requires at least one of these scopes; which one depends on the parameters.
    #[must_use]
    pub const fn any(mut self, scopes: &'static [Scope]) -> Self {
        self.scopes.any = scopes;
        self
    }

    /// Requires all scopes in `all` and at least one scope in `any`.
    #[must_use]
    pub const fn all_and_any(self, all: &'static [Scope], any: &'static [Scope]) -> Self {
        self.all(all).any(any)
    }

    /// Declares optional scopes: the operation works without them, and each adds data to the response.
    #[must_use]
    pub const fn optional(mut self, scopes: &'static [Scope]) -> Self {
        self.scopes.optional = scopes;
        self
    }

    /// Restricts the operation to applications in extended quota mode.
    #[must_use]
    pub const fn extended_quota(mut self) -> Self {
        self.quota_mode = QuotaMode::Extended;
        self
    }

    /// Declares that the request must not be sent again after a lost response, even if its method is idempotent.
    #[must_use]
    pub const fn not_idempotent(mut self) -> Self {
        self.idempotent = false;
        self
    }

    /// Declares that the operation has a separate rate limit.
    #[must_use]
    pub const fn has_separate_rate_limit(mut self) -> Self {
        self.has_separate_rate_limit = true;
        self
    }

    /// Declares the read operations whose stored responses are outdated after this operation.
    #[must_use]
    pub const fn invalidates(mut self, operations: &'static [&'static Self]) -> Self {
        self.invalidates = operations;
        self
    }

    /// Returns whether the operation acts on behalf of a user and therefore requires a user's access token.
    #[must_use]
    pub fn requires_user(&self) -> bool {
        let is_write =
            self.method != Method::GET && !(self.scopes.all.is_empty() && self.scopes.any.is_empty());
        self.route.starts_with("/v1/me/") || self.route == "/v1/me" || is_write
    }

    /// Returns all scopes that the operation may require, including every alternative.
    pub(crate) fn required_scopes(&self) -> Scopes {
        self.scopes.all.iter().chain(self.scopes.any).cloned().collect()
    }

    /// Returns whether the reference marks the operation as deprecated. The deprecated operations are exactly those
    /// that are unavailable in development mode.
    #[must_use]
    pub fn is_deprecated(&self) -> bool {
        self.quota_mode == QuotaMode::Extended
    }
}

impl Scopes {
    /// Returns a small set of scopes that is sufficient to call all of these operations.
    ///
    /// If an operation requires one of several scopes, the result contains the scope that most of the other operations
    /// require as well. Check whether your use of the operation requires a different scope: private playlists, for
    /// example, have a separate scope.
    ///
    /// ```
    /// # use spotify_proto::{Endpoint, Scopes, api::{GetAlbum, GetSavedTracks}};
    /// let scopes = Scopes::for_operations(&[&GetAlbum::OPERATION, &GetSavedTracks::OPERATION]);
    /// assert_eq!(scopes.to_string(), "user-library-read");
    /// ```
    #[must_use]
    pub fn for_operations(operations: &[&Operation]) -> Self {
        Self::fewest(operations.iter().map(|operation| &operation.scopes))
    }

    /// Returns the scopes of [`for_operations`](Self::for_operations), followed by the optional scopes of the
    /// operations.
    ///
    /// ```
    /// # use spotify_proto::{Endpoint, Scopes, api::GetSavedEpisodes};
    /// let scopes = Scopes::for_operations_with_optional(&[&GetSavedEpisodes::OPERATION]);
    /// assert_eq!(scopes.to_string(), "user-library-read user-read-playback-position");
    /// ```
    #[must_use]
    pub fn for_operations_with_optional(operations: &[&Operation]) -> Self {
        let mut scopes = Self::for_operations(operations);
        scopes.extend(operations.iter().flat_map(|operation| operation.scopes.optional).cloned());
        scopes
    }
}

/// Quota mode that an application requires to call an operation.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum QuotaMode {
    /// Available to every application.
    Any,
    /// Available only to applications in extended quota mode. Development mode has not included the operation since
    /// February 2026 or earlier.
    Extended,
}
