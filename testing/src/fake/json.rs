//! JSON objects in the documented shapes.
//!
//! There are two formats: one with the fields of development mode since February 2026, and one with all fields of
//! extended quota mode.

use serde_json::{Map, Value, json};

use super::data::{Album, Artist, Audiobook, Catalogue, Chapter, Episode, Show, Track, hex};
use super::page::{Address, BASE, Window};

/// The markets in which all objects are available.
pub(super) const MARKETS: &[&str] = &["AU", "CA", "DE", "FR", "GB", "IE", "JP", "NZ", "SE", "US"];

/// The catalogue as it is visible to a caller.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub(super) catalogue: &'a Catalogue,
    /// `true` if the fields from before February 2026 are included.
    pub(super) is_extended: bool,
    /// `true` if a market applies. In that case, objects have `is_playable` instead of `available_markets`.
    pub(super) has_market: bool,
    /// `true` if the token permits reading the playback positions of episodes.
    pub(super) has_position: bool,
}

impl View<'_> {
    pub(super) fn artist_link(&self, id: &str) -> Value {
        let name = self.catalogue.artist(id).map(|it| it.name.as_str());
        with(link("artist", id), json!({"name": name}))
    }

    pub(super) fn artist(&self, artist: &Artist) -> Value {
        let body =
            with(link("artist", &artist.id), json!({"images": images(&artist.id), "name": artist.name}));
        if !self.is_extended {
            return body;
        }
        with(
            body,
            json!({
                "followers": {"href": null, "total": artist.followers},
                "genres": artist.genres,
                "popularity": artist.popularity,
            }),
        )
    }

    /// Returns an album in the form used in lists and tracks.
    pub(super) fn album_brief(&self, album: &Album) -> Value {
        let precision = match album.released.len() {
            4 => "year",
            7 => "month",
            _ => "day",
        };
        let body = with(
            link("album", &album.id),
            json!({
                "album_type": album.kind,
                "artists": [self.artist_link(&album.artist)],
                "images": images(&album.id),
                "name": album.name,
                "release_date": album.released,
                "release_date_precision": precision,
                "total_tracks": self.catalogue.album_tracks(&album.id).len(),
            }),
        );
        self.with_availability(body)
    }

    /// Returns an album with the first page of its tracks.
    pub(super) fn album(&self, album: &Album, tracks: &Address) -> Value {
        let window = Window::first(50);
        let body = with(
            self.album_brief(album),
            json!({
                "copyrights": [
                    {"text": format!("{} {}", album.released.get(..4).unwrap_or_default(), album.label), "type": "C"},
                    {"text": format!("{} {}", album.released.get(..4).unwrap_or_default(), album.label), "type": "P"},
                ],
                "external_ids": {"upc": album.upc},
                "genres": [],
                "tracks": self.album_tracks(album, tracks, window),
            }),
        );
        if !self.is_extended {
            return body;
        }
        with(body, json!({"label": album.label, "popularity": 40}))
    }

    pub(super) fn album_tracks(&self, album: &Album, address: &Address, window: Window) -> Value {
        let tracks = self.catalogue.album_tracks(&album.id);
        let items = window.of(&tracks).map(|track| self.track_brief(track)).collect();
        address.page(window, tracks.len(), items)
    }

    /// Returns a track in the form used in its album.
    pub(super) fn track_brief(&self, track: &Track) -> Value {
        let artists: Vec<_> = track.artists.iter().map(|artist| self.artist_link(artist)).collect();
        let body = with(
            link("track", &track.id),
            json!({
                "artists": artists,
                "disc_number": 1,
                "duration_ms": track.duration_ms,
                "explicit": track.explicit,
                "is_local": false,
                "name": track.name,
                "preview_url": null,
                "track_number": track.number,
            }),
        );
        self.with_availability(body)
    }

    pub(super) fn track(&self, track: &Track) -> Value {
        let album = self.catalogue.album(&track.album).map(|album| self.album_brief(album));
        let body =
            with(self.track_brief(track), json!({"album": album, "external_ids": {"isrc": track.isrc}}));
        if self.is_extended { with(body, json!({"popularity": track.number % 100})) } else { body }
    }

    /// Returns a show in the form used in lists and episodes.
    pub(super) fn show_brief(&self, show: &Show) -> Value {
        let description = format!("Notes from {}.", show.name);
        let body = with(
            link("show", &show.id),
            json!({
                "copyrights": [],
                "description": description,
                "explicit": false,
                "html_description": format!("<p>{}</p>", description.replace('&', "&amp;")),
                "images": images(&show.id),
                "is_externally_hosted": false,
                "languages": ["en-GB"],
                "media_type": "audio",
                "name": show.name,
                "total_episodes": self.catalogue.show_episodes(&show.id).len(),
            }),
        );
        if !self.is_extended {
            return body;
        }
        with(body, json!({"available_markets": MARKETS, "publisher": show.publisher}))
    }

    /// Returns a show with the first page of its episodes.
    pub(super) fn show(&self, show: &Show, episodes: &Address) -> Value {
        let page = self.show_episodes(show, episodes, Window::first(50));
        with(self.show_brief(show), json!({"episodes": page}))
    }

    pub(super) fn show_episodes(&self, show: &Show, address: &Address, window: Window) -> Value {
        let episodes = self.catalogue.show_episodes(&show.id);
        let items = window.of(&episodes).map(|episode| self.episode_brief(episode)).collect();
        address.page(window, episodes.len(), items)
    }

    /// Returns an episode in the form used in its show.
    pub(super) fn episode_brief(&self, episode: &Episode) -> Value {
        let description = format!("In this one: {}.", episode.name);
        let body = with(
            link("episode", &episode.id),
            json!({
                "audio_preview_url": null,
                "description": description,
                "duration_ms": episode.duration_ms,
                "explicit": false,
                "html_description": format!("<p>{description}</p>"),
                "images": images(&episode.id),
                "is_externally_hosted": false,
                "is_playable": true,
                "language": "en-GB",
                "languages": ["en-GB"],
                "name": episode.name,
                "release_date": episode.released,
                "release_date_precision": "day",
            }),
        );
        self.with_position(body)
    }

    pub(super) fn episode(&self, episode: &Episode) -> Value {
        let show = self.catalogue.show(&episode.show).map(|show| self.show_brief(show));
        with(self.episode_brief(episode), json!({"show": show}))
    }

    /// Returns an audiobook in the form used in lists and chapters.
    pub(super) fn audiobook_brief(&self, book: &Audiobook) -> Value {
        let description = format!("{} by {}.", book.name, book.author);
        let body = with(
            link("show", &book.id),
            json!({
                "authors": [{"name": book.author}],
                "copyrights": [],
                "description": description,
                "edition": "Unabridged",
                "explicit": false,
                "external_urls": {"spotify": format!("https://open.spotify.com/show/{}", book.id)},
                "href": format!("{BASE}/audiobooks/{}", book.id),
                "html_description": format!("<p>{description}</p>"),
                "images": images(&book.id),
                "languages": ["English"],
                "media_type": "audio",
                "name": book.name,
                "narrators": [{"name": book.narrator}],
                "total_chapters": self.catalogue.book_chapters(&book.id).len(),
                "type": "audiobook",
            }),
        );
        if !self.is_extended {
            return body;
        }
        with(body, json!({"available_markets": MARKETS, "publisher": book.author}))
    }

    /// Returns an audiobook with the first page of its chapters.
    pub(super) fn audiobook(&self, book: &Audiobook, chapters: &Address) -> Value {
        let page = self.book_chapters(book, chapters, Window::first(50));
        with(self.audiobook_brief(book), json!({"chapters": page}))
    }

    pub(super) fn book_chapters(&self, book: &Audiobook, address: &Address, window: Window) -> Value {
        let chapters = self.catalogue.book_chapters(&book.id);
        let items = window.of(&chapters).map(|chapter| self.chapter_brief(chapter)).collect();
        address.page(window, chapters.len(), items)
    }

    /// Returns a chapter in the form used in its audiobook.
    pub(super) fn chapter_brief(&self, chapter: &Chapter) -> Value {
        let body = with(
            link("episode", &chapter.id),
            json!({
                "audio_preview_url": null,
                "chapter_number": chapter.number,
                "description": "",
                "duration_ms": chapter.duration_ms,
                "explicit": false,
                "href": format!("{BASE}/chapters/{}", chapter.id),
                "html_description": "",
                "images": images(&chapter.audiobook),
                "is_playable": true,
                "languages": ["English"],
                "name": format!("Chapter {}", chapter.number),
                "release_date": "2024-05-01",
                "release_date_precision": "day",
                // The reference documents `episode`, but real responses contain `chapter`.
                "type": "chapter",
            }),
        );
        let body = if self.is_extended { with(body, json!({"available_markets": MARKETS})) } else { body };
        self.with_position(body)
    }

    pub(super) fn chapter(&self, chapter: &Chapter) -> Value {
        let book = self.catalogue.audiobook(&chapter.audiobook).map(|book| self.audiobook_brief(book));
        with(self.chapter_brief(chapter), json!({"audiobook": book}))
    }

    fn with_availability(&self, body: Value) -> Value {
        match (self.has_market, self.is_extended) {
            (true, _) => with(body, json!({"is_playable": true})),
            (false, true) => with(body, json!({"available_markets": MARKETS})),
            (false, false) => body,
        }
    }

    fn with_position(&self, body: Value) -> Value {
        if !self.has_position {
            return body;
        }
        with(body, json!({"resume_point": {"fully_played": false, "resume_position_ms": 0}}))
    }
}

/// Returns the members that all objects have, which are the type, the id, the URI and the addresses.
pub(super) fn link(kind: &str, id: &str) -> Value {
    // Only user ids can contain characters that must be escaped.
    let escaped = percent_encoding::utf8_percent_encode(id, ID);
    json!({
        "external_urls": {"spotify": format!("https://open.spotify.com/{kind}/{escaped}")},
        "href": format!("{BASE}/{kind}s/{escaped}"),
        "id": id,
        "type": kind,
        "uri": format!("spotify:{kind}:{escaped}"),
    })
}

/// Returns a playback context, which has the members of [`link`] except the id.
pub(super) fn context(kind: &str, id: &str) -> Value {
    let mut body = link(kind, id);
    if let Some(members) = body.as_object_mut() {
        members.remove("id");
    }
    body
}

const ID: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'.').remove(b'_').remove(b'-');

/// Returns an image in three sizes.
pub(super) fn images(of: &str) -> Value {
    let picture = hex("image", of, 24);
    let image = |size: usize, code: &str| json!({"height": size, "url": format!("https://i.scdn.co/image/{code}{picture}"), "width": size});
    json!([image(640, "ab67616d0000b273"), image(300, "ab67616d00001e02"), image(64, "ab67616d00004851")])
}

/// Merges two objects. Members of the second object override members of the first object.
pub(super) fn with(base: Value, more: Value) -> Value {
    let members = |value| match value {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    let mut all = members(base);
    all.extend(members(more));
    Value::Object(all)
}
