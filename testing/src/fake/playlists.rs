//! Playlists, their items, and access to them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde_json::{Value, json};

use super::Fake;
use super::api_request::{ApiRequest, Caller, member};
use super::api_response::{ApiResponse, Caching};
use super::data::{Catalogue, id, pseudo_random};
use super::fields;
use super::ids;
use super::json::{View, images, link, with};
use super::library::timestamp;
use super::page::{Address, BASE, Window};
use super::profile::owner;
use crate::time;

/// Number of items on the page embedded in a playlist, and the maximum `limit` of `get-playlists-items`.
pub(super) const PAGE: usize = 100;

/// All playlists.
#[derive(Clone, Debug)]
pub(super) struct Playlists(pub(super) Vec<Playlist>);

#[derive(Clone, Debug)]
pub(super) struct Playlist {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) is_public: bool,
    pub(super) is_collaborative: bool,
    pub(super) owner: &'static str,
    pub(super) entries: Vec<Entry>,
    /// Number of changes so far.
    pub(super) version: u32,
    /// Number of covers uploaded so far; 0 means that the cover is a mosaic of album covers.
    pub(super) cover: usize,
}

/// An item and the time at which it was added.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) at: SystemTime,
    pub(super) item: Item,
}

/// An item of a playlist.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Item {
    Track(String),
    Episode(String),
    /// A local file, with artist, title, and duration in seconds.
    Local(&'static str, &'static str, usize),
    /// An item that is no longer available.
    Gone,
}

impl Item {
    pub(super) fn uri(&self) -> Option<String> {
        match self {
            Self::Track(id) => Some(format!("spotify:track:{id}")),
            Self::Episode(id) => Some(format!("spotify:episode:{id}")),
            Self::Local(artist, title, seconds) => {
                let part = |text: &str| text.to_lowercase().replace(' ', "+");
                Some(format!("spotify:local:{}::{}:{seconds}", part(artist), part(title)))
            }
            Self::Gone => None,
        }
    }
}

impl Playlists {
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let tracks = |skip: usize, step: usize| {
            catalogue.tracks.iter().skip(skip).step_by(step).map(|track| Item::Track(track.id.clone()))
        };
        let mut mixed: Vec<_> = tracks(0, 1).take(114).collect();
        mixed.insert(1, Item::Episode(ids::EPISODE.to_owned()));
        mixed.insert(4, Item::Local("Kitchen Radio", "Kettle and Rain", 233));
        mixed.insert(9, Item::Gone);
        let playlist = |id: &str, name: &str, owner, items: Vec<Item>| Playlist {
            id: id.to_owned(),
            name: name.to_owned(),
            description: Some("Songs for &quot;later&quot;".to_owned()),
            is_public: true,
            is_collaborative: false,
            owner,
            entries: (0_u64..).zip(items).map(|(n, item)| Entry { at: long_ago(n), item }).collect(),
            version: 1,
            cover: 0,
        };
        let private = tracks(20, 7).take(3).collect();
        Self(vec![
            playlist(ids::PLAYLIST, "Lamps Along the Shore", ids::USER, mixed),
            Playlist {
                is_public: false,
                description: Some(String::new()),
                ..playlist(ids::PRIVATE_PLAYLIST, "Drafts", ids::USER, private)
            },
            playlist(
                ids::FOREIGN_PLAYLIST,
                "Harbour at Night",
                ids::OTHER_USER,
                tracks(40, 2).take(12).collect(),
            ),
        ])
    }

    pub(super) fn find(&self, id: &str) -> Option<&Playlist> {
        self.0.iter().find(|it| it.id == id)
    }

    /// Creates an empty playlist of the user. Does not add it to the list of playlists.
    pub(super) fn draft(&self, name: &str) -> Playlist {
        Playlist {
            id: id("playlist", self.0.len()),
            name: name.to_owned(),
            description: None,
            is_public: true,
            is_collaborative: false,
            owner: ids::USER,
            entries: Vec::new(),
            version: 0,
            cover: 0,
        }
    }
}

/// Returns the time at which the `n`-th item was added. One item was added per hour, starting on 1 May 2026.
fn long_ago(n: u64) -> SystemTime {
    time::after(UNIX_EPOCH, Duration::from_secs(1_777_593_600 + n * 3600))
}

impl Playlist {
    /// Returns the snapshot id of the current version, which consists of a number and a digest and is opaque to
    /// clients.
    pub(super) fn snapshot(&self) -> String {
        self.snapshot_of(self.version)
    }

    /// Returns the snapshot id of the given version.
    pub(super) fn snapshot_of(&self, version: u32) -> String {
        let digest = pseudo_random(&self.id, usize::try_from(version).unwrap_or(0)).take(20);
        STANDARD.encode(version.to_be_bytes().into_iter().chain(digest).collect::<Vec<_>>())
    }

    /// Returns whether the playlist is visible to the caller.
    fn is_visible(&self, ask: &ApiRequest<'_>) -> bool {
        self.is_public || self.is_own(ask)
    }

    pub(super) fn is_own(&self, ask: &ApiRequest<'_>) -> bool {
        self.owner == ids::USER && matches!(ask.who, Caller::User(_))
    }

    pub(super) fn images(&self) -> Value {
        match (self.cover, self.entries.is_empty()) {
            (0, true) => json!([]),
            (0, false) => images(&self.id),
            (n, _) => {
                let picture = super::data::hex("cover", &format!("{}{n}", self.id), 24);
                let url = format!("https://image-cdn-fa.spotifycdn.com/image/ab67706c0000bebb{picture}");
                json!([{"height": null, "url": url, "width": null}])
            }
        }
    }

    /// Returns the playlist as an element of a list.
    pub(super) fn brief(&self) -> Value {
        let count = |list: &str| {
            let href = format!("{BASE}/playlists/{}/{list}", self.id);
            json!({"href": href, "total": self.entries.len()})
        };
        // Both names are present in both quota modes.
        with(self.head(), json!({"items": count("items"), "tracks": count("tracks")}))
    }

    /// Returns the playlist, including the first page of its items if the caller may access them.
    pub(super) fn full(&self, view: View<'_>, ask: &ApiRequest<'_>) -> Value {
        let window = Window::first(PAGE);
        let mut body = with(self.head(), json!({"followers": {"href": null, "total": 8}}));
        if view.is_extended || self.is_own(ask) {
            body = with(body, json!({"items": self.page(view, ask, window, "items")}));
        }
        if view.is_extended {
            body = with(body, json!({"tracks": self.page(view, ask, window, "tracks")}));
        }
        body
    }

    fn head(&self) -> Value {
        with(
            link("playlist", &self.id),
            json!({
                "collaborative": self.is_collaborative,
                "description": self.description,
                "images": self.images(),
                "name": self.name,
                "owner": owner(self.owner),
                "primary_color": null,
                "public": self.is_public,
                "snapshot_id": self.snapshot(),
            }),
        )
    }

    fn page(&self, view: View<'_>, ask: &ApiRequest<'_>, window: Window, list: &str) -> Value {
        let items = window.of(&self.entries).map(|entry| self.entry(entry, view, ask)).collect();
        let path = format!("playlists/{}/{list}", self.id);
        let address: Address = ask.address(path, &["additional_types", "fields", "market"]);
        address.page(window, self.entries.len(), items)
    }

    fn entry(&self, entry: &Entry, view: View<'_>, ask: &ApiRequest<'_>) -> Value {
        let item = playable(&entry.item, view, ask);
        let body = json!({
            "added_at": timestamp(entry.at),
            "added_by": link("user", self.owner),
            "is_local": matches!(entry.item, Item::Local(..)),
            "item": item,
            "primary_color": null,
            "video_thumbnail": {"url": null},
        });
        if view.is_extended { with(body, json!({"track": item})) } else { body }
    }
}

/// Returns the JSON object of an item.
fn playable(item: &Item, view: View<'_>, ask: &ApiRequest<'_>) -> Value {
    let knows_episodes = ask.list("additional_types").is_some_and(|types| types.contains(&"episode"));
    match item {
        Item::Track(id) => {
            let track = view.catalogue.track(id).map(|track| view.track(track));
            track.map_or(Value::Null, |track| with(track, json!({"episode": false, "track": true})))
        }
        Item::Episode(id) => {
            let episode = view.catalogue.episode(id).map(|episode| view.episode(episode));
            episode.map_or(Value::Null, |episode| match knows_episodes {
                true => with(episode, json!({"episode": true, "track": false})),
                false => pseudo_track(&episode),
            })
        }
        Item::Local(artist, title, seconds) => local_file(artist, title, *seconds, item, view),
        Item::Gone => Value::Null,
    }
}

/// Returns an episode as an incomplete track, which is the form used if the request does not include episodes.
fn pseudo_track(episode: &Value) -> Value {
    let show = member(episode, "show");
    json!({
        "album": {
            "album_type": null, "artists": [], "external_urls": show["external_urls"], "href": show["href"],
            "id": show["id"], "images": episode["images"], "name": show["name"], "release_date": null,
            "release_date_precision": null, "type": "show", "uri": show["uri"],
        },
        "artists": [{
            "external_urls": show["external_urls"], "href": show["href"], "id": show["id"],
            "name": "", "type": "show", "uri": show["uri"],
        }],
        "disc_number": 0, "duration_ms": episode["duration_ms"], "episode": true, "explicit": false,
        "external_ids": {}, "external_urls": episode["external_urls"], "href": episode["href"],
        "id": episode["id"], "is_local": false, "is_playable": true, "name": episode["name"],
        "preview_url": null, "track": true, "track_number": 0, "type": "episode", "uri": episode["uri"],
    })
}

fn local_file(artist: &str, title: &str, seconds: usize, item: &Item, view: View<'_>) -> Value {
    let body = json!({
        "album": {
            "album_type": null, "artists": [], "external_urls": {}, "href": null, "id": null, "images": [],
            "name": "", "release_date": null, "release_date_precision": null, "type": "album", "uri": null,
        },
        "artists": [
            {"external_urls": {}, "href": null, "id": null, "name": artist, "type": "artist", "uri": null},
        ],
        "disc_number": 0, "duration_ms": seconds * 1000, "explicit": false, "external_ids": {},
        "external_urls": {}, "href": null, "id": null, "is_local": true, "name": title, "preview_url": null,
        "track_number": 0, "type": "track", "uri": item.uri(),
    });
    if view.is_extended { with(body, json!({"popularity": 0, "available_markets": []})) } else { body }
}

/// `get-playlist`
pub(super) fn playlist(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    let playlist = visible(fake, ask)?;
    let body = fields::filter(playlist.full(view, ask), ask.query("fields"));
    Ok(ApiResponse::ok(Caching::Public, &body))
}

/// `get-playlists-items`: available only to owners and collaborators.
pub(super) fn items(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    items_as(fake, ask, "items")
}

/// `get-playlists-tracks`: the old name of `get-playlists-items`.
pub(super) fn tracks(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    items_as(fake, ask, "tracks")
}

fn items_as(fake: &Fake, ask: &ApiRequest<'_>, list: &str) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    let playlist = visible(fake, ask)?;
    if !view.is_extended && !playlist.is_own(ask) {
        return Err(ApiResponse::forbidden());
    }
    if matches!(ask.who, Caller::User(_)) {
        ask.need_any(&["playlist-read-private"])?;
    }
    let page = playlist.page(view, ask, ask.window(20, PAGE)?, list);
    Ok(ApiResponse::ok(Caching::Public, &fields::filter(page, ask.query("fields"))))
}

/// `get-a-list-of-current-users-playlists`: own and followed playlists, with `null` in place of a playlist by Spotify.
pub(super) fn mine(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let window = ask.window(20, 50)?;
    let own = fake.playlists.0.iter().filter(|it| it.is_own(ask));
    let followed = fake.library.ids("playlist").filter_map(|id| fake.playlists.find(id));
    let followed = followed.filter(|it| !it.is_own(ask));
    let mut all: Vec<_> = own.chain(followed).map(|it| it.brief()).collect();
    all.insert(1.min(all.len()), Value::Null);
    let page = ask.address("me/playlists", &[]).page(window, all.len(), window.of(&all).cloned().collect());
    Ok(ApiResponse::ok(Caching::PublicByUser, &page))
}

/// `get-playlist-cover`
pub(super) fn cover(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    Ok(ApiResponse::ok(Caching::Public, &visible(fake, ask)?.images()))
}

fn visible<'f>(fake: &'f Fake, ask: &ApiRequest<'_>) -> Result<&'f Playlist, ApiResponse> {
    let playlist = fake.playlists.find(ask.id()?).filter(|it| it.is_visible(ask));
    playlist.ok_or_else(ApiResponse::not_found)
}

/// Returns the response to a change, which contains the snapshot id of the new version.
pub(super) fn snapshot(status: StatusCode, playlist: &Playlist) -> ApiResponse {
    ApiResponse::json(status, Caching::Never, &json!({"snapshot_id": playlist.snapshot()}))
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests {
    use http::StatusCode;
    use serde_json::json;

    use super::super::ids;
    use super::super::tests::{Client, message, walk};

    #[test]
    fn the_owner_of_a_playlist_gets_every_kind_of_item() {
        let mut client = Client::user();
        let path = format!("/v1/playlists/{}", ids::PLAYLIST);
        let (items, pages) =
            walk(&mut client, &format!("{path}/items?limit=50&additional_types=track,episode"));
        assert_eq!((items.len(), pages), (117, 3));
        assert_eq!(items[1]["item"]["show"]["id"], ids::SHOW);
        assert_eq!((&items[4]["is_local"], &items[4]["item"]["id"]), (&json!(true), &json!(null)));
        assert_eq!(items[9]["item"], json!(null));
        assert_eq!(items[0].get("track"), None);
        let playlist = client.json(&path);
        assert_eq!(playlist["items"]["items"].as_array().map(Vec::len), Some(100));
        assert_eq!(playlist["items"]["total"], 117);
        // Without `additional_types`, an episode has the form of an incomplete track.
        let pseudo = &playlist["items"]["items"][1]["item"];
        assert_eq!((&pseudo["type"], &pseudo["track"]), (&json!("episode"), &json!(true)));
    }

    #[test]
    fn the_items_of_another_users_playlist_are_omitted() {
        let mut client = Client::user();
        let path = format!("/v1/playlists/{}", ids::FOREIGN_PLAYLIST);
        let playlist = client.json(&path);
        assert_eq!((playlist["owner"]["id"].as_str(), playlist.get("items")), (Some(ids::OTHER_USER), None));
        assert_eq!(playlist["owner"]["uri"], "spotify:user:harbour%23keeper");
        let refused = client.get(&format!("{path}/items"));
        assert_eq!(refused.body(), br#"{"error": {"status": 403, "message": "Forbidden" } }"#);
    }

    #[test]
    fn the_items_have_both_names_in_extended_quota_mode() {
        let mut client = Client::user();
        let path = format!("/v1/playlists/{}/tracks", ids::PLAYLIST);
        assert_eq!(client.get(&path).status(), StatusCode::FORBIDDEN);
        client.fake.extended(true);
        let page = client.json(&path);
        assert_eq!(page["items"][0]["track"]["id"], page["items"][0]["item"]["id"]);
        let playlist = client.json(&format!("/v1/playlists/{}", ids::FOREIGN_PLAYLIST));
        assert_eq!((&playlist["items"]["total"], &playlist["tracks"]["total"]), (&json!(12), &json!(12)));
    }

    #[test]
    fn a_private_playlist_is_not_found_with_an_application_token() {
        let path = format!("/v1/playlists/{}", ids::PRIVATE_PLAYLIST);
        let refused = Client::app().get(&path);
        assert_eq!(
            (refused.status(), message(&refused).as_str()),
            (StatusCode::NOT_FOUND, "Resource not found")
        );
        assert_eq!(Client::user().json(&path)["public"], false);
    }

    #[test]
    fn the_list_of_playlists_contains_null() {
        let (lists, _) = walk(&mut Client::user(), "/v1/me/playlists?limit=2");
        let ids: Vec<_> = lists.iter().map(|list| list["id"].as_str()).collect();
        assert_eq!(
            ids,
            [Some(ids::PLAYLIST), None, Some(ids::PRIVATE_PLAYLIST), Some(ids::FOREIGN_PLAYLIST)]
        );
    }

    #[test]
    fn the_fields_parameter_selects_fields() {
        let path =
            format!("/v1/playlists/{}?fields=name,items(items(item(name)),total)", ids::PRIVATE_PLAYLIST);
        let playlist = Client::user().json(&path);
        assert_eq!(playlist.as_object().map(serde_json::Map::len), Some(2));
        assert_eq!(playlist["items"]["total"], 3);
        assert_eq!(playlist["items"]["items"][0]["item"].as_object().map(serde_json::Map::len), Some(1));
    }
}
