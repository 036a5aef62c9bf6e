//! Markets.

use crate::endpoint::endpoint;
use crate::model::MarketList;

endpoint! {
    /// Gets the countries where Spotify is available.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-available-markets).
    /// * Scopes: none.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode, without a replacement")]
    "get-available-markets" GET "/v1/markets" => MarketList, extended_quota();
    GetAvailableMarkets {}
}
