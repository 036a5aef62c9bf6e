//! Markets, which are identified by country codes.

use std::fmt::{self, Display};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A country by its ISO 3166-1 alpha-2 code, or the country of the user's account.
///
/// ```
/// # use spotify_proto::Market;
/// let market: Market = "SE".parse()?;
/// assert_eq!(market.as_str(), "SE");
/// assert!("Sweden".parse::<Market>().is_err());
/// # Ok::<(), spotify_proto::MarketError>(())
/// ```
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Market([u8; 2]);

/// Error for a string that is not a country code.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected an ISO 3166-1 alpha-2 country code like SE, or from_token")]
#[non_exhaustive]
pub struct MarketError;

impl Market {
    /// The country of the user's account. The reference no longer documents the value, but the server still accepts it.
    pub const FROM_TOKEN: Self = Self(*b"__");

    /// Returns the code, or `from_token`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        if *self == Self::FROM_TOKEN {
            "from_token"
        } else {
            std::str::from_utf8(&self.0).unwrap_or_default()
        }
    }
}

impl std::str::FromStr for Market {
    type Err = MarketError;

    fn from_str(text: &str) -> Result<Self, MarketError> {
        match text.as_bytes() {
            b"from_token" => Ok(Self::FROM_TOKEN),
            &[a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err(MarketError),
        }
    }
}

impl Display for Market {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Market {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Market({self})")
    }
}

impl Serialize for Market {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Market {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wire::lenient::text(deserializer, str::parse)
    }
}
