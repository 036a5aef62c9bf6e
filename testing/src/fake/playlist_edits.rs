//! Changes to playlists.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use http::header::LOCATION;
use serde_json::{Value, json};

use super::Fake;
use super::api_request::{ApiRequest, base62, member};
use super::api_response::{ApiResponse, Caching};
use super::library::done;
use super::page::BASE;
use super::playlists::{Entry, Item, Playlist, snapshot};

/// Maximum number of items per request.
const ITEMS_MAX: usize = 100;

/// Maximum size of a base64-encoded cover image, in bytes.
const COVER_MAX: usize = 256 * 1024;

/// `create-playlist`
pub(super) fn create(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let details = Details::read(&ask.json()?)?;
    let name = details.name.as_deref().filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| ApiResponse::bad_request("Missing required field: name"))?;
    may_modify(ask, details.is_public.unwrap_or(true))?;
    let mut playlist = fake.playlists.draft(name);
    details.kept_public(fake).apply(&mut playlist)?;
    let body = playlist.full(fake.view(ask)?, ask);
    let location = format!("{BASE}/playlists/{}", playlist.id);
    // The newest playlist comes first.
    fake.playlists.0.insert(0, playlist);
    Ok(ApiResponse::json(StatusCode::CREATED, Caching::Never, &body).header(LOCATION, &location))
}

/// `change-playlist-details`
pub(super) fn change(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let details = Details::read(&ask.json()?)?;
    let details = details.kept_public(fake);
    details.apply(own(fake, ask)?)?;
    Ok(done())
}

/// `add-items-to-playlist`
pub(super) fn add(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let mut body = ask.json_or_list()?;
    if body.is_array() {
        // spotipy sends the URIs as a plain list.
        body = json!({"uris": body});
    }
    let items =
        named(fake, ask, &body)?.ok_or_else(|| ApiResponse::bad_request("Missing required field: uris"))?;
    let position = match (ask.query("position"), member(&body, "position")) {
        (Some(text), _) => Some(text.parse().map_err(|_| ApiResponse::bad_request("Bad request."))?),
        (None, Value::Null) => None,
        (None, value) => Some(index(value)?),
    };
    let playlist = own(fake, ask)?;
    let end = playlist.entries.len();
    let at = position.unwrap_or(end);
    if at > end {
        return Err(ApiResponse::bad_request("Index out of bounds."));
    }
    playlist.entries.splice(at..at, items.into_iter().map(|item| Entry { at: ask.now, item }));
    playlist.version = playlist.version.wrapping_add(1);
    Ok(snapshot(StatusCode::CREATED, playlist))
}

/// `reorder-or-replace-playlists-items`: two operations that are distinguished by the members of the body.
pub(super) fn reorder_or_replace(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let body = ask.json()?;
    let items = named(fake, ask, &body)?;
    let playlist = own(fake, ask)?;
    match (items, body.get("range_start")) {
        (Some(items), None) => {
            playlist.entries = items.into_iter().map(|item| Entry { at: ask.now, item }).collect();
        }
        (None, Some(start)) => {
            known_snapshot(playlist, &body)?;
            let length = body.get("range_length").map_or(Ok(1), index)?;
            reorder(playlist, index(start)?, length, index(member(&body, "insert_before"))?)?;
        }
        _ => return Err(ApiResponse::bad_request("Bad request.")),
    }
    playlist.version = playlist.version.wrapping_add(1);
    Ok(snapshot(StatusCode::OK, playlist))
}

/// Moves a range of items so that it precedes the item at index `before`. All indices refer to the list before the
/// move.
fn reorder(playlist: &mut Playlist, start: usize, length: usize, before: usize) -> Result<(), ApiResponse> {
    let entries = &mut playlist.entries;
    let end = start.saturating_add(length);
    if length == 0 || end > entries.len() || before > entries.len() {
        return Err(ApiResponse::bad_request("Tracks selected to be reordered are out of bounds"));
    }
    let moved: Vec<_> = entries.drain(start..end).collect();
    let at = if before >= end { before - length } else { before.min(start) };
    entries.splice(at..at, moved);
    Ok(())
}

/// `remove-items-playlist`: removes every occurrence of each item.
pub(super) fn remove(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let body = ask.json()?;
    // `tracks` is the name of the list in the old operation, which is supported for older clients.
    let key = if fake.is_extended && body.get("tracks").is_some() { "tracks" } else { "items" };
    let named = member(&body, key).as_array().filter(|items| !items.is_empty());
    let named = named.ok_or_else(|| ApiResponse::bad_request(&format!("Missing required field: {key}")))?;
    if named.len() > ITEMS_MAX {
        return Err(ApiResponse::bad_request("Too many items requested"));
    }
    let uris = named.iter().map(|item| member(item, "uri").as_str()).collect::<Option<Vec<_>>>();
    let uris = uris.ok_or_else(|| ApiResponse::bad_request("Missing required field: uri"))?;
    let playlist = own(fake, ask)?;
    known_snapshot(playlist, &body)?;
    playlist.entries.retain(|entry| entry.item.uri().is_none_or(|uri| !uris.contains(&uri.as_str())));
    playlist.version = playlist.version.wrapping_add(1);
    Ok(snapshot(StatusCode::OK, playlist))
}

/// `upload-custom-playlist-cover`: accepts a base64-encoded JPEG.
pub(super) fn upload_cover(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    ask.need_any(&["ugc-image-upload"])?;
    let playlist = own(fake, ask)?;
    if ask.body.len() > COVER_MAX {
        return Err(ApiResponse::html(StatusCode::PAYLOAD_TOO_LARGE));
    }
    // Base64 with a `data:` prefix or a line break is invalid.
    let is_jpeg = STANDARD.decode(ask.body).is_ok_and(|image| image.starts_with(&[0xff, 0xd8, 0xff]));
    if !is_jpeg {
        return Err(ApiResponse::bad_request("Bad request."));
    }
    playlist.cover += 1;
    Ok(ApiResponse::empty(StatusCode::ACCEPTED))
}

/// Returns the playlist specified in the path, or a refusal if the token does not permit changing it.
fn own<'f>(fake: &'f mut Fake, ask: &ApiRequest<'_>) -> Result<&'f mut Playlist, ApiResponse> {
    let id = ask.id()?;
    let playlist = fake.playlists.0.iter_mut().find(|it| it.id == id).ok_or_else(ApiResponse::not_found)?;
    if !playlist.is_own(ask) {
        return Err(ApiResponse::forbidden());
    }
    may_modify(ask, playlist.is_public)?;
    Ok(playlist)
}

fn may_modify(ask: &ApiRequest<'_>, is_public: bool) -> Result<(), ApiResponse> {
    ask.need_any(&[if is_public { "playlist-modify-public" } else { "playlist-modify-private" }])
}

/// Details of a playlist that a request can change.
struct Details {
    name: Option<String>,
    description: Option<String>,
    is_public: Option<bool>,
    is_collaborative: Option<bool>,
}

impl Details {
    fn read(body: &Value) -> Result<Self, ApiResponse> {
        let malformed = || ApiResponse::bad_request("Malformed json");
        let text = |key: &str| match member(body, key) {
            Value::Null => Ok(None),
            value => value.as_str().map(|text| Some(text.to_owned())).ok_or_else(malformed),
        };
        // Values that are not booleans are accepted and ignored.
        let flag = |key: &str| member(body, key).as_bool();
        Ok(Self {
            name: text("name")?,
            description: text("description")?,
            is_public: flag("public"),
            is_collaborative: flag("collaborative"),
        })
    }

    /// Drops `public: false` if playlists stay public.
    fn kept_public(mut self, fake: &Fake) -> Self {
        self.is_public = self.is_public.filter(|is_public| *is_public || !fake.stays_public);
        self
    }

    fn apply(self, playlist: &mut Playlist) -> Result<(), ApiResponse> {
        let is_public = self.is_public.unwrap_or(playlist.is_public);
        let is_collaborative = self.is_collaborative.unwrap_or(playlist.is_collaborative);
        if is_public && is_collaborative {
            return Err(ApiResponse::bad_request("Collaborative playlists can only be private."));
        }
        playlist.name = self.name.unwrap_or_else(|| playlist.name.clone());
        playlist.description = self.description.or_else(|| playlist.description.clone());
        (playlist.is_public, playlist.is_collaborative) = (is_public, is_collaborative);
        playlist.version = playlist.version.wrapping_add(1);
        Ok(())
    }
}

/// Returns the items listed in `uris` in the query or in the body, or `None` if neither contains `uris`.
fn named(fake: &Fake, ask: &ApiRequest<'_>, body: &Value) -> Result<Option<Vec<Item>>, ApiResponse> {
    let uris: Vec<&str> = match (ask.list_or_empty("uris"), member(body, "uris")) {
        (Some(uris), _) => uris,
        (None, Value::Null) => return Ok(None),
        (None, value) => {
            let uris = value.as_array().and_then(|uris| uris.iter().map(Value::as_str).collect());
            uris.ok_or_else(|| ApiResponse::bad_request("Malformed json"))?
        }
    };
    if uris.len() > ITEMS_MAX {
        return Err(ApiResponse::bad_request("You can add a maximum of 100 tracks per request."));
    }
    uris.into_iter().map(|uri| item(fake, uri)).collect::<Result<_, _>>().map(Some)
}

/// Returns the item for the URI of a track or an episode. Other URIs, such as those of local files, cannot be added.
fn item(fake: &Fake, uri: &str) -> Result<Item, ApiResponse> {
    let invalid = || ApiResponse::bad_request(&format!("Invalid track uri: {uri}"));
    let (kind, id) =
        uri.strip_prefix("spotify:").and_then(|rest| rest.split_once(':')).ok_or_else(invalid)?;
    base62(id).map_err(|_| invalid())?;
    match kind {
        "track" => fake.catalogue.track(id).map(|track| Item::Track(track.id.clone())),
        "episode" => fake.catalogue.episode(id).map(|episode| Item::Episode(episode.id.clone())),
        _ => return Err(invalid()),
    }
    .ok_or_else(|| ApiResponse::bad_request("Payload contains a non-existing ID"))
}

/// Refuses the request if its `snapshot_id` is not that of a version of the playlist.
fn known_snapshot(playlist: &Playlist, body: &Value) -> Result<(), ApiResponse> {
    let Some(named) = body.get("snapshot_id").filter(|named| !named.is_null()) else { return Ok(()) };
    let version = named.as_str().and_then(|text| STANDARD.decode(text).ok());
    let version = version.as_deref().and_then(|bytes| bytes.first_chunk().copied()).map(u32::from_be_bytes);
    let is_known = version.is_some_and(|version| {
        (1..=playlist.version).contains(&version) && playlist.snapshot_of(version) == *named
    });
    if is_known { Ok(()) } else { Err(ApiResponse::bad_request("Invalid snapshot ID")) }
}

fn index(value: &Value) -> Result<usize, ApiResponse> {
    let index = value.as_u64().and_then(|index| usize::try_from(index).ok());
    index.ok_or_else(|| ApiResponse::bad_request("Bad request."))
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests {
    use http::{Method, Response, StatusCode};

    use super::super::tests::{Client, header, message, value};
    use super::super::{Scope, ids};
    use super::*;

    fn items() -> String {
        format!("/v1/playlists/{}/items", ids::PRIVATE_PLAYLIST)
    }

    fn send(client: &mut Client, method: Method, body: &Value) -> Response<Vec<u8>> {
        client.send(method, &items(), body.to_string().as_bytes())
    }

    fn uris(client: &Client) -> Vec<String> {
        client.fake.playlist_items(ids::PRIVATE_PLAYLIST).flatten().collect()
    }

    #[test]
    fn items_can_be_added_moved_replaced_and_removed() {
        let mut client = Client::user();
        let [a, b, c] = <[String; 3]>::try_from(uris(&client)).expect("three tracks");
        let x = format!("spotify:track:{}", ids::TRACK);

        let added = send(&mut client, Method::POST, &json!({"uris": [x], "position": 1}));
        assert_eq!(added.status(), StatusCode::CREATED);
        assert_eq!(uris(&client), [&a, &x, &b, &c].map(String::clone));

        let snapshot = &value(&added)["snapshot_id"];
        let moved = send(
            &mut client,
            Method::PUT,
            &json!({"range_start": 0, "range_length": 2, "insert_before": 4, "snapshot_id": snapshot}),
        );
        assert_eq!(moved.status(), StatusCode::OK);
        assert_ne!(value(&moved)["snapshot_id"], *snapshot);
        assert_eq!(uris(&client), [&b, &c, &a, &x].map(String::clone));
        send(&mut client, Method::PUT, &json!({"range_start": 3, "insert_before": 0}));
        assert_eq!(uris(&client), [&x, &b, &c, &a].map(String::clone));

        let removed =
            send(&mut client, Method::DELETE, &json!({"items": [{"uri": c}], "snapshot_id": snapshot}));
        assert_eq!(removed.status(), StatusCode::OK);
        assert_eq!(uris(&client), [&x, &b, &a].map(String::clone));

        let replaced = client.send(Method::PUT, &format!("{}?uris={b},{b}", items()), b"");
        assert_eq!(replaced.status(), StatusCode::OK);
        assert_eq!(uris(&client), [&b, &b].map(String::clone));
        client.send(Method::PUT, &format!("{}?uris=", items()), b"");
        assert!(uris(&client).is_empty());
    }

    #[test]
    fn an_invalid_edit_is_refused_and_changes_nothing() {
        let mut client = Client::user();
        let before = uris(&client);
        let many = vec![format!("spotify:track:{}", ids::TRACK); 101];
        for (method, body, text) in [
            (Method::POST, json!({}), "Missing required field: uris"),
            (Method::POST, json!({"uris": many}), "You can add a maximum of 100 tracks per request."),
            (
                Method::POST,
                json!({"uris": ["spotify:local:a::b:1"]}),
                "Invalid track uri: spotify:local:a::b:1",
            ),
            (Method::POST, json!({"uris": [many[0]], "position": 9}), "Index out of bounds."),
            (Method::PUT, json!({"uris": [], "range_start": 0}), "Bad request."),
            (
                Method::PUT,
                json!({"range_start": 0, "insert_before": 4}),
                "Tracks selected to be reordered are out of bounds",
            ),
            (Method::DELETE, json!({"tracks": []}), "Missing required field: items"),
            (Method::DELETE, json!({"items": [{"uri": "x"}], "snapshot_id": "AAAA"}), "Invalid snapshot ID"),
        ] {
            let refused = send(&mut client, method, &body);
            assert_eq!((refused.status(), message(&refused).as_str()), (StatusCode::BAD_REQUEST, text));
        }
        assert_eq!(uris(&client), before);
        let foreign = client.send(
            Method::POST,
            &format!("/v1/playlists/{}/items", ids::FOREIGN_PLAYLIST),
            br#"{"uris": []}"#,
        );
        assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    }

    #[test]
    fn a_new_playlist_is_available_at_the_address_in_location() {
        let mut client = Client::user();
        let created = client.send(Method::POST, "/v1/me/playlists", br#"{"name": "Ferry", "public": false}"#);
        assert_eq!(created.status(), StatusCode::CREATED);
        assert_eq!(value(&created)["items"]["total"], 0);
        let location = header(&created, "location").expect("a location");
        let path = location.strip_prefix("https://api.spotify.com").expect("absolute").to_owned();
        assert_eq!(client.json(&path)["name"], "Ferry");
        let changed = client.send(Method::PUT, &path, br#"{"name": "Slow ferry", "collaborative": true}"#);
        assert_eq!((changed.status(), changed.body().len()), (StatusCode::OK, 0));
        assert_eq!(client.json(&path)["collaborative"], true);
        let both = client.send(Method::PUT, &path, br#"{"public": true}"#);
        assert_eq!(both.status(), StatusCode::BAD_REQUEST);
    }

    #[test]
    fn changing_a_private_playlist_requires_the_private_scope() {
        let mut client = Client::with_scopes(&[Scope::PlaylistModifyPublic]);
        let refused = client.send(Method::POST, "/v1/me/playlists", br#"{"name": "x", "public": false}"#);
        assert_eq!(message(&refused), "Insufficient client scope");
        let created = client.send(Method::POST, "/v1/me/playlists", br#"{"name": "x"}"#);
        assert_eq!(created.status(), StatusCode::CREATED);
    }

    #[test]
    fn a_cover_must_be_a_small_base64_encoded_jpeg() {
        let mut client = Client::user();
        let path = format!("/v1/playlists/{}/images", ids::PLAYLIST);
        let jpeg = |length: usize| {
            let mut image = vec![0xff, 0xd8, 0xff];
            image.resize(length, 0);
            STANDARD.encode(image)
        };
        for (body, status) in [
            (format!("data:image/jpeg;base64,{}", jpeg(30)), StatusCode::BAD_REQUEST),
            (format!("{}\n", jpeg(30)), StatusCode::BAD_REQUEST),
            (jpeg(196_611), StatusCode::PAYLOAD_TOO_LARGE),
            (jpeg(196_608), StatusCode::ACCEPTED),
        ] {
            assert_eq!(client.send(Method::PUT, &path, body.as_bytes()).status(), status);
        }
        let images = client.json(&path);
        assert_eq!((images.as_array().map(Vec::len), &images[0]["width"]), (Some(1), &Value::Null));
    }
}
