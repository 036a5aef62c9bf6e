//! Operations of the reference, apart from their parameters.

use http::Method;

use crate::types::scope::{Scope, ScopeRequirement, Scopes};

/// An operation of the Web API, apart from its parameters.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// The operation's name in the reference: `get-an-album`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path with its placeholders, `/v1/albums/{id}`; also a label for logs and metrics.
    pub route: &'static str,
    /// Scopes that the user must have granted, and those that add to the response.
    pub scopes: ScopeRequirement,
    /// Which applications may call the operation.
    pub quota_mode: QuotaMode,
    /// True if the request may be sent again when the first answer was lost.
    pub idempotent: bool,
    /// True if the operation's rate limit says nothing about others.
    pub has_separate_rate_limit: bool,
    /// Reads that an endpoint of the application outdates.
    pub(crate) invalidates: &'static [&'static Self],
}

impl Operation {
    /// An operation that needs no scope, is open to every application and, unless it is a POST, may be repeated.
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

    /// Requires all of the first scopes, and at least one of the second.
    #[must_use]
    pub const fn all_and_any(self, all: &'static [Scope], any: &'static [Scope]) -> Self {
        self.all(all).any(any)
    }

    /// Works without these scopes, each of which adds to the response.
    #[must_use]
    pub const fn optional(mut self, scopes: &'static [Scope]) -> Self {
        self.scopes.optional = scopes;
        self
    }

    /// Gone for applications in development mode.
    #[must_use]
    pub const fn extended_quota(mut self) -> Self {
        self.quota_mode = QuotaMode::Extended;
        self
    }

    /// Must not be sent twice on a guess, whatever its method.
    #[must_use]
    pub const fn not_idempotent(mut self) -> Self {
        self.idempotent = false;
        self
    }

    /// Has a rate limit of its own.
    #[must_use]
    pub const fn has_separate_rate_limit(mut self) -> Self {
        self.has_separate_rate_limit = true;
        self
    }

    /// Declares the reads whose stored responses are outdated after this operation.
    #[must_use]
    pub const fn invalidates(mut self, operations: &'static [&'static Self]) -> Self {
        self.invalidates = operations;
        self
    }

    /// Returns whether the operation acts for a user, so that the application's own token cannot call it.
    #[must_use]
    pub fn requires_user(&self) -> bool {
        let is_write = self.method != Method::GET && !(self.scopes.all.is_empty() && self.scopes.any.is_empty());
        self.route.starts_with("/v1/me/") || self.route == "/v1/me" || is_write
    }

    /// All scopes that the operation may need; of alternatives all.
    pub(crate) fn required_scopes(&self) -> Scopes {
        self.scopes.all.iter().chain(self.scopes.any).cloned().collect()
    }

    /// Returns whether the reference marks the operation as deprecated: exactly those that development mode lost.
    #[must_use]
    pub fn is_deprecated(&self) -> bool {
        self.quota_mode == QuotaMode::Extended
    }
}

impl Scopes {
    /// Returns the fewest scopes with which all of these operations can be called.
    ///
    /// If an operation requires one of several scopes, this takes the one that serves most of the other operations
    /// too. Check whether your use of the operation requires another one: private playlists have their own scope.
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

    /// Returns the scopes of [`for_operations`](Self::for_operations), and the optional scopes of the operations
    /// after them.
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

/// Which applications may call an operation.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum QuotaMode {
    /// Every application.
    Any,
    /// Only applications in extended quota mode: gone for development mode since February 2026, or earlier.
    Extended,
}
