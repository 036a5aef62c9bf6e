//! Search of the catalogue by words and filters.

use serde_json::{Map, Value};

use super::Fake;
use super::api_request::ApiRequest;
use super::api_response::{ApiResponse, Caching};
use super::json::View;
use super::page::Window;

/// The object types that can be searched for, with the keys of their pages in the response.
const TYPES: &[(&str, &str)] = &[
    ("album", "albums"),
    ("artist", "artists"),
    ("playlist", "playlists"),
    ("track", "tracks"),
    ("show", "shows"),
    ("episode", "episodes"),
    ("audiobook", "audiobooks"),
];

/// Maximum sum of `offset` and `limit`.
const REACH: usize = 1000;

/// `search`: one page for each requested type.
pub(super) fn search(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    // The addresses of further pages contain `query` instead of `q`.
    let text = ask.query("q").or_else(|| ask.query("query"));
    let text = text.ok_or_else(|| ApiResponse::bad_request("No search query"))?;
    let types = ask.list("type").ok_or_else(|| ApiResponse::bad_request("Missing parameter type"))?;
    let window = if view.is_extended { ask.window(20, 50)? } else { ask.window(5, 10)? };
    if window.offset.saturating_add(window.limit) > REACH {
        return Err(ApiResponse::bad_request("Bad request."));
    }
    let query = Query::parse(text);
    let mut pages = Map::new();
    for name in types {
        let known = TYPES.iter().find(|(known, _)| *known == name);
        let (kind, key) =
            known.ok_or_else(|| ApiResponse::bad_request(&format!("Bad search type field {name}")))?;
        pages.insert((*key).to_owned(), page(fake, view, ask, &query, window, kind, text));
    }
    Ok(ApiResponse::ok(Caching::Public, &Value::Object(pages)))
}

fn page(
    fake: &Fake,
    view: View<'_>,
    ask: &ApiRequest<'_>,
    query: &Query,
    window: Window,
    kind: &str,
    text: &str,
) -> Value {
    let all = found(fake, view, query, kind);
    let mut address = ask.address("search", &["market", "include_external"]);
    address.lead(&[("query", text), ("type", kind)]);
    let total = all.len().min(REACH);
    address.page(window, total, window.of(&all).cloned().collect())
}

/// Returns all objects of a kind that match the query.
fn found(fake: &Fake, view: View<'_>, query: &Query, kind: &str) -> Vec<Value> {
    let catalogue = view.catalogue;
    let artist = |id: &str| catalogue.artist(id).map_or("", |it| it.name.as_str());
    let mut found: Vec<Value> = match kind {
        "album" => {
            let is_match = |it: &&super::data::Album| {
                query.is_match(&[
                    ("album", &it.name),
                    ("artist", artist(&it.artist)),
                    ("year", it.released.get(..4).unwrap_or_default()),
                    ("upc", &it.upc),
                ])
            };
            catalogue.albums.iter().filter(is_match).map(|it| view.album_brief(it)).collect()
        }
        "artist" => {
            let is_match = |it: &&super::data::Artist| {
                query.is_match(&[("artist", &it.name), ("genre", &it.genres.join(" "))])
            };
            catalogue.artists.iter().filter(is_match).map(|it| view.artist(it)).collect()
        }
        "track" => {
            let is_match = |it: &&super::data::Track| {
                let artists = it.artists.iter().map(|id| artist(id)).collect::<Vec<_>>().join(" ");
                let album = catalogue.album(&it.album);
                query.is_match(&[
                    ("track", &it.name),
                    ("artist", &artists),
                    ("album", album.map_or("", |it| &it.name)),
                    ("year", album.and_then(|it| it.released.get(..4)).unwrap_or_default()),
                    ("isrc", &it.isrc),
                ])
            };
            catalogue.tracks.iter().filter(is_match).map(|it| view.track(it)).collect()
        }
        "playlist" => {
            let public =
                fake.playlists.0.iter().filter(|it| it.is_public && query.is_match(&[("", &it.name)]));
            public.map(|it| it.brief()).collect()
        }
        "show" => {
            let shows = catalogue.shows.iter().filter(|it| query.is_match(&[("", &it.name)]));
            shows.map(|it| view.show_brief(it)).collect()
        }
        "episode" => {
            let episodes = catalogue.episodes.iter().filter(|it| query.is_match(&[("", &it.name)]));
            episodes.map(|it| view.episode_brief(it)).collect()
        }
        _ => {
            let is_match = |it: &&super::data::Audiobook| query.is_match(&[("", &it.name), ("", it.author)]);
            catalogue.audiobooks.iter().filter(is_match).map(|it| view.audiobook_brief(it)).collect()
        }
    };
    match kind {
        // Spotify's own playlists are replaced by `null`.
        "playlist" if !found.is_empty() => found.insert(1, Value::Null),
        // Shows and episodes are `null` if there is no market.
        "show" | "episode" if !view.has_market => found.fill(Value::Null),
        _ => {}
    }
    found
}

/// The words and filters in `q`.
#[derive(Debug)]
struct Query {
    words: Vec<String>,
    filters: Vec<(String, String)>,
}

impl Query {
    fn parse(text: &str) -> Self {
        let (mut words, mut filters) = (Vec::new(), Vec::new());
        let mut term = String::new();
        let mut is_quoted = false;
        // The appended space ends the last term.
        for letter in text.to_lowercase().chars().chain([' ']) {
            match letter {
                '"' => is_quoted = !is_quoted,
                ' ' if !is_quoted => {
                    let term = std::mem::take(&mut term);
                    match term.split_once(':') {
                        Some((name, value)) => filters.push((name.to_owned(), value.to_owned())),
                        None if term.is_empty() => {}
                        None => words.push(term),
                    }
                }
                letter => term.push(letter),
            }
        }
        if !term.is_empty() {
            words.push(term.trim_end().to_owned());
        }
        Self { words, filters }
    }

    /// Returns whether every word occurs in any of the fields, and whether every filter matches the field with its
    /// name. A year filter may be a range.
    fn is_match(&self, fields: &[(&str, &str)]) -> bool {
        let fields: Vec<_> = fields.iter().map(|(name, text)| (*name, text.to_lowercase())).collect();
        let has_word = |word: &String| fields.iter().any(|(_, text)| text.contains(word));
        let passes = |(filter, value): &(String, String)| {
            let mut field = fields.iter().filter(|(name, _)| name == filter);
            match value.split_once('-').filter(|_| filter == "year") {
                Some((from, to)) => field.any(|(_, year)| (from..=to).contains(&year.as_str())),
                None => field.any(|(_, text)| text.contains(value)),
            }
        };
        self.words.iter().all(has_word) && self.filters.iter().all(passes)
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests {
    use http::StatusCode;
    use serde_json::json;

    use super::super::ids;
    use super::super::tests::{Client, message};

    #[test]
    fn the_response_contains_a_page_for_each_type() {
        let mut client = Client::app();
        let found = client.json("/v1/search?q=letters%20tide&type=album,track&limit=10&market=IE");
        assert_eq!(found["albums"]["items"][0]["id"], ids::ALBUM);
        // A track is also found by the name of its album.
        assert_eq!((&found["tracks"]["total"], found.get("artists")), (&json!(11), None));
        let next = found["tracks"]["next"].as_str().expect("a second page");
        assert_eq!(
            next,
            "https://api.spotify.com/v1/search?offset=10&limit=10&query=letters%20tide&type=track&market=IE"
        );
        let next = client.json(next.strip_prefix("https://api.spotify.com").expect("absolute"));
        assert_eq!(next["tracks"]["items"].as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn filters_narrow_the_search() {
        let mut client = Client::app();
        let total = |client: &mut Client, q: &str| {
            client.json(&format!("/v1/search?type=album&q={q}"))["albums"]["total"].clone()
        };
        assert_eq!(total(&mut client, "artist:%22Harbour+Choir%22+year:1990-1999"), 1);
        assert_eq!(total(&mut client, "harbours+artist:lanterns"), 0);
    }

    #[test]
    fn lists_contain_null_elements() {
        let mut client = Client::app();
        let found = client.json("/v1/search?q=a&type=playlist,show");
        assert_eq!(found["playlists"]["items"][1], json!(null));
        assert!(found["shows"]["items"].as_array().is_some_and(|all| all.iter().all(|show| show.is_null())));
    }

    #[test]
    fn invalid_searches_are_refused() {
        let mut client = Client::app();
        for (query, text) in [
            ("type=album", "No search query"),
            ("q=a&type=albums", "Bad search type field albums"),
            ("q=a&type=album&limit=11", "Invalid limit"),
            ("q=a&type=album&offset=1000", "Bad request."),
        ] {
            let refused = client.get(&format!("/v1/search?{query}"));
            assert_eq!((refused.status(), message(&refused).as_str()), (StatusCode::BAD_REQUEST, text));
        }
    }
}
