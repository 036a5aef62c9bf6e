//! Strict parsing of handwritten responses in tests. A field that the library does not read is an error.
//!
//! The library ignores unknown fields because Spotify adds new fields every month. In a fixture, an unknown field is a
//! typo that could make a test pass for the wrong reason.

use serde::Serialize;
use serde_json::Value;
use spotify_proto::http::Response;
use spotify_proto::{DecodeError, Endpoint, FromResponse};

use crate::unread_fields::{self, UnreadFields};

/// Parses JSON text as the body of a successful response to an operation.
///
/// ```
/// use spotify_proto::api::GetTrack;
/// use spotify_proto_testing::fixture;
///
/// let track = fixture::parse::<GetTrack>(r#"{"name": "Night Ferry", "duration_ms": 121000}"#)?;
/// assert_eq!(track.duration_ms, Some(121_000));
/// let error = fixture::parse::<GetTrack>(r#"{"name": "Night Ferry", "duration": 121000}"#).expect_err("a typo");
/// assert!(error.to_string().contains("$.duration"));
/// # Ok::<(), fixture::FixtureError>(())
/// ```
///
/// # Errors
///
/// Returns a [`FixtureError`] if the text is not a valid response to the operation, or if it has a field that the
/// library does not read.
pub fn parse<E: Endpoint<Output: FromResponse + Serialize>>(json: &str) -> Result<E::Output, FixtureError> {
    let output = read::<E>(json)?;
    if let Ok(body) = serde_json::from_str::<Value>(json) {
        let again =
            |body: &Value| read::<E>(&body.to_string()).ok().and_then(|it| serde_json::to_value(&it).ok());
        let unread = unread_fields::find(&body, E::OPERATION.route, again);
        if !unread.is_empty() {
            return Err(FixtureError::Unread(unread));
        }
    }
    Ok(output)
}

fn read<E: Endpoint<Output: FromResponse>>(json: &str) -> Result<E::Output, DecodeError> {
    E::Output::from_response((&Response::new(json)).into())
}

/// Error of [`parse`].
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FixtureError {
    /// The text is not a valid response to the operation.
    #[error("could not decode the fixture")]
    Decode(#[from] DecodeError),
    /// The fixture has fields that the library does not read.
    #[error("the fixture has fields that the library does not read\n{0}")]
    Unread(UnreadFields),
}

#[cfg(test)]
mod tests {
    use spotify_proto::api::{GetAlbum, GetPlaylistItems};

    use super::*;

    #[test]
    fn a_fixture_without_typos_is_parsed() {
        let album =
            parse::<GetAlbum>(r#"{"name": "Night Ferry", "artists": [{"name": "The Quiet Harbour"}]}"#);
        assert_eq!(album.expect("an album").name, "Night Ferry");
        let items = r#"{"items": [{"item": {"type": "track", "name": "a"}, "is_local": false}], "total": 1}"#;
        assert_eq!(parse::<GetPlaylistItems>(items).expect("a page").items.len(), 1);
    }

    #[test]
    fn a_typo_at_any_depth_is_reported() {
        for (json, path) in [
            (r#"{"name": "a", "nmae": "b"}"#, "$.nmae"),
            (r#"{"name": "a", "artists": [{"name": "b", "uir": "c"}]}"#, "$.artists[*].uir"),
            (r#"{"name": "a", "total_tracks": "eleven"}"#, "$.total_tracks"),
        ] {
            let error = parse::<GetAlbum>(json).expect_err("a typo");
            assert!(matches!(error, FixtureError::Unread(_)) && error.to_string().contains(path), "{error}");
        }
        assert!(matches!(parse::<GetAlbum>("[1]"), Err(FixtureError::Decode(_))));
    }
}
