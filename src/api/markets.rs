//! Markets.

use crate::endpoint::endpoint;
use crate::model::MarketList;

endpoint! {
    /// Gets the countries in which Spotify is available.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-available-markets).
    /// * Scopes: none.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode; there is no replacement")]
    "get-available-markets" GET "/v1/markets" => MarketList, extended_quota();
    GetAvailableMarkets {}
}
