//! JSON bodies of requests.

use serde::Serialize;

use super::Body;

/// A JSON object under construction.
///
/// An object without fields becomes an empty body, because a request to resume the playback with the body `{}` has
/// dropped the queue.
pub(crate) struct JsonBody(Vec<u8>);

impl JsonBody {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn field(mut self, name: &'static str, value: &impl Serialize) -> Self {
        self.0.extend_from_slice(if self.0.is_empty() { b"{\"" } else { b",\"" });
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b"\":");
        serde_json::to_writer(&mut self.0, value).expect("texts, numbers and lists are serializable");
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
