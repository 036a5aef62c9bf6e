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
    /// A playlist as lists and searches show it: without its items.
    SimplifiedPlaylist {
        /// True if other users may change it.
        collaborative: Option<bool>,
        /// Description by the owner; HTML entities are escaped.
        description: Option<String>,
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// How many follow it; not documented.
        followers: Option<Followers>,
        /// Address in the Web API.
        href: Option<Href>,
        /// Spotify ID.
        id: Option<PlaylistId>,
        /// Cover images, widest first, up to three.
        images: Vec<Image>,
        /// Where its items are, and how many.
        items: Option<PlaylistItemsRef> = "items" | "tracks",
        /// Name.
        name: Text,
        /// Owner.
        owner: Option<PlaylistUser>,
        /// Color as `#rrggbb`; undocumented, almost always absent.
        primary_color: Option<Text>,
        /// True if the owner's profile shows it; absent if that is not relevant.
        public: Option<bool>,
        /// Version of the playlist, which changes can name.
        snapshot_id: Option<Text>,
        /// Always `playlist`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI.
        uri: Option<SpotifyUri>,
    }

    /// A playlist with its first items.
    Playlist {
        /// True if other users may change it.
        collaborative: Option<bool>,
        /// Description by the owner; HTML entities are escaped.
        description: Option<String>,
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// How many follow it; no longer documented, but sent.
        followers: Option<Followers>,
        /// Address in the Web API.
        href: Option<Href>,
        /// Spotify ID.
        id: Option<PlaylistId>,
        /// Cover images, widest first, up to three.
        images: Vec<Image>,
        /// Its first items, up to 100; [`GetPlaylistItems`](crate::api::GetPlaylistItems) has the rest.
        ///
        /// Absent, for applications in development mode, when the user neither owns the playlist nor takes part in it.
        items: Option<Page<PlaylistItem>> = "items" | "tracks",
        /// Name.
        name: Text,
        /// Owner.
        owner: Option<PlaylistUser>,
        /// Color as `#rrggbb`; undocumented, almost always absent.
        primary_color: Option<Text>,
        /// True if the owner's profile shows it; absent if that is not relevant.
        public: Option<bool>,
        /// Version of the playlist, which changes can name.
        snapshot_id: Option<Text>,
        /// Always `playlist`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI.
        uri: Option<SpotifyUri>,
    }

    /// Where the items of a playlist are.
    PlaylistItemsRef {
        /// Their address in the API.
        href: Option<String>,
        /// How many there are.
        total: Option<u32>,
    }

    /// A place in a playlist.
    PlaylistItem {
        /// When it was added; absent in very old playlists.
        added_at: Option<Timestamp>,
        /// User who added it; absent in very old playlists.
        added_by: Option<PlaylistUser>,
        /// True if it is a local file of the user.
        is_local: Option<bool>,
        /// What is played; absent where it is no longer available.
        item: Option<Playable> = "item" | "track",
    }

    /// A user as playlists name it: the owner, or who added an item.
    PlaylistUser {
        /// The name to show; only of owners.
        display_name: Option<Text>,
        /// Public web pages of the profile, by site.
        external_urls: Option<ExternalUrls>,
        /// Address of the profile in the Web API.
        href: Option<Href>,
        /// The id; empty for items that no user added.
        id: Option<UserId>,
        /// Always `user`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI.
        uri: Option<SpotifyUri>,
    }

    /// The version of a playlist after a change.
    Snapshot {
        /// The version, to name in later changes.
        snapshot_id: Text,
    }

    /// Playlists that Spotify features, or those of a category. Deprecated.
    FeaturedPlaylists {
        /// A greeting or the category's name, in the language that was asked for.
        message: Option<String>,
        /// The playlists.
        playlists: Page<SimplifiedPlaylist>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_generations_of_a_playlist_are_read() {
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
    fn the_playlist_of_others_has_no_items() {
        let json = r#"{"name": "p", "images": null, "owner": {"id": "", "display_name": null}}"#;
        let playlist: Playlist = serde_json::from_str(json).expect(json);
        assert_eq!((playlist.items, playlist.images.len()), (None, 0));
    }

    #[test]
    fn a_place_may_be_empty() {
        for json in [r#"{"added_at": null, "track": null}"#, r#"{"item": null, "is_local": false}"#] {
            let item: PlaylistItem = serde_json::from_str(json).expect(json);
            assert_eq!(item.item, None);
        }
        let json = r#"{"item": {"type": "track", "name": "new"}, "track": {"type": "track", "name": "old"}}"#;
        let item: PlaylistItem = serde_json::from_str(json).expect(json);
        assert_eq!(item.item.as_ref().map(Playable::name), Some("new"));
    }
}
