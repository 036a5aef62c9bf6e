//! Allow-lists of JSON keys, parameters, path segments, headers, and API constants that are public.
//!
//! A key that is not listed is replaced, together with all values under it.

/// Rule for the values under a JSON key, or for the parameter with this name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Rule {
    /// Objects and lists under the key are redacted recursively, and a string is replaced.
    Container,
    /// Same as [`Container`](Self::Container), but for parts of a catalogue object that have no `type`.
    Part,
    /// Same as [`Container`](Self::Container), but for categories, which have no `type`.
    Categories,
    /// Same as [`Container`](Self::Container), but no value under the key belongs to the catalogue.
    Person,
    /// Numbers are retained, even if they are written as strings.
    Number,
    /// The strings `true` and `false` are retained.
    Flag,
    /// The listed words are retained. They may be separated by commas or spaces.
    Words(&'static [&'static str]),
    /// Name or other text of a catalogue object.
    Name,
    /// ISRC, UPC or language code of a catalogue object.
    Code,
    /// Date of a catalogue object.
    Date,
    /// Time in UTC, in the format of RFC 3339.
    Time,
    /// Cursor that is a Unix timestamp in milliseconds.
    Cursor,
    /// Id of an object that belongs to the catalogue, which is determined by its `type` or by the path.
    Id,
    /// Comma-separated ids in a request. The path determines their kind.
    Ids,
    /// Comma-separated Spotify URIs.
    SpotifyUri,
    /// Address of the API or the web player.
    Url,
    /// Image of a catalogue object.
    Image,
    /// Country codes other than the country of a user.
    Markets,
    /// Country of a user.
    Country,
    /// List of known scopes.
    Scopes,
    /// List of fields, which consists of known keys and punctuation.
    Fields,
    /// Known message of the API.
    Message,
    /// A secret. All retained texts are searched for it.
    Secret,
}

/// Types of objects that belong to the catalogue.
pub(super) const CATALOGUE: &[&str] =
    &["album", "artist", "audiobook", "chapter", "episode", "show", "track"];

const TYPES: &[&str] = &[
    "album",
    "artist",
    "audiobook",
    "chapter",
    "collection",
    "episode",
    "genre",
    "playlist",
    "show",
    "track",
    "user",
    // Devices.
    "AVR",
    "AudioDongle",
    "Automobile",
    "CastAudio",
    "CastVideo",
    "Computer",
    "GameConsole",
    "STB",
    "Smartphone",
    "Speaker",
    "TV",
    "Tablet",
    "Unknown",
    // Types of copyrights and of audio features.
    "C",
    "P",
    "audio_features",
];

const STATES: &[&str] = &["context", "false", "off", "track", "true"];
const GROUPS: &[&str] = &["album", "appears_on", "compilation", "ep", "single"];
const PRECISIONS: &[&str] = &["day", "month", "year"];
const PLAYING: &[&str] = &["ad", "episode", "track", "unknown"];
const RANGES: &[&str] = &["long_term", "medium_term", "short_term"];
const GRANTS: &[&str] = &["authorization_code", "client_credentials", "refresh_token"];

const REASONS: &[&str] = &[
    "ALREADY_PAUSED",
    "ALREADY_PLAYING",
    "CONTEXT_DISALLOW",
    "DEVICE_NOT_CONTROLLABLE",
    "ENDLESS_CONTEXT",
    "NOT_PAUSED",
    "NOT_PLAYING_CONTEXT",
    "NOT_PLAYING_LOCALLY",
    "NOT_PLAYING_TRACK",
    "NO_ACTIVE_DEVICE",
    "NO_NEXT_TRACK",
    "NO_PREV_TRACK",
    "NO_SPECIFIC_TRACK",
    "PREMIUM_REQUIRED",
    "QUOTA_EXCEEDED",
    "RATE_LIMITED",
    "REMOTE_CONTROL_DISALLOW",
    "UNKNOWN",
    "VOLUME_CONTROL_DISALLOW",
    "explicit",
    "market",
    "payment_required",
    "product",
];

/// Returns the rule for a key, or `None` for an unknown key.
pub(super) fn rule(key: &str) -> Option<Rule> {
    let numeric = || {
        NUMBERS.contains(&key)
            || key.split_once('_').is_some_and(|(bound, name)| {
                ["max", "min", "target"].contains(&bound) && NUMBERS.contains(&name)
            })
    };
    let listed = KEYS.iter().find(|(name, _)| *name == key).map(|(_, rule)| *rule);
    listed
        .or_else(|| numeric().then_some(Rule::Number))
        .or_else(|| CONTAINERS.contains(&key).then_some(Rule::Container))
}

const KEYS: &[(&str, Rule)] = &[
    ("access_token", Rule::Secret),
    ("added_at", Rule::Time),
    ("added_by", Rule::Person),
    ("additional_types", Rule::Words(PLAYING)),
    ("after", Rule::Cursor),
    ("album_group", Rule::Words(GROUPS)),
    ("album_type", Rule::Words(GROUPS)),
    ("analysis_url", Rule::Url),
    ("audio_preview_url", Rule::Url),
    ("authors", Rule::Part),
    ("available_markets", Rule::Markets),
    ("before", Rule::Cursor),
    ("categories", Rule::Categories),
    ("client_id", Rule::Secret),
    ("client_secret", Rule::Secret),
    ("code", Rule::Secret),
    ("code_challenge", Rule::Secret),
    ("code_challenge_method", Rule::Words(&["S256", "plain"])),
    ("code_verifier", Rule::Secret),
    ("context_uri", Rule::SpotifyUri),
    ("copyrights", Rule::Part),
    ("country", Rule::Country),
    ("currently_playing_type", Rule::Words(PLAYING)),
    ("device", Rule::Person),
    ("device_id", Rule::Person),
    ("device_ids", Rule::Person),
    ("devices", Rule::Person),
    ("display_name", Rule::Person),
    ("ean", Rule::Code),
    ("edition", Rule::Name),
    ("email", Rule::Person),
    ("error", Rule::Message),
    ("error_description", Rule::Message),
    ("external_ids", Rule::Part),
    ("external_urls", Rule::Part),
    ("fields", Rule::Fields),
    ("genres", Rule::Name),
    ("grant_type", Rule::Words(GRANTS)),
    ("href", Rule::Url),
    ("id", Rule::Id),
    ("ids", Rule::Ids),
    ("images", Rule::Part),
    ("include_external", Rule::Words(&["audio"])),
    ("include_groups", Rule::Words(GROUPS)),
    ("isrc", Rule::Code),
    ("label", Rule::Name),
    ("language", Rule::Code),
    ("languages", Rule::Code),
    ("market", Rule::Markets),
    ("markets", Rule::Markets),
    ("media_type", Rule::Words(&["audio", "mixed", "video"])),
    ("message", Rule::Message),
    ("name", Rule::Name),
    ("narrators", Rule::Part),
    ("next", Rule::Url),
    ("owner", Rule::Person),
    ("play", Rule::Flag),
    ("played_at", Rule::Time),
    ("preview_url", Rule::Url),
    ("previous", Rule::Url),
    ("public", Rule::Flag),
    ("publisher", Rule::Name),
    ("reason", Rule::Words(REASONS)),
    ("refresh_token", Rule::Secret),
    ("release_date", Rule::Date),
    ("release_date_precision", Rule::Words(PRECISIONS)),
    ("repeat_state", Rule::Words(STATES)),
    ("response_type", Rule::Words(&["code"])),
    ("scope", Rule::Scopes),
    ("seed_artists", Rule::Ids),
    ("seed_tracks", Rule::Ids),
    ("show_dialog", Rule::Flag),
    ("spotify", Rule::Url),
    ("state", Rule::Words(STATES)),
    ("text", Rule::Name),
    ("time_range", Rule::Words(RANGES)),
    ("token_type", Rule::Words(&["Bearer"])),
    ("track_href", Rule::Url),
    ("type", Rule::Words(TYPES)),
    ("upc", Rule::Code),
    ("uri", Rule::SpotifyUri),
    ("uris", Rule::SpotifyUri),
    ("url", Rule::Image),
    ("user", Rule::Person),
    ("user_id", Rule::Person),
];

/// Keys of numbers and of objects that contain only numbers.
const NUMBERS: &[&str] = &[
    "acousticness",
    "afterFilteringSize",
    "afterRelinkingSize",
    "after_filtering_size",
    "after_relinking_size",
    "analysis_channels",
    "analysis_sample_rate",
    "analysis_time",
    "chapter_number",
    "code_version",
    "confidence",
    "danceability",
    "disc_number",
    "duration",
    "duration_ms",
    "echoprint_version",
    "end_of_fade_in",
    "energy",
    "expires_in",
    "height",
    "initialPoolSize",
    "initial_pool_size",
    "insert_before",
    "instrumentalness",
    "key",
    "key_confidence",
    "limit",
    "liveness",
    "loudness",
    "loudness_end",
    "loudness_max",
    "loudness_max_time",
    "loudness_start",
    "mode",
    "mode_confidence",
    "num_samples",
    "offset",
    "offset_seconds",
    "pitches",
    "popularity",
    "position",
    "position_ms",
    "positions",
    "progress_ms",
    "range_length",
    "range_start",
    "resume_position_ms",
    "rhythm_version",
    "speechiness",
    "start",
    "start_of_fade_out",
    "status",
    "status_code",
    "synch_version",
    "tempo",
    "tempo_confidence",
    "timbre",
    "time_signature",
    "time_signature_confidence",
    "timestamp",
    "total",
    "totalMilliseconds",
    "total_chapters",
    "total_episodes",
    "total_tracks",
    "track_number",
    "valence",
    "volume_percent",
    "width",
    "window_seconds",
];

/// Keys of objects, lists and booleans, and of strings that are replaced.
const CONTAINERS: &[&str] = &[
    "account_id",
    "actions",
    "album",
    "albums",
    "analyzer_version",
    "artists",
    "audio_analysis",
    "audio_features",
    "audiobook",
    "audiobooks",
    "bars",
    "beats",
    "birthdate",
    "chapter",
    "chapters",
    "codestring",
    "collaborative",
    "context",
    "currently_playing",
    "cursors",
    "description",
    "detailed_status",
    "disallows",
    "echoprintstring",
    "episode",
    "episodes",
    "explicit",
    "explicit_content",
    "filter_enabled",
    "filter_locked",
    "followers",
    "fully_played",
    "html_description",
    "icons",
    "input_process",
    "interrupting_playback",
    "is_active",
    "is_externally_hosted",
    "is_local",
    "is_playable",
    "is_playing",
    "is_private_session",
    "is_restricted",
    "item",
    "items",
    "linked_from",
    "locale",
    "meta",
    "pausing",
    "platform",
    "playlist_id",
    "playlists",
    "primary_color",
    "product",
    "q",
    "queue",
    "redirect_uri",
    "restriction",
    "restrictions",
    "resume_point",
    "resuming",
    "rhythmstring",
    "sample_md5",
    "sections",
    "seed_genres",
    "seeds",
    "seeking",
    "segments",
    "show",
    "shows",
    "shuffle_state",
    "skipping_next",
    "skipping_prev",
    "smart_shuffle",
    "snapshot_id",
    "supports_volume",
    "synchstring",
    "tatums",
    "timestamped_ids",
    "toggling_repeat_context",
    "toggling_repeat_track",
    "toggling_shuffle",
    "track",
    "tracks",
    "transferring_playback",
    "video_thumbnail",
];

/// Returns whether a text is a constant path segment of the API, the accounts service or the web player.
pub(super) fn is_segment(text: &str) -> bool {
    SEGMENTS.contains(&text)
}

/// Returns whether an id that follows this segment belongs to the catalogue.
pub(super) fn is_catalogue_segment(text: &str) -> bool {
    let singular = text.strip_suffix('s').unwrap_or(text);
    CATALOGUE.contains(&singular) || ["audio-analysis", "audio-features"].contains(&text)
}

/// Returns whether the segments after this segment are ids of users or playlists.
pub(super) fn is_personal_segment(text: &str) -> bool {
    ["playlist", "playlists", "user", "users"].contains(&text)
}

const SEGMENTS: &[&str] = &[
    "album",
    "albums",
    "api",
    "artist",
    "artists",
    "audio-analysis",
    "audio-features",
    "audiobook",
    "audiobooks",
    "authorize",
    "available-genre-seeds",
    "browse",
    "categories",
    "chapter",
    "chapters",
    "collection",
    "contains",
    "currently-playing",
    "devices",
    "episode",
    "episodes",
    "featured-playlists",
    "followers",
    "following",
    "images",
    "items",
    "library",
    "markets",
    "me",
    "mp3-preview",
    "new-releases",
    "next",
    "pause",
    "play",
    "player",
    "playlist",
    "playlists",
    "previous",
    "queue",
    "recently-played",
    "recommendations",
    "related-artists",
    "repeat",
    "search",
    "seek",
    "show",
    "shows",
    "shuffle",
    "token",
    "top",
    "top-tracks",
    "track",
    "tracks",
    "user",
    "users",
    "v1",
    "volume",
];

/// Spotify hosts, including the hosts of images and previews.
pub(super) const HOSTS: &[&str] = &[
    "accounts.spotify.com",
    "api.spotify.com",
    "i.scdn.co",
    "open.spotify.com",
    "p.scdn.co",
    "podz-content.spotifycdn.com",
];

/// Paths whose `ids` parameter contains catalogue ids.
pub(super) const PATHS_OF_IDS: &[&str] = &[
    "/v1/albums",
    "/v1/artists",
    "/v1/audio-features",
    "/v1/audiobooks",
    "/v1/chapters",
    "/v1/episodes",
    "/v1/shows",
    "/v1/tracks",
    "/v1/me/albums",
    "/v1/me/albums/contains",
    "/v1/me/audiobooks",
    "/v1/me/audiobooks/contains",
    "/v1/me/episodes",
    "/v1/me/episodes/contains",
    "/v1/me/shows",
    "/v1/me/shows/contains",
    "/v1/me/tracks",
    "/v1/me/tracks/contains",
    "/v1/recommendations",
];

/// Media types that are retained in `Accept`, in `Content-Type`, and in the placeholders for bodies.
pub(super) const MEDIA: &[&str] = &[
    "*/*",
    "application/json",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "image/jpeg",
    "image/png",
    "multipart/form-data",
    "text/html",
    "text/plain",
];

/// Known directives of `Cache-Control`.
pub(super) const DIRECTIVES: &[&str] = &[
    "immutable",
    "max-age",
    "must-revalidate",
    "must-understand",
    "no-cache",
    "no-store",
    "no-transform",
    "private",
    "proxy-revalidate",
    "public",
    "s-maxage",
    "stale-if-error",
    "stale-while-revalidate",
];

/// Header names that are retained in `Vary`.
pub(super) const VARIANTS: &[&str] =
    &["*", "accept", "accept-encoding", "accept-language", "authorization", "origin"];

#[cfg(test)]
mod tests {
    use super::*;
    use spotify_proto::api::OPERATIONS;

    #[test]
    fn every_route_consists_of_known_segments() {
        for operation in OPERATIONS {
            for segment in operation.route.split('/').filter(|it| !it.is_empty() && !it.starts_with('{')) {
                assert!(is_segment(segment), "{segment}");
            }
        }
    }

    #[test]
    fn no_key_is_listed_twice() {
        let mut keys: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
        keys.extend(NUMBERS.iter().chain(CONTAINERS));
        let len = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), len);
        assert_eq!(
            (rule("max_energy"), rule("max_name"), rule("nickname")),
            (Some(Rule::Number), None, None)
        );
    }
}
