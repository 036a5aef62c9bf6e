//! Operations that return several objects by id, and an artist's top tracks and related artists. They are available
//! only in extended quota mode.

use http::StatusCode;
use serde_json::{Value, json};

use super::Fake;
use super::api_request::{ApiRequest, base62};
use super::api_response::{ApiResponse, Caching};
use super::json::{MARKETS, View};
use super::page::Address;

/// `get-multiple-albums`
pub(super) fn albums(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    each(ask, "albums", 20, |id| {
        let tracks = list_of(ask, "albums", id, "tracks");
        view.catalogue.album(id).map(|album| view.album(album, &tracks))
    })
}

/// `get-multiple-artists`
pub(super) fn artists(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    each(ask, "artists", 50, |id| view.catalogue.artist(id).map(|artist| view.artist(artist)))
}

/// `get-several-tracks`
pub(super) fn tracks(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    each(ask, "tracks", 50, |id| view.catalogue.track(id).map(|track| view.track(track)))
}

/// `get-multiple-shows`: simplified shows, or `null` if there is no market.
pub(super) fn shows(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    each(ask, "shows", 50, |id| in_market(view, view.catalogue.show(id)).map(|show| view.show_brief(show)))
}

/// `get-multiple-episodes`: episodes, or `null` if there is no market.
pub(super) fn episodes(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    each(ask, "episodes", 50, |id| {
        in_market(view, view.catalogue.episode(id)).map(|episode| view.episode(episode))
    })
}

/// `get-multiple-audiobooks`
pub(super) fn audiobooks(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    each(ask, "audiobooks", 50, |id| {
        let chapters = list_of(ask, "audiobooks", id, "chapters");
        view.catalogue.audiobook(id).map(|book| view.audiobook(book, &chapters))
    })
}

/// `get-several-chapters`
pub(super) fn chapters(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    each(ask, "chapters", 50, |id| view.catalogue.chapter(id).map(|chapter| view.chapter(chapter)))
}

/// `get-an-artists-top-tracks`: up to ten tracks.
pub(super) fn top_tracks(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    let artist = view.catalogue.artist(ask.id()?).ok_or_else(ApiResponse::not_found)?;
    let own = view.catalogue.tracks.iter().filter(|track| track.artists.contains(&artist.id));
    let tracks: Vec<Value> = own.take(10).map(|track| view.track(track)).collect();
    Ok(ApiResponse::ok(Caching::Public, &json!({"tracks": tracks})))
}

/// `get-an-artists-related-artists`: up to twenty artists.
pub(super) fn related_artists(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    let artist = view.catalogue.artist(ask.id()?).ok_or_else(ApiResponse::not_found)?;
    let others = view.catalogue.artists.iter().filter(|other| other.id != artist.id);
    let artists: Vec<Value> = others.take(20).map(|other| view.artist(other)).collect();
    Ok(ApiResponse::ok(Caching::Public, &json!({"artists": artists})))
}

/// `get-available-markets`
pub(super) fn markets(_: &mut Fake, _: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    Ok(ApiResponse::ok(Caching::Never, &json!({"markets": MARKETS})))
}

/// Returns a response with a list under `key`. The list contains one element per id, in the order of the ids, and
/// `null` for unknown ids.
pub(super) fn each(
    ask: &ApiRequest<'_>,
    key: &str,
    max: usize,
    find: impl Fn(&str) -> Option<Value>,
) -> Result<ApiResponse, ApiResponse> {
    let objects: Vec<Option<Value>> = ids(ask, max)?.into_iter().map(find).collect();
    let body = Value::Object([(key.to_owned(), json!(objects))].into_iter().collect());
    Ok(ApiResponse::json(StatusCode::OK, Caching::Public, &body))
}

/// Parses `ids` in the query, which must contain 1 to `max` base-62 ids.
fn ids<'a>(ask: &'a ApiRequest<'_>, max: usize) -> Result<Vec<&'a str>, ApiResponse> {
    let ids = ask.list("ids").filter(|ids| !ids.is_empty());
    let ids = ids.ok_or_else(|| ApiResponse::bad_request("Missing required field: ids"))?;
    if ids.len() > max {
        return Err(ApiResponse::bad_request("Too many ids requested"));
    }
    ids.into_iter().map(base62).collect()
}

fn in_market<T>(view: View<'_>, object: Option<T>) -> Option<T> {
    object.filter(|_| view.has_market)
}

fn list_of(ask: &ApiRequest<'_>, family: &str, id: &str, list: &str) -> Address {
    ask.address(format!("{family}/{id}/{list}"), &["market"])
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests {
    use http::StatusCode;
    use serde_json::json;

    use super::super::ids;
    use super::super::tests::{Client, message};

    #[test]
    fn objects_are_returned_in_the_order_of_their_ids_with_null_for_unknown_ids() {
        let mut client = Client::user();
        client.fake.extended(true);
        for (family, known) in [
            ("albums", ids::ALBUM),
            ("artists", ids::ARTIST),
            ("tracks", ids::TRACK),
            ("shows", ids::SHOW),
            ("episodes", ids::EPISODE),
            ("audiobooks", ids::AUDIOBOOK),
            ("chapters", ids::CHAPTER),
        ] {
            let body = client.json(&format!("/v1/{family}?ids={},{known}", ids::UNKNOWN));
            assert_eq!(body[family][0], json!(null), "{family}");
            assert_eq!(body[family][1]["id"], known, "{family}");
        }
    }

    #[test]
    fn too_many_ids_missing_ids_and_malformed_ids_are_refused() {
        let mut client = Client::user();
        client.fake.extended(true);
        let many = vec![ids::ALBUM; 21].join(",");
        for (target, text) in [
            ("/v1/albums".to_owned(), "Missing required field: ids"),
            (format!("/v1/albums?ids={many}"), "Too many ids requested"),
            ("/v1/albums?ids=short".to_owned(), "Invalid base62 id"),
        ] {
            let refused = client.get(&target);
            assert_eq!((refused.status(), message(&refused).as_str()), (StatusCode::BAD_REQUEST, text));
        }
    }

    #[test]
    fn shows_and_episodes_are_null_without_a_market() {
        let mut client = Client::app();
        client.fake.extended(true);
        let target = format!("/v1/shows?ids={}", ids::SHOW);
        assert_eq!(client.json(&target)["shows"], json!([null]));
        assert_eq!(client.json(&format!("{target}&market=IE"))["shows"][0]["id"], ids::SHOW);
    }
}
