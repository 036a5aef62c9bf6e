//! The cover of a playlist: a JPEG picture that travels as base64 text.

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
use crate::types::origin::Target;
use crate::types::scope::Scope;

/// Replaces the cover of a playlist.
///
/// It has a rate limit of its own.
///
/// [Reference](https://developer.spotify.com/documentation/web-api/reference/upload-custom-playlist-cover).
/// Scopes: `ugc-image-upload`, and `playlist-modify-public` or `playlist-modify-private`, as the playlist is.
/// The response is empty.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
#[must_use = "an endpoint does nothing until its request is sent"]
#[non_exhaustive]
pub struct UploadPlaylistCover {
    /// Path parameter `playlist_id`.
    pub playlist_id: PlaylistId,
    /// Image to send. It must be a JPEG file, by its first three bytes.
    pub image: CoverImage,
}

impl UploadPlaylistCover {
    setters! { RULES [] }

    /// Creates the call with its required parameters.
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
        target.path(Self::OPERATION.route, &[self.playlist_id.as_str()]);
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

/// The bytes `FF D8 FF` as base64: three bytes are four digits.
const JPEG_START: &str = "/9j/";

/// A JPEG picture as base64 text, at most 256 KB of it: about 190 KB of picture.
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

/// A picture that cannot be a cover.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CoverError {
    /// More than Spotify takes, which is counted after base64.
    #[error("{len} bytes as base64, more than the {max} that Spotify takes")]
    TooLong {
        /// Length of the base64 text.
        len: usize,
        /// The greatest length.
        max: usize,
    },
    /// A text that begins with `data:`; only what follows its comma is the picture.
    #[error("a data URL instead of the base64 text in it")]
    DataUrl,
    /// A text that is no base64; a line break at the end is enough.
    #[error("no base64 text: wrong at byte {at}")]
    NotBase64 {
        /// Where the first wrong byte is.
        at: usize,
    },
}

impl CoverImage {
    /// The greatest length, in bytes of base64 text.
    pub const MAX: usize = 256 * 1024;

    /// Takes the bytes of a JPEG file.
    ///
    /// # Errors
    ///
    /// [`CoverError::TooLong`].
    pub fn from_jpeg(bytes: impl AsRef<[u8]>) -> Result<Self, CoverError> {
        Self::bounded(BASE64_STANDARD.encode(bytes))
    }

    /// Takes a JPEG file that is base64 text already.
    ///
    /// # Errors
    ///
    /// Any [`CoverError`].
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

    /// The base64 text.
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
