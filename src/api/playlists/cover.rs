//! The cover of a playlist: a JPEG image that is sent as base64 text.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::Method;
use serde::{Deserialize, Deserializer, Serialize};

use super::MODIFY;
use crate::endpoint::{Body, Check, Endpoint, Size, setters};
use crate::error::{DecodeError, RequestError, RequestRule};
use crate::response::{FromResponse, ResponseRef};
use crate::types::id::PlaylistId;
use crate::types::operation::Operation;
use crate::types::origin::{Route, Target};
use crate::types::scope::Scope;

/// Replaces the cover of a playlist.
///
/// The operation has a separate rate limit. Fails with 413 if the image is too large; the server has been observed to
/// reject a file of 191 KB. Fails with 403 if the user is not allowed to change the playlist. The response body is
/// empty.
///
/// * [Reference](https://developer.spotify.com/documentation/web-api/reference/upload-custom-playlist-cover).
/// * Scopes: `ugc-image-upload`, and `playlist-modify-public` or `playlist-modify-private`, depending on whether the
///   playlist is public.
/// * Quota mode: any.
/// * Limits: at most 256 KiB of base64 text (about 190 KB of JPEG data), which [`CoverImage`] enforces.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
#[must_use = "an endpoint does nothing until its request is sent"]
#[non_exhaustive]
pub struct UploadPlaylistCover {
    /// Path parameter `playlist_id`.
    pub playlist_id: PlaylistId,
    /// Image to send, which must start with the bytes `FF D8 FF` of a JPEG file.
    pub image: CoverImage,
}

impl UploadPlaylistCover {
    setters! { RULES [] }

    /// Creates the endpoint from its required parameters.
    pub fn new(playlist_id: impl Into<PlaylistId>, image: impl Into<CoverImage>) -> Self {
        Self { playlist_id: playlist_id.into(), image: image.into() }
    }
}

impl Endpoint for UploadPlaylistCover {
    type Output = ();

    const OPERATION: Operation =
        Operation::new("upload-custom-playlist-cover", Method::PUT, "/v1/playlists/{playlist_id}/images")
            .all_and_any(&[Scope::UgcImageUpload], MODIFY)
            .has_separate_rate_limit();

    fn target(&self, target: &mut Target) {
        target.route(const { &Route::of(Self::OPERATION) }, [self.playlist_id.as_str()]);
    }

    fn body(&self) -> Body {
        Body::Jpeg(self.image.0.as_bytes().to_vec())
    }

    fn check(&self) -> Result<(), RequestError> {
        let check = Check::new(Self::OPERATION.id, Self::RULES);
        check.parameter("playlist_id", &self.playlist_id)?;
        check.size("image", Size::of_text(self.image.as_str()))?;
        let is_jpeg = self.image.as_str().starts_with(JPEG_START);
        if is_jpeg { Ok(()) } else { Err(check.error("image", "", RequestRule::NotJpeg)) }
    }

    fn decode(&self, response: ResponseRef<'_>) -> Result<(), DecodeError> {
        FromResponse::from_response(response)
    }
}

/// The bytes `FF D8 FF`, with which every JPEG file starts, encoded as base64.
const JPEG_START: &str = "/9j/";

/// A JPEG image as base64 text of at most 256 KiB (about 190 KB of JPEG data).
///
/// ```
/// use spotify_proto::api::CoverImage;
///
/// let image = CoverImage::from_jpeg([0xff, 0xd8, 0xff, 0xd9])?;
/// assert_eq!(image, CoverImage::from_base64("/9j/2Q==")?);
/// assert!(CoverImage::from_base64("data:image/jpeg;base64,/9j/2Q==").is_err());
/// assert!(CoverImage::from_base64("/9j/2Q==\n").is_err());
/// # Ok::<(), spotify_proto::api::CoverError>(())
/// ```
#[derive(Clone, Eq, Hash, PartialEq, Serialize)]
pub struct CoverImage(Box<str>);

/// Error for an image that cannot be used as a cover.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CoverError {
    /// The base64 text is longer than the maximum.
    #[error("expected at most {max} bytes of base64 text, got {len}")]
    TooLong {
        /// Length of the base64 text in bytes.
        len: usize,
        /// Maximum length in bytes.
        max: usize,
    },
    /// The text is a data URL. Only the part after the comma is the image.
    #[error("expected base64 text, got a data URL")]
    DataUrl,
    /// The text is not valid base64. A trailing line break is also an error.
    #[error("invalid base64 text at byte {at}")]
    NotBase64 {
        /// Offset of the first invalid byte, or the length of the text if the padding is invalid.
        at: usize,
    },
}

impl CoverImage {
    /// Maximum length of the base64 text, in bytes.
    pub const MAX: usize = 256 * 1024;

    /// Creates an image from the bytes of a JPEG file.
    ///
    /// # Errors
    ///
    /// Returns [`CoverError::TooLong`] if the base64 text is longer than [`MAX`](Self::MAX).
    pub fn from_jpeg(bytes: impl AsRef<[u8]>) -> Result<Self, CoverError> {
        Self::bounded(BASE64_STANDARD.encode(bytes))
    }

    /// Creates an image from the base64 text of a JPEG file.
    ///
    /// # Errors
    ///
    /// Returns [`CoverError`] if the text is too long, is a data URL, or is not padded base64.
    pub fn from_base64(text: impl Into<Box<str>>) -> Result<Self, CoverError> {
        let text = text.into();
        if text.starts_with("data:") {
            return Err(CoverError::DataUrl);
        }
        let digits = text.trim_end_matches('=');
        let wrong = digits.bytes().position(|it| !(it.is_ascii_alphanumeric() || it == b'+' || it == b'/'));
        let is_padded = text.len() % 4 == 0 && text.len() - digits.len() <= 2;
        match wrong {
            Some(at) => Err(CoverError::NotBase64 { at }),
            None if !is_padded => Err(CoverError::NotBase64 { at: text.len() }),
            None => Self::bounded(text),
        }
    }

    /// Returns the base64 text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn bounded(text: impl Into<Box<str>>) -> Result<Self, CoverError> {
        let (text, max) = (text.into(), Self::MAX);
        let len = text.len();
        if len <= max { Ok(Self(text)) } else { Err(CoverError::TooLong { len, max }) }
    }
}

impl fmt::Debug for CoverImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CoverImage({} bytes of base64)", self.0.len())
    }
}

impl<'de> Deserialize<'de> for CoverImage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_base64(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
