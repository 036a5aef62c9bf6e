//! Audio features and audio analyses of tracks. All deprecated.

use super::common::ObjectType;
use crate::types::id::TrackId;
use crate::types::text::Text;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;

model! {
    /// What a track sounds like, in numbers. Deprecated.
    AudioFeatures {
        /// How surely it is acoustic, from 0 to 1.
        acousticness: Option<f64>,
        /// The address of its analysis.
        analysis_url: Option<String>,
        /// How well one can dance to it, from 0 to 1.
        danceability: Option<f64>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// How intense it is, from 0 to 1.
        energy: Option<f64>,
        /// The track's id.
        id: Option<TrackId>,
        /// How surely it has no vocals, from 0 to 1.
        instrumentalness: Option<f64>,
        /// Key as a pitch class: 0 is C, 1 is C♯, 11 is B; -1 if no key was detected.
        key: Option<i32>,
        /// How surely it was recorded live, from 0 to 1.
        liveness: Option<f64>,
        /// Loudness in decibels, usually from -60 to 0.
        loudness: Option<f64>,
        /// Mode: 1 for major, 0 for minor.
        mode: Option<i32>,
        /// How much of it is spoken, from 0 to 1.
        speechiness: Option<f64>,
        /// Tempo in beats per minute.
        tempo: Option<f64>,
        /// Beats per bar, from 3 to 7; other numbers occur.
        time_signature: Option<i32>,
        /// The track's address in the API.
        track_href: Option<Href>,
        /// Always `audio_features`.
        r#type: Option<ObjectType> = "type",
        /// The track's URI.
        uri: Option<SpotifyUri>,
        /// How positive it sounds, from 0 to 1.
        valence: Option<f64>,
    }

    /// Audio features of several tracks. Deprecated.
    AudioFeaturesList {
        /// The features, in the order in which they were asked for; `None` for an id without them.
        audio_features: Vec<Option<AudioFeatures>>,
    }

    /// The structure of a track: rhythm, pitch and timbre over time. Deprecated.
    AudioAnalysis {
        /// How the analysis was made.
        meta: Option<AnalysisMeta>,
        /// The track as a whole.
        track: Option<Box<AnalysisTrack>>,
        /// The bars.
        bars: Vec<TimeInterval>,
        /// The beats.
        beats: Vec<TimeInterval>,
        /// The sections, such as chorus and verse.
        sections: Vec<Section>,
        /// The segments: spans in which the sound stays much the same.
        segments: Vec<Segment>,
        /// The tatums: the shortest regular pulse that a listener feels.
        tatums: Vec<TimeInterval>,
    }

    /// How an analysis was made.
    AnalysisMeta {
        /// The version of the analyzer.
        analyzer_version: Option<Text>,
        /// The platform it ran on.
        platform: Option<Text>,
        /// How it went, in words.
        detailed_status: Option<Text>,
        /// 0 when it went well.
        status_code: Option<i32>,
        /// When it was made, in seconds of Unix time.
        timestamp: Option<u64>,
        /// How long it took, in seconds.
        analysis_time: Option<f64>,
        /// How the audio was read.
        input_process: Option<Text>,
    }

    /// The track as a whole, in an analysis.
    AnalysisTrack {
        /// How many samples were analyzed.
        num_samples: Option<u64>,
        /// Length in seconds.
        duration: Option<f64>,
        /// Always empty.
        sample_md5: Option<Text>,
        /// Where the analyzed region begins, in seconds: always 0.
        offset_seconds: Option<f64>,
        /// How long the analyzed region is, in seconds: 0, because it is the whole track.
        window_seconds: Option<f64>,
        /// Samples a second; may differ from the track's own.
        analysis_sample_rate: Option<u32>,
        /// How many channels were analyzed; 1 where all were mixed.
        analysis_channels: Option<u32>,
        /// Where the fade-in ends, in seconds.
        end_of_fade_in: Option<f64>,
        /// Where the fade-out begins, in seconds.
        start_of_fade_out: Option<f64>,
        /// Loudness in decibels, usually from -60 to 0.
        loudness: Option<f64>,
        /// Tempo in beats per minute.
        tempo: Option<f64>,
        /// Confidence of the tempo, from 0 to 1.
        tempo_confidence: Option<f64>,
        /// Beats per bar, from 3 to 7; other numbers occur.
        time_signature: Option<i32>,
        /// Confidence of the time signature, from 0 to 1.
        time_signature_confidence: Option<f64>,
        /// Key as a pitch class: 0 is C, 1 is C♯, 11 is B; -1 if no key was detected.
        key: Option<i32>,
        /// Confidence of the key, from 0 to 1.
        key_confidence: Option<f64>,
        /// Mode: 1 for major, 0 for minor.
        mode: Option<i32>,
        /// Confidence of the mode, from 0 to 1.
        mode_confidence: Option<f64>,
        /// A fingerprint, in Echo Nest's format.
        codestring: Option<String>,
        /// Version of the format.
        code_version: Option<f64>,
        /// A fingerprint, in EchoPrint's format.
        echoprintstring: Option<String>,
        /// Version of the format.
        echoprint_version: Option<f64>,
        /// A synchronization track, in Echo Nest's format.
        synchstring: Option<String>,
        /// Version of the format.
        synch_version: Option<f64>,
        /// The rhythm, in a format like that of `synchstring`.
        rhythmstring: Option<String>,
        /// Version of the format.
        rhythm_version: Option<f64>,
    }

    /// A bar, a beat or a tatum.
    TimeInterval {
        /// Start in seconds.
        start: f64,
        /// Duration in seconds.
        duration: f64,
        /// Confidence from 0 to 1.
        confidence: f64,
    }

    /// A section of a track, such as chorus or verse.
    Section {
        /// Start in seconds.
        start: f64,
        /// Duration in seconds.
        duration: f64,
        /// Confidence from 0 to 1.
        confidence: f64,
        /// The loudness in decibels.
        loudness: Option<f64>,
        /// Tempo in beats per minute.
        tempo: Option<f64>,
        /// Confidence of the tempo, from 0 to 1.
        tempo_confidence: Option<f64>,
        /// Key as a pitch class: 0 is C, 1 is C♯, 11 is B; -1 if no key was detected.
        key: Option<i32>,
        /// Confidence of the key, from 0 to 1.
        key_confidence: Option<f64>,
        /// 1 for major, 0 for minor, -1 where neither was found.
        mode: Option<i32>,
        /// Confidence of the mode, from 0 to 1.
        mode_confidence: Option<f64>,
        /// Beats per bar, from 3 to 7; other numbers occur.
        time_signature: Option<i32>,
        /// Confidence of the time signature, from 0 to 1.
        time_signature_confidence: Option<f64>,
    }

    /// A span in which the sound stays much the same.
    Segment {
        /// Start in seconds.
        start: f64,
        /// Duration in seconds.
        duration: f64,
        /// Confidence from 0 to 1.
        confidence: f64,
        /// The loudness at its start, in decibels.
        loudness_start: f64,
        /// The greatest loudness, in decibels.
        loudness_max: f64,
        /// Where in the segment that is, in seconds from its start.
        loudness_max_time: f64,
        /// The loudness at its end, in decibels; not always written.
        loudness_end: Option<f64>,
        /// How strong each of the twelve pitch classes is, from C, each from 0 to 1.
        pitches: Vec<f64>,
        /// The timbre: twelve coefficients, the most important first, around 0.
        timbre: Vec<f64>,
    }
}
