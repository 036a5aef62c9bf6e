//! Playlists.

use super::common::{ExternalUrls, Followers, Image, ObjectType};
use super::page::Page;
use super::playable::Playable;
use crate::types::id::{PlaylistId, UserId};
use crate::types::text::Text;
use crate::types::time::Timestamp;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;

model! {
    /// A playlist without its items, as contained in lists and search results.
    ///
    /// Reference:
    /// [Get Current User's Playlists](https://developer.spotify.com/documentation/web-api/reference/get-a-list-of-current-users-playlists).
    SimplifiedPlaylist {
        /// True if the owner allows other users to change the playlist.
        collaborative: Option<bool>,
        /// Description by the owner, with HTML special characters escaped (such as `&quot;`); `None` or empty if there
        /// is no description.
        description: Option<String>,
        /// Public URLs of the playlist, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Number of users who follow the playlist. Undocumented; usually `None`.
        followers: Option<Followers>,
        /// Web API URL of the playlist.
        href: Option<Href>,
        /// Spotify ID of the playlist.
        id: Option<PlaylistId>,
        /// Cover images (at most three), widest first; empty if there are none. The image URLs expire within a day.
        images: Vec<Image>,
        /// Web API URL and number of the items. The older key `tracks` is also accepted.
        items: Option<PlaylistItemsRef> = "items" | "tracks",
        /// Name of the playlist; empty if the response has none.
        name: Text,
        /// User who owns the playlist.
        owner: Option<PlaylistUser>,
        /// Color as `#rrggbb`. Undocumented; usually `None`.
        primary_color: Option<Text>,
        /// True if the owner's profile shows the playlist; false does not restrict access. `None` if the server
        /// considers the property irrelevant.
        public: Option<bool>,
        /// Version of the playlist. Requests that specify this version apply to it, even if the playlist has since
        /// changed.
        snapshot_id: Option<Text>,
        /// Type of the object: always `playlist`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the playlist.
        uri: Option<SpotifyUri>,
    }

    /// A playlist with the first page of its items.
    ///
    /// Response to [`GetPlaylist`](crate::api::GetPlaylist) and [`CreatePlaylist`](crate::api::CreatePlaylist).
    ///
    /// Reference: [Get Playlist](https://developer.spotify.com/documentation/web-api/reference/get-playlist).
    Playlist {
        /// True if the owner allows other users to change the playlist.
        collaborative: Option<bool>,
        /// Description by the owner, with HTML special characters escaped (such as `&quot;`); `None` or empty if there
        /// is no description.
        description: Option<String>,
        /// Public URLs of the playlist, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Number of users who follow the playlist. No longer documented, but still sent.
        followers: Option<Followers>,
        /// Web API URL of the playlist.
        href: Option<Href>,
        /// Spotify ID of the playlist.
        id: Option<PlaylistId>,
        /// Cover images (at most three), widest first; empty if there are none. The image URLs expire within a day.
        images: Vec<Image>,
        /// First page of the items (at most 100); [`GetPlaylistItems`](crate::api::GetPlaylistItems) reads the
        /// remaining items. The older key `tracks` is also accepted.
        ///
        /// `None` in development mode if the user neither owns the playlist nor collaborates on it.
        items: Option<Page<PlaylistItem>> = "items" | "tracks",
        /// Name of the playlist; empty if the response has none.
        name: Text,
        /// User who owns the playlist.
        owner: Option<PlaylistUser>,
        /// Color as `#rrggbb`. Undocumented; usually `None`.
        primary_color: Option<Text>,
        /// True if the owner's profile shows the playlist; false does not restrict access. `None` if the server
        /// considers the property irrelevant.
        public: Option<bool>,
        /// Version of the playlist. Requests that specify this version apply to it, even if the playlist has since
        /// changed.
        snapshot_id: Option<Text>,
        /// Type of the object: always `playlist`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the playlist.
        uri: Option<SpotifyUri>,
    }

    /// Web API URL and number of the items of a playlist.
    ///
    /// Reference:
    /// [Get Current User's Playlists](https://developer.spotify.com/documentation/web-api/reference/get-a-list-of-current-users-playlists).
    PlaylistItemsRef {
        /// Web API URL of the items.
        href: Option<String>,
        /// Number of items in the playlist.
        total: Option<u32>,
    }

    /// An item of a playlist: a track, an episode or a local file, and the time at which the item was added.
    ///
    /// Reference:
    /// [Get Playlist Items](https://developer.spotify.com/documentation/web-api/reference/get-playlists-items).
    PlaylistItem {
        /// Time at which the item was added, in UTC; `None` in some very old playlists.
        added_at: Option<Timestamp>,
        /// User who added the item; `None` in some very old playlists.
        added_by: Option<PlaylistUser>,
        /// True if the item is a local file of the user.
        is_local: Option<bool>,
        /// Track, episode or local file; `None` if the item is no longer available. The older key `track` is also
        /// accepted.
        item: Option<Playable> = "item" | "track",
    }

    /// A user as contained in playlists: the owner of a playlist, or a user who added an item.
    ///
    /// Reference: [Get Playlist](https://developer.spotify.com/documentation/web-api/reference/get-playlist).
    PlaylistUser {
        /// Display name; `None` if the user has no display name, and for users who added an item.
        display_name: Option<Text>,
        /// Public URLs of the profile, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Web API URL of the profile.
        href: Option<Href>,
        /// Spotify ID of the user; empty for items that were not added by a user.
        id: Option<UserId>,
        /// Type of the object: always `user`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the user.
        uri: Option<SpotifyUri>,
    }

    /// Version of a playlist after a change.
    ///
    /// Response to the operations that add, move, replace or remove items.
    ///
    /// Reference:
    /// [Add Items to Playlist](https://developer.spotify.com/documentation/web-api/reference/add-items-to-playlist).
    Snapshot {
        /// Opaque version of the playlist. Requests that specify this version apply to it.
        snapshot_id: Text,
    }

    /// Featured playlists, or the playlists in a category: the response to
    /// [`GetFeaturedPlaylists`](crate::api::GetFeaturedPlaylists) and
    /// [`GetCategoryPlaylists`](crate::api::GetCategoryPlaylists). Deprecated.
    ///
    /// Reference:
    /// [Get Featured Playlists](https://developer.spotify.com/documentation/web-api/reference/get-featured-playlists).
    FeaturedPlaylists {
        /// Greeting, or the name of the category, in the language of the request.
        message: Option<String>,
        /// Page of the featured playlists, or of the playlists in the category.
        playlists: Page<SimplifiedPlaylist>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_from_both_the_new_and_the_old_key() {
        let page = r#"{"items": [{"track": {"type": "track", "name": "t"}}], "total": 1}"#;
        for json in [
            format!(r#"{{"name": "p", "items": {page}}}"#),
            format!(r#"{{"name": "p", "tracks": {page}}}"#),
            format!(r#"{{"tracks": null, "items": {page}}}"#),
            format!(r#"{{"tracks": {page}, "items": {page}}}"#),
            format!(r#"{{"items": 7, "tracks": {page}}}"#),
        ] {
            let playlist: Playlist = serde_json::from_str(&json).expect(&json);
            let items = playlist.items.as_ref().expect(&json);
            let names: Vec<_> = items.iter().flat_map(|it| &it.item).map(Playable::name).collect();
            assert_eq!(names, ["t"], "{json}");
            let written = serde_json::to_value(&playlist).expect("JSON");
            assert!(written.get("items").is_some() && written.get("tracks").is_none());
            let list: SimplifiedPlaylist = serde_json::from_str(&json).expect(&json);
            assert_eq!(list.items.and_then(|items| items.total), Some(1));
        }
    }

    #[test]
    fn the_newest_key_of_a_field_takes_precedence_in_any_order() {
        let page =
            |name: &str| format!(r#"{{"items": [{{"item": {{"type": "track", "name": "{name}"}}}}]}}"#);
        let (new, old) = (page("new"), page("old"));
        for (json, expected) in [
            (format!(r#"{{"items": {new}, "tracks": {old}}}"#), "new"),
            (format!(r#"{{"tracks": {old}, "items": {new}}}"#), "new"),
            (format!(r#"{{"tracks": {old}, "items": null}}"#), "old"),
            (format!(r#"{{"items": 7, "tracks": {old}}}"#), "old"),
            (format!(r#"{{"tracks": {old}, "name": "p", "items": {new}, "tracks": {old}}}"#), "new"),
        ] {
            let playlist: Playlist = serde_json::from_str(&json).expect(&json);
            let items = playlist.items.expect(&json);
            let names: Vec<_> = items.iter().flat_map(|it| &it.item).map(Playable::name).collect();
            assert_eq!(names, [expected], "{json}");
        }
        for json in [
            r#"{"item": {"type": "track", "name": "new"}, "track": {"type": "track", "name": "old"}}"#,
            r#"{"track": {"type": "track", "name": "old"}, "item": {"type": "track", "name": "new"}}"#,
        ] {
            let item: PlaylistItem = serde_json::from_str(json).expect(json);
            assert_eq!(item.item.as_ref().map(Playable::name), Some("new"), "{json}");
        }
        for json in [
            r#"{"items": {"total": 2}, "tracks": {"total": 1}}"#,
            r#"{"tracks": {"total": 1}, "items": {"total": 2}}"#,
        ] {
            let playlist: SimplifiedPlaylist = serde_json::from_str(json).expect(json);
            assert_eq!(playlist.items.and_then(|items| items.total), Some(2), "{json}");
        }
    }

    #[test]
    fn the_playlist_of_another_user_has_no_items() {
        let json = r#"{"name": "p", "images": null, "owner": {"id": "", "display_name": null}}"#;
        let playlist: Playlist = serde_json::from_str(json).expect(json);
        assert_eq!((playlist.items, playlist.images.len()), (None, 0));
    }

    #[test]
    fn a_playlist_item_may_be_empty() {
        for json in [r#"{"added_at": null, "track": null}"#, r#"{"item": null, "is_local": false}"#] {
            let item: PlaylistItem = serde_json::from_str(json).expect(json);
            assert_eq!(item.item, None);
        }
        let json = r#"{"item": {"type": "track", "name": "new"}, "track": {"type": "track", "name": "old"}}"#;
        let item: PlaylistItem = serde_json::from_str(json).expect(json);
        assert_eq!(item.item.as_ref().map(Playable::name), Some("new"));
    }
}
