//! JSON request bodies.

use serde::Serialize;

use super::Body;
use crate::types::uri::SpotifyUri;

/// A JSON object under construction.
///
/// An object without fields becomes an empty body, because the server has been observed to clear the queue if a request
/// to resume playback has the body `{}`.
pub(crate) struct JsonBody(Vec<u8>);

impl JsonBody {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn field(self, name: &'static str, value: &impl Serialize) -> Self {
        self.name(name).value(value)
    }

    fn name(mut self, name: &'static str) -> Self {
        self.0.extend_from_slice(if self.0.is_empty() { b"{\"" } else { b",\"" });
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b"\":");
        self
    }

    fn value(mut self, value: &impl Serialize) -> Self {
        serde_json::to_writer(&mut self.0, value).expect("texts, numbers and lists should be serializable");
        self
    }

    pub(crate) fn option(self, name: &'static str, value: Option<&impl Serialize>) -> Self {
        match value {
            Some(value) => self.field(name, value),
            None => self,
        }
    }

    pub(crate) fn finish(mut self) -> Body {
        if self.0.is_empty() {
            return Body::Empty;
        }
        self.0.push(b'}');
        Body::Json(self.0)
    }
}

/// A required field.
///
/// Lists of URIs, which are the longest values in requests, are serialized with a single allocation. URIs in the plain
/// form are not searched for characters to escape.
pub(crate) struct Field<'a, T>(pub(crate) &'a T);

/// Length of a URI in the plain form, including its quotation marks and comma, rounded up.
const URI_LEN: usize = 44;

impl Field<'_, Vec<SpotifyUri>> {
    pub(crate) fn add_to(self, mut body: JsonBody, name: &'static str) -> JsonBody {
        body.0.reserve_exact(name.len() + URI_LEN * (1 + self.0.len()));
        body = body.name(name);
        body.0.push(b'[');
        for (index, uri) in self.0.iter().enumerate() {
            if index > 0 {
                body.0.push(b',');
            }
            body = match uri.unescaped() {
                Some([start, id]) => {
                    [b"\"", start, id, b"\""].iter().for_each(|part| body.0.extend_from_slice(part));
                    body
                }
                None => body.value(uri),
            };
        }
        body.0.push(b']');
        body
    }
}

/// Serialization of fields of any other type. The compiler prefers inherent methods to trait methods.
pub(crate) trait Serialized {
    fn add_to(self, body: JsonBody, name: &'static str) -> JsonBody;
}

impl<T: Serialize> Serialized for Field<'_, T> {
    fn add_to(self, body: JsonBody, name: &'static str) -> JsonBody {
        body.field(name, self.0)
    }
}
