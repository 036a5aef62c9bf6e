//! What may be lost or changed when an answer is read and written again, each with its reason.
//!
//! An entry that nothing needs fails the test over the corpus, so the list stays as short as the truth.

/// What an exception allows.
#[derive(Debug, PartialEq)]
pub enum Allow {
    /// The value is not kept.
    Lost,
    /// The value is not kept when it is the placeholder `"string"` of a generated example.
    Placeholder,
    /// The value is not kept when it is an empty text.
    Empty,
    /// The value is written under the newer name.
    Renamed(&'static str),
    /// The value is written in an object beside it.
    Inside(&'static str),
    /// The value is written as the only element of a list.
    Wrapped,
    /// The list is a set: order and repetition do not count.
    AsSet,
    /// A known word in another letter case is written in its own.
    Case,
    /// A number in a text, or in an object, is written as a number.
    Number,
    /// Another text with the same meaning is written.
    Rewritten,
}

/// Where something is allowed, and why.
#[derive(Debug)]
pub struct Exception {
    /// The end of the path `operation:.key<type>.key[].key`.
    pub at: &'static str,
    pub allow: Allow,
    /// For readers.
    #[allow(dead_code, reason = "read by people")]
    pub why: &'static str,
}

const fn allow(at: &'static str, allow: Allow, why: &'static str) -> Exception {
    Exception { at, allow, why }
}

#[rustfmt::skip]
pub const EXCEPTIONS: &[Exception] = &[
    // Ids that name nothing.
    allow(".added_by<user>.id", Allow::Empty, "an empty id would make a request of another operation"),
    // Both generations of names.
    allow(".tracks", Allow::Renamed("items"), "a playlist's list, renamed in February 2026"),
    allow(".track", Allow::Renamed("item"), "a playlist item's content, renamed in February 2026"),
    // Undocumented keys.
    allow("<track>.track", Allow::Lost, "says that it is a track, as `type` does"),
    allow("<track>.episode", Allow::Lost, "says that it is no episode, as `type` does"),
    allow("<episode>.track", Allow::Lost, "says that it is no track, as `type` does"),
    allow("<episode>.episode", Allow::Lost, "says that it is an episode, as `type` does"),
    allow("<episode>.restriction", Allow::Lost, "a misspelling of old answers; `restrictions` is kept"),
    allow("<chapter>.restriction", Allow::Lost, "a misspelling of old answers; `restrictions` is kept"),
    allow("<audiobook>.is_externally_hosted", Allow::Lost, "documented for shows only"),
    allow("get-multiple-shows:.shows[]<show>.episodes", Allow::Lost, "simplified shows have none"),
    allow("<album>.unheard_of", Allow::Lost, "a key of our own recording that nobody knows"),
    allow(".is_restricted2", Allow::Lost, "a key that somebody made up for a test"),
    allow(".after_filtering_size", Allow::Lost, "documented and served in camel case"),
    allow(".after_relinking_size", Allow::Lost, "documented and served in camel case"),
    allow(".initial_pool_size", Allow::Lost, "documented and served in camel case"),
    // An episode that is served as a track where episodes were not asked for: what a track has is made up.
    allow("<episode>.album", Allow::Lost, "made up: the show"),
    allow("<episode>.artists", Allow::Lost, "made up"),
    allow("<episode>.disc_number", Allow::Lost, "made up"),
    allow("<episode>.external_ids", Allow::Lost, "made up: the id again"),
    allow("<episode>.is_local", Allow::Lost, "made up"),
    allow("<episode>.popularity", Allow::Lost, "made up"),
    allow("<episode>.track_number", Allow::Lost, "made up"),
    // Other spellings of the same.
    allow(".available_markets", Allow::AsSet, "a market is in the list or not"),
    allow(".markets", Allow::AsSet, "a market is in the list or not"),
    allow(".album_type", Allow::Case, "some answers have capitals"),
    allow(".type", Allow::Case, "some answers have capitals, some devices small letters"),
    allow(".duration_ms", Allow::Number, "an object for a year, for local files"),
    allow(".progress_ms", Allow::Number, "a test's number in a text"),
    allow(".popularity", Allow::Number, "a number in a text of our own recording"),
    allow(".width", Allow::Number, "a number in a text of our own recording"),
    allow(".release_date", Allow::Rewritten, "an object of year, month and day in the oldest answers"),
    allow(".actions.interrupting_playback", Allow::Inside("disallows"), "documented there, served in `disallows`"),
    allow(".actions.pausing", Allow::Inside("disallows"), "documented there, served in `disallows`"),
    allow(".actions.resuming", Allow::Inside("disallows"), "documented there, served in `disallows`"),
    allow(".actions.seeking", Allow::Inside("disallows"), "documented there, served in `disallows`"),
    allow(".actions.skipping_next", Allow::Inside("disallows"), "documented there, served in `disallows`"),
    allow(".actions.skipping_prev", Allow::Inside("disallows"), "documented there, served in `disallows`"),
    allow(".actions.toggling_repeat_context", Allow::Inside("disallows"), "documented there, served in `disallows`"),
    allow(".actions.toggling_repeat_track", Allow::Inside("disallows"), "documented there, served in `disallows`"),
    allow(".actions.toggling_shuffle", Allow::Inside("disallows"), "documented there, served in `disallows`"),
    allow(".actions.transferring_playback", Allow::Inside("disallows"), "documented there, served in `disallows`"),
    allow("get-playlist-cover:", Allow::Wrapped, "a test's single picture, where the API serves a list"),
    allow(".added_at", Allow::Placeholder, "no time"),
    allow(".played_at", Allow::Placeholder, "no time"),
];

/// Files of the corpus that are not what their row says, each with what is wrong.
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
        "saved at no time, so written in the form without it",
    ),
];
