//! Keys of stored entries.

use std::fmt::{self, Display};

use http::Method;

use crate::endpoint::Endpoint;
use crate::types::language::Language;
use crate::types::operation::Operation;
use crate::types::origin::Target;

/// The key of an entry in a store. It consists of the partition, the path and query of the request, and the language if
/// the call has one.
///
/// The partition is a user's id, or a name for the application itself. It is required because Spotify marks many
/// responses that depend on the user as `public`, and RFC 9111 §4.1 distinguishes variants by `Vary` alone. The market
/// of a response is the `market` parameter of the request, which is part of the query, or the country of the user if
/// the parameter is absent. An application that requests data for several countries without `market` should include the
/// country in the partition.
///
/// ```
/// # use spotify_proto::{api::GetTrack, cache::Key, TrackId};
/// let track: TrackId = "6rqhFgbbKwnb9MLmUQDhG6".parse()?;
/// let key = Key::new(&GetTrack::new(track), "app");
/// assert_eq!(key.as_str(), "app /v1/tracks/6rqhFgbbKwnb9MLmUQDhG6");
/// # Ok::<(), spotify_proto::IdError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Key {
    text: Box<str>,
    operation: &'static str,
}

impl Key {
    /// Creates the key for the response to an endpoint in one partition: a user's id, or a name for the application
    /// itself. For a call with a language, use [`Call::key`](crate::Call::key).
    ///
    /// Only responses to a GET are stored. Creating a key for any other operation does not compile:
    ///
    /// ```compile_fail
    /// # use spotify_proto::{api::SkipToNext, cache::Key};
    /// let key = Key::new(&SkipToNext::new(), "app");
    /// ```
    #[must_use]
    pub fn new<E: Endpoint>(endpoint: &E, partition: impl Display) -> Self {
        const { assert!(is_get(const { &E::OPERATION }), "only responses to a GET can be stored") };
        let mut target = Target::new();
        endpoint.target(&mut target);
        Self::of(partition, E::OPERATION.id, target.as_str(), None)
    }

    /// Creates the key for a GET of this target. A target begins with a slash, and neither a target nor a language
    /// contains a space.
    pub(crate) fn of(
        partition: impl Display,
        operation: &'static str,
        target: &str,
        language: Option<&Language>,
    ) -> Self {
        let text = match language {
            Some(language) => format!("{partition} {target} {language}"),
            None => format!("{partition} {target}"),
        };
        Self { text: text.into(), operation }
    }

    /// Returns the key as a string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the [`id`](Operation::id) of the operation. A store that groups its entries by operation can remove the
    /// entries that a write [invalidates](Operation::invalidated).
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Returns the path and query of the request.
    pub(crate) fn target(&self) -> &str {
        let mut parts = self.text.rsplit(' ');
        parts.find(|part| part.starts_with('/')).unwrap_or_default()
    }

    pub(crate) fn has_language(&self) -> bool {
        !self.text.rsplit(' ').next().unwrap_or_default().starts_with('/')
    }
}

const fn is_get(operation: &Operation) -> bool {
    matches!(operation.method, Method::GET)
}

impl Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}
