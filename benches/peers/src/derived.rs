//! Objects of the API as a program without a library would declare them: plain derived structs with owned strings.
//!
//! A value of a type other than the declared one is an error.

use std::collections::HashMap;

use serde::Deserialize;

/// Declares structs whose fields are decoded, but never read.
macro_rules! derived {
    ($($name:ident $(<$item:ident>)? { $($field:ident : $type:ty),* $(,)? })+) => {$(
        #[derive(Debug, Deserialize)]
        #[allow(dead_code, reason = "fields are decoded, but never read")]
        pub struct $name $(<$item>)? { $(pub $field: $type,)* }
    )+};
}

type Map = HashMap<String, Option<String>>;

derived! {
    Page<T> {
        href: Option<String>, items: Vec<Option<T>>, limit: Option<u32>, next: Option<String>, offset: Option<u32>,
        previous: Option<String>, cursors: Option<Map>, total: Option<u32>,
    }
    Image { url: String, height: Option<u32>, width: Option<u32> }
    Followers { href: Option<String>, total: Option<f64> }
    Copyright { text: String, r#type: Option<String> }
    Restrictions { reason: Option<String> }
    SimplifiedArtist {
        external_urls: Option<Map>, href: Option<String>, id: Option<String>, name: String, r#type: Option<String>,
        uri: Option<String>,
    }
    Artist {
        external_urls: Option<Map>, followers: Option<Followers>, genres: Option<Vec<String>>, href: Option<String>,
        id: Option<String>, images: Option<Vec<Image>>, name: String, popularity: Option<u32>, r#type: Option<String>,
        uri: Option<String>,
    }
    Artists { artists: Vec<Option<Artist>> }
    FollowedArtists { artists: Page<Artist> }
    SimplifiedAlbum {
        album_group: Option<String>, album_type: Option<String>, artists: Option<Vec<SimplifiedArtist>>,
        available_markets: Option<Vec<String>>, external_urls: Option<Map>, href: Option<String>, id: Option<String>,
        images: Option<Vec<Image>>, is_playable: Option<bool>, name: String, release_date: Option<String>,
        release_date_precision: Option<String>, restrictions: Option<Restrictions>, total_tracks: Option<u32>,
        r#type: Option<String>, uri: Option<String>,
    }
    Album {
        album_type: Option<String>, artists: Option<Vec<SimplifiedArtist>>, available_markets: Option<Vec<String>>,
        copyrights: Option<Vec<Copyright>>, external_ids: Option<Map>, external_urls: Option<Map>,
        genres: Option<Vec<String>>, href: Option<String>, id: Option<String>, images: Option<Vec<Image>>,
        is_playable: Option<bool>, label: Option<String>, name: String, popularity: Option<u32>,
        release_date: Option<String>, release_date_precision: Option<String>, restrictions: Option<Restrictions>,
        total_tracks: Option<u32>, tracks: Option<Page<SimplifiedTrack>>, r#type: Option<String>, uri: Option<String>,
    }
    Albums { albums: Vec<Option<Album>> }
    AlbumPage { albums: Page<SimplifiedAlbum> }
    SavedAlbum { added_at: Option<String>, album: Album }
    LinkedTrack {
        external_urls: Option<Map>, href: Option<String>, id: Option<String>, r#type: Option<String>,
        uri: Option<String>,
    }
    SimplifiedTrack {
        artists: Option<Vec<SimplifiedArtist>>, available_markets: Option<Vec<String>>, disc_number: Option<u32>,
        duration_ms: Option<f64>, explicit: Option<bool>, external_urls: Option<Map>, href: Option<String>,
        id: Option<String>, is_local: Option<bool>, is_playable: Option<bool>, linked_from: Option<LinkedTrack>,
        name: String, preview_url: Option<String>, restrictions: Option<Restrictions>, track_number: Option<u32>,
        r#type: Option<String>, uri: Option<String>,
    }
    Track {
        album: Option<SimplifiedAlbum>, artists: Option<Vec<SimplifiedArtist>>,
        available_markets: Option<Vec<String>>, disc_number: Option<u32>, duration_ms: Option<f64>,
        explicit: Option<bool>, external_ids: Option<Map>, external_urls: Option<Map>, href: Option<String>,
        id: Option<String>, is_local: Option<bool>, is_playable: Option<bool>, linked_from: Option<LinkedTrack>,
        name: String, popularity: Option<u32>, preview_url: Option<String>, restrictions: Option<Restrictions>,
        track_number: Option<u32>, r#type: Option<String>, uri: Option<String>,
    }
    Tracks { tracks: Vec<Option<Track>> }
    SavedTrack { added_at: Option<String>, track: Track }
    PlayHistory { track: Option<Track>, played_at: Option<String>, context: Option<Context> }
    Context {
        r#type: Option<String>, href: Option<String>, external_urls: Option<Map>, uri: Option<String>,
    }
    ResumePoint { fully_played: Option<bool>, resume_position_ms: Option<f64> }
    SimplifiedEpisode {
        audio_preview_url: Option<String>, description: Option<String>, html_description: Option<String>,
        duration_ms: Option<f64>, explicit: Option<bool>, external_urls: Option<Map>, href: Option<String>,
        id: Option<String>, images: Option<Vec<Image>>, is_externally_hosted: Option<bool>, is_playable: Option<bool>,
        language: Option<String>, languages: Option<Vec<String>>, name: String, release_date: Option<String>,
        release_date_precision: Option<String>, resume_point: Option<ResumePoint>, r#type: Option<String>,
        uri: Option<String>,
    }
    Episode {
        audio_preview_url: Option<String>, description: Option<String>, html_description: Option<String>,
        duration_ms: Option<f64>, explicit: Option<bool>, external_urls: Option<Map>, href: Option<String>,
        id: Option<String>, images: Option<Vec<Image>>, is_externally_hosted: Option<bool>, is_playable: Option<bool>,
        language: Option<String>, languages: Option<Vec<String>>, name: String, release_date: Option<String>,
        release_date_precision: Option<String>, resume_point: Option<ResumePoint>, show: Option<Show>,
        r#type: Option<String>, uri: Option<String>,
    }
    Episodes { episodes: Vec<Option<Episode>> }
    SavedEpisode { added_at: Option<String>, episode: Episode }
    Show {
        available_markets: Option<Vec<String>>, copyrights: Option<Vec<Copyright>>, description: Option<String>,
        html_description: Option<String>, explicit: Option<bool>, external_urls: Option<Map>, href: Option<String>,
        id: Option<String>, images: Option<Vec<Image>>, is_externally_hosted: Option<bool>,
        languages: Option<Vec<String>>, media_type: Option<String>, name: String, publisher: Option<String>,
        r#type: Option<String>, uri: Option<String>, total_episodes: Option<u32>,
        episodes: Option<Page<SimplifiedEpisode>>,
    }
    Shows { shows: Vec<Option<Show>> }
    SavedShow { added_at: Option<String>, show: Show }
    Author { name: Option<String> }
    SimplifiedChapter {
        audio_preview_url: Option<String>, available_markets: Option<Vec<String>>, chapter_number: Option<u32>,
        description: Option<String>, html_description: Option<String>, duration_ms: Option<f64>,
        explicit: Option<bool>, external_urls: Option<Map>, href: Option<String>, id: Option<String>,
        images: Option<Vec<Image>>, is_playable: Option<bool>, languages: Option<Vec<String>>, name: String,
        release_date: Option<String>, release_date_precision: Option<String>, resume_point: Option<ResumePoint>,
        r#type: Option<String>, uri: Option<String>, audiobook: Option<Box<Audiobook>>,
    }
    Chapters { chapters: Vec<Option<SimplifiedChapter>> }
    Audiobook {
        authors: Option<Vec<Author>>, available_markets: Option<Vec<String>>, copyrights: Option<Vec<Copyright>>,
        description: Option<String>, html_description: Option<String>, edition: Option<String>,
        explicit: Option<bool>, external_urls: Option<Map>, href: Option<String>, id: Option<String>,
        images: Option<Vec<Image>>, languages: Option<Vec<String>>, media_type: Option<String>, name: String,
        narrators: Option<Vec<Author>>, publisher: Option<String>, r#type: Option<String>, uri: Option<String>,
        total_chapters: Option<u32>, chapters: Option<Page<SimplifiedChapter>>,
    }
    Audiobooks { audiobooks: Vec<Option<Audiobook>> }
    Owner {
        display_name: Option<String>, external_urls: Option<Map>, href: Option<String>, id: Option<String>,
        r#type: Option<String>, uri: Option<String>,
    }
    SimplifiedPlaylist {
        collaborative: Option<bool>, description: Option<String>, external_urls: Option<Map>, href: Option<String>,
        id: Option<String>, images: Option<Vec<Image>>, name: String, owner: Option<Owner>,
        primary_color: Option<String>, public: Option<bool>, snapshot_id: Option<String>, tracks: Option<Followers>,
        items: Option<Followers>, r#type: Option<String>, uri: Option<String>,
    }
    Playlist {
        collaborative: Option<bool>, description: Option<String>, external_urls: Option<Map>,
        followers: Option<Followers>, href: Option<String>, id: Option<String>, images: Option<Vec<Image>>,
        name: String, owner: Option<Owner>, primary_color: Option<String>, public: Option<bool>,
        snapshot_id: Option<String>, tracks: Option<Page<PlaylistItem>>, items: Option<Page<PlaylistItem>>,
        r#type: Option<String>, uri: Option<String>,
    }
    PlaylistItem {
        added_at: Option<String>, added_by: Option<Owner>, is_local: Option<bool>, track: Option<Playable>,
        item: Option<Playable>,
    }
    Playlists { message: Option<String>, playlists: Page<SimplifiedPlaylist> }
    SearchResults {
        tracks: Option<Page<Track>>, artists: Option<Page<Artist>>, albums: Option<Page<SimplifiedAlbum>>,
        playlists: Option<Page<SimplifiedPlaylist>>, shows: Option<Page<Show>>,
        episodes: Option<Page<SimplifiedEpisode>>, audiobooks: Option<Page<Audiobook>>,
    }
    Device {
        id: Option<String>, is_active: Option<bool>, is_private_session: Option<bool>, is_restricted: Option<bool>,
        name: String, r#type: Option<String>, volume_percent: Option<u32>, supports_volume: Option<bool>,
    }
    Devices { devices: Vec<Device> }
    Playback {
        device: Option<Device>, repeat_state: Option<String>, shuffle_state: Option<bool>, context: Option<Context>,
        timestamp: Option<f64>, progress_ms: Option<f64>, is_playing: Option<bool>, item: Option<Playable>,
        currently_playing_type: Option<String>, actions: Option<HashMap<String, HashMap<String, Option<bool>>>>,
    }
    Queue { currently_playing: Option<Playable>, queue: Vec<Option<Playable>> }
    AudioFeatures {
        acousticness: f64, analysis_url: String, danceability: f64, duration_ms: f64, energy: f64, id: String,
        instrumentalness: f64, key: i32, liveness: f64, loudness: f64, mode: i32, speechiness: f64, tempo: f64,
        time_signature: i32, track_href: String, r#type: String, uri: String, valence: f64,
    }
    AudioFeaturesList { audio_features: Vec<Option<AudioFeatures>> }
    AudioAnalysis {
        meta: AnalysisMeta, track: AnalysisTrack, bars: Vec<Interval>, beats: Vec<Interval>, sections: Vec<Section>,
        segments: Vec<Segment>, tatums: Vec<Interval>,
    }
    AnalysisMeta {
        analyzer_version: String, platform: String, detailed_status: String, status_code: i32, timestamp: u64,
        analysis_time: f64, input_process: String,
    }
    AnalysisTrack {
        num_samples: u64, duration: f64, sample_md5: String, offset_seconds: f64, window_seconds: f64,
        analysis_sample_rate: u32, analysis_channels: u32, end_of_fade_in: f64, start_of_fade_out: f64, loudness: f64,
        tempo: f64, tempo_confidence: f64, time_signature: i32, time_signature_confidence: f64, key: i32,
        key_confidence: f64, mode: i32, mode_confidence: f64, codestring: Option<String>, code_version: Option<f64>,
        echoprintstring: Option<String>, echoprint_version: Option<f64>, synchstring: Option<String>,
        synch_version: Option<f64>, rhythmstring: Option<String>, rhythm_version: Option<f64>,
    }
    Interval { start: f64, duration: f64, confidence: f64 }
    Section {
        start: f64, duration: f64, confidence: f64, loudness: f64, tempo: f64, tempo_confidence: f64, key: i32,
        key_confidence: f64, mode: i32, mode_confidence: f64, time_signature: i32, time_signature_confidence: f64,
    }
    Segment {
        start: f64, duration: f64, confidence: f64, loudness_start: f64, loudness_max: f64, loudness_max_time: f64,
        loudness_end: Option<f64>, pitches: Vec<f64>, timbre: Vec<f64>,
    }
}

/// A track or an episode, distinguished by the field `type` as the internal tag of serde.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[allow(dead_code, clippy::large_enum_variant, reason = "fields are decoded, but never read")]
pub enum Playable {
    Track(Track),
    Episode(Episode),
}
