//! New releases, categories, featured playlists and recommendations, which are available only in extended quota mode.

use serde_json::{Value, json};

use super::Fake;
use super::api_request::{ApiRequest, base62};
use super::api_response::{ApiResponse, Caching};
use super::page::BASE;

/// Ids and names of the categories.
const CATEGORIES: &[(&str, &str)] = &[
    ("party", "Party"),
    ("0JQ5DAqbMKFQ00XGBls6ym", "Harbour"),
    ("toplists", "Top Lists"),
    ("0JQ5DAudkNjCgYMM0TZXDw", "Focus"),
];

/// Genres that are accepted as seeds of recommendations.
const GENRES: &[&str] = &["acoustic", "ambient", "folk", "jazz", "sea-shanty"];

/// Maximum number of seeds of all kinds.
const SEEDS_MAX: usize = 5;

/// `get-new-releases`: the albums of the catalogue, newest first.
pub(super) fn new_releases(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    let window = ask.window(20, 50)?;
    let mut albums: Vec<_> = view.catalogue.albums.iter().collect();
    albums.sort_by(|one, other| other.released.cmp(&one.released));
    let items = window.of(&albums).map(|album| view.album_brief(album)).collect();
    let page = ask.address("browse/new-releases", &[]).page(window, albums.len(), items);
    Ok(ApiResponse::ok(Caching::Browse, &json!({"albums": page})))
}

/// `get-featured-playlists`
pub(super) fn featured_playlists(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let body = json!({"message": "Songs for the shore", "playlists": playlists(fake, ask, "browse/featured-playlists")?});
    Ok(ApiResponse::ok(Caching::Browse, &body))
}

/// `get-a-categories-playlists`
pub(super) fn category_playlists(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let (id, name) = category_of(ask)?;
    let path = format!("browse/categories/{id}/playlists");
    let body = json!({"message": name, "playlists": playlists(fake, ask, &path)?});
    Ok(ApiResponse::ok(Caching::Browse, &body))
}

/// Returns a page of the public playlists.
fn playlists(fake: &Fake, ask: &ApiRequest<'_>, path: &str) -> Result<Value, ApiResponse> {
    let window = ask.window(20, 50)?;
    let public: Vec<_> = fake.playlists.0.iter().filter(|playlist| playlist.is_public).collect();
    let items = window.of(&public).map(|playlist| playlist.brief()).collect();
    Ok(ask.address(path, &["locale"]).page(window, public.len(), items))
}

/// `get-categories`
pub(super) fn categories(_: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let window = ask.window(20, 50)?;
    let items = window.of(CATEGORIES).map(|(id, name)| category_json(id, name)).collect();
    let page = ask.address("browse/categories", &["locale"]).page(window, CATEGORIES.len(), items);
    Ok(ApiResponse::ok(Caching::Browse, &json!({"categories": page})))
}

/// `get-a-category`
pub(super) fn category(_: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let (id, name) = category_of(ask)?;
    Ok(ApiResponse::ok(Caching::Browse, &category_json(id, name)))
}

fn category_of(ask: &ApiRequest<'_>) -> Result<(&'static str, &'static str), ApiResponse> {
    let found = CATEGORIES.iter().find(|(id, _)| *id == ask.param());
    found
        .copied()
        .ok_or_else(|| ApiResponse::error(http::StatusCode::NOT_FOUND, "Specified id doesn't exist"))
}

fn category_json(id: &str, name: &str) -> Value {
    json!({
        "href": format!("{BASE}/browse/categories/{id}"),
        "icons": [{"height": null, "url": format!("https://t.scdn.co/images/{id}.jpeg"), "width": null}],
        "id": id,
        "name": name,
    })
}

/// `get-recommendation-genres`
pub(super) fn genre_seeds(_: &mut Fake, _: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    Ok(ApiResponse::ok(Caching::Never, &json!({"genres": GENRES})))
}

/// `get-recommendations`: requires one to five seeds and ignores the tunable attributes.
pub(super) fn recommendations(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    let limit = ask.limit(20, 100)?;
    let artists = ids_of(ask, "seed_artists")?;
    let tracks = ids_of(ask, "seed_tracks")?;
    let genres = ask.list("seed_genres").unwrap_or_default();
    if !(1..=SEEDS_MAX).contains(&(artists.len() + tracks.len() + genres.len())) {
        return Err(ApiResponse::bad_request("invalid request"));
    }
    let pool = view.catalogue.tracks.len();
    let seed = |kind: &str, id: &str| {
        let family = kind.to_ascii_lowercase();
        let href = (kind != "GENRE").then(|| format!("{BASE}/{family}s/{id}"));
        // Spotify returns the type in upper case, unlike in the reference.
        json!({
            "afterFilteringSize": pool, "afterRelinkingSize": pool, "href": href, "id": id,
            "initialPoolSize": pool, "type": kind,
        })
    };
    let seeds = artists.iter().map(|id| seed("ARTIST", id));
    let seeds = seeds.chain(tracks.iter().map(|id| seed("TRACK", id)));
    let seeds: Vec<Value> = seeds.chain(genres.iter().map(|id| seed("GENRE", id))).collect();
    let recommended = view.catalogue.tracks.iter().filter(|track| !tracks.contains(&track.id.as_str()));
    let recommended: Vec<Value> = recommended.take(limit).map(|track| view.track(track)).collect();
    Ok(ApiResponse::ok(Caching::Never, &json!({"seeds": seeds, "tracks": recommended})))
}

fn ids_of<'a>(ask: &'a ApiRequest<'_>, name: &str) -> Result<Vec<&'a str>, ApiResponse> {
    ask.list(name).unwrap_or_default().into_iter().map(base62).collect()
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests {
    use http::StatusCode;

    use super::super::ids;
    use super::super::tests::{Client, header};

    fn client() -> Client {
        let mut client = Client::user();
        client.fake.extended(true);
        client
    }

    #[test]
    fn new_releases_begin_with_the_newest_album() {
        let mut client = client();
        let page = client.json("/v1/browse/new-releases?limit=50")["albums"].clone();
        let dates: Vec<_> = page["items"].as_array().into_iter().flatten().collect();
        let dates: Vec<_> = dates.iter().filter_map(|album| album["release_date"].as_str()).collect();
        assert_eq!(dates.len(), 33);
        assert!(dates.is_sorted_by(|one, other| one >= other));
        let response = client.get("/v1/browse/new-releases");
        assert_eq!(header(&response, "cache-control"), Some("private, max-age=600"));
    }

    #[test]
    fn categories_have_playlists() {
        let mut client = client();
        let page = client.json("/v1/browse/categories?limit=2");
        assert_eq!(page["categories"]["total"], 4);
        assert!(page["categories"]["next"].is_string());
        assert_eq!(client.json("/v1/browse/categories/party")["name"], "Party");
        let playlists = client.json("/v1/browse/categories/party/playlists");
        assert_eq!(playlists["playlists"]["items"][0]["id"], ids::PLAYLIST);
        assert_eq!(client.get("/v1/browse/categories/none").status(), StatusCode::NOT_FOUND);
        let featured = client.json("/v1/browse/featured-playlists");
        assert_eq!(featured["playlists"]["total"], 2);
    }

    #[test]
    fn recommendations_need_one_to_five_seeds() {
        let mut client = client();
        let seeds = format!("seed_tracks={}&seed_genres=folk", ids::TRACK);
        let body = client.json(&format!("/v1/recommendations?{seeds}&limit=7"));
        assert_eq!(body["tracks"].as_array().map(Vec::len), Some(7));
        assert_eq!((&body["seeds"][0]["type"], &body["seeds"][1]["href"]), (&"TRACK".into(), &().into()));
        for query in ["", "?seed_genres=a,b,c,d,e,f", "?seed_artists=x"] {
            let refused = client.get(&format!("/v1/recommendations{query}"));
            assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{query}");
        }
        assert!(client.json("/v1/recommendations/available-genre-seeds")["genres"][0].is_string());
    }
}
