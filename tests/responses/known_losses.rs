//! Values that may be lost or changed when a response is decoded and encoded again, each with a reason.
//!
//! The corpus test fails if an entry is unused, so that the list contains only necessary entries.

/// The kind of loss or change that an exception allows.
#[derive(Debug, PartialEq)]
pub enum Allow {
    /// The value is lost.
    Lost,
    /// The value is lost if it is the placeholder `"string"` of a generated example.
    Placeholder,
    /// The value is lost if it is an empty string.
    Empty,
    /// The value is encoded under this newer name.
    Renamed(&'static str),
    /// The value is encoded inside the sibling object with this key.
    Inside(&'static str),
    /// The value is encoded as the only element of a list.
    Wrapped,
    /// The list represents a set, so the order and duplicates are ignored.
    AsSet,
    /// A known word in a different letter case is encoded in the canonical form.
    Case,
    /// A number in a string or in an object is encoded as a number.
    Number,
    /// The value is encoded as a different string with the same meaning.
    Rewritten,
}

/// An allowed loss or change, with the path and the reason.
#[derive(Debug)]
pub struct Exception {
    /// The last part of the path `operation:.key<type>.key[].key`.
    pub at: &'static str,
    pub allow: Allow,
    #[allow(dead_code, reason = "documents the entry")]
    pub why: &'static str,
}

const fn allow(at: &'static str, allow: Allow, why: &'static str) -> Exception {
    Exception { at, allow, why }
}

#[rustfmt::skip]
pub const EXCEPTIONS: &[Exception] = &[
    // Empty ids.
    allow(".added_by<user>.id", Allow::Empty, "an empty id would produce the path of another operation"),
    // Both generations of names.
    allow(".tracks", Allow::Renamed("items"), "a playlist's list, renamed in February 2026"),
    allow(".track", Allow::Renamed("item"), "a playlist item's content, renamed in February 2026"),
    // Undocumented keys.
    allow("<track>.track", Allow::Lost, "redundant: `type` is `track`"),
    allow("<track>.episode", Allow::Lost, "redundant: `type` is `track`"),
    allow("<episode>.track", Allow::Lost, "redundant: `type` is `episode`"),
    allow("<episode>.episode", Allow::Lost, "redundant: `type` is `episode`"),
    allow("<episode>.restriction", Allow::Lost, "misspelled in old responses; `restrictions` is retained"),
    allow("<chapter>.restriction", Allow::Lost, "misspelled in old responses; `restrictions` is retained"),
    allow("<audiobook>.is_externally_hosted", Allow::Lost, "documented for shows only"),
    allow("get-multiple-shows:.shows[]<show>.episodes", Allow::Lost, "simplified shows have no episodes"),
    allow("<album>.unheard_of", Allow::Lost, "an unknown key of our own recording"),
    allow(".is_restricted2", Allow::Lost, "an unknown key of a third-party test"),
    allow(".after_filtering_size", Allow::Lost, "documented and served in camel case"),
    allow(".after_relinking_size", Allow::Lost, "documented and served in camel case"),
    allow(".initial_pool_size", Allow::Lost, "documented and served in camel case"),
    // If only tracks are requested, the server represents an episode as a track, with invented values in the fields of
    // tracks.
    allow("<episode>.album", Allow::Lost, "made up from the show"),
    allow("<episode>.artists", Allow::Lost, "made up"),
    allow("<episode>.disc_number", Allow::Lost, "made up"),
    allow("<episode>.external_ids", Allow::Lost, "made up: repeats the id"),
    allow("<episode>.is_local", Allow::Lost, "made up"),
    allow("<episode>.popularity", Allow::Lost, "made up"),
    allow("<episode>.track_number", Allow::Lost, "made up"),
    // Different representations of the same values.
    allow(".available_markets", Allow::AsSet, "the list is a set of markets"),
    allow(".markets", Allow::AsSet, "the list is a set of markets"),
    allow(".album_type", Allow::Case, "capitalized in some responses"),
    allow(".type", Allow::Case, "capitalized in some responses, in lower case for some devices"),
    allow(".duration_ms", Allow::Number, "an object for local files, served for a year"),
    allow(".progress_ms", Allow::Number, "a number in a text of a third-party test"),
    allow(".popularity", Allow::Number, "a number in a text of our own recording"),
    allow(".width", Allow::Number, "a number in a text of our own recording"),
    allow(".release_date", Allow::Rewritten, "an object of year, month and day in the oldest responses"),
    allow(".actions.interrupting_playback", Allow::Inside("disallows"), "documented in `actions`, served in `disallows`"),
    allow(".actions.pausing", Allow::Inside("disallows"), "documented in `actions`, served in `disallows`"),
    allow(".actions.resuming", Allow::Inside("disallows"), "documented in `actions`, served in `disallows`"),
    allow(".actions.seeking", Allow::Inside("disallows"), "documented in `actions`, served in `disallows`"),
    allow(".actions.skipping_next", Allow::Inside("disallows"), "documented in `actions`, served in `disallows`"),
    allow(".actions.skipping_prev", Allow::Inside("disallows"), "documented in `actions`, served in `disallows`"),
    allow(".actions.toggling_repeat_context", Allow::Inside("disallows"), "documented in `actions`, served in `disallows`"),
    allow(".actions.toggling_repeat_track", Allow::Inside("disallows"), "documented in `actions`, served in `disallows`"),
    allow(".actions.toggling_shuffle", Allow::Inside("disallows"), "documented in `actions`, served in `disallows`"),
    allow(".actions.transferring_playback", Allow::Inside("disallows"), "documented in `actions`, served in `disallows`"),
    allow("get-playlist-cover:", Allow::Wrapped, "a single picture in a third-party test; the API serves a list"),
    allow(".added_at", Allow::Placeholder, "a placeholder instead of a time"),
    allow(".played_at", Allow::Placeholder, "a placeholder instead of a time"),
];

/// Files of the corpus that differ from actual API responses, each with a description of the difference.
pub const BROKEN: &[(&str, &str)] = &[
    ("jwilsson-php/010-audio-analysis.json", "wrapped in an object that the API does not serve"),
    ("jwilsson-php/019-chapter.json", "an audiobook, not a chapter"),
    ("jwilsson-php/020-chapters.json", "audiobooks, not chapters"),
    ("rinukkusu-dart/044-playlists-1xiaxogaek2h4ravpntmyf-items.json", "generated tracks with full artists"),
    ("rinukkusu-dart/045-playlists-1xiaxogaek2h4ravpntmyf-tracks.json", "generated tracks with full artists"),
    (
        "rinukkusu-dart/029-me-player-currently-playing.json",
        "a generated track with the fields of full artists",
    ),
    (
        "rinukkusu-dart/032-me-player-queue.json",
        "generated items with a track's fields and an episode's type",
    ),
    (
        "spec-examples/017-get-users-saved-audiobooks-200.json",
        "without the time of saving, so encoded in the form without the time",
    ),
];
