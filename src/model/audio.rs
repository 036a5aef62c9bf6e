//! Audio features and audio analyses of tracks, both deprecated.

use super::common::ObjectType;
use crate::types::id::TrackId;
use crate::types::text::Text;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;

model! {
    /// Audio features of a track. Deprecated.
    ///
    /// Response to [`GetAudioFeatures`](crate::api::GetAudioFeatures).
    ///
    /// Reference:
    /// [Get Track's Audio Features](https://developer.spotify.com/documentation/web-api/reference/get-audio-features).
    AudioFeatures {
        /// Confidence that the track is acoustic, from 0 to 1.
        acousticness: Option<f64>,
        /// Web API URL of the audio analysis, which [`GetAudioAnalysis`](crate::api::GetAudioAnalysis) reads.
        analysis_url: Option<String>,
        /// Suitability for dancing, from 0 (least) to 1 (most).
        danceability: Option<f64>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// Perceived intensity and activity, from 0 to 1.
        energy: Option<f64>,
        /// Spotify ID of the track.
        id: Option<TrackId>,
        /// Confidence that the track has no vocals, from 0 to 1; values above 0.5 are intended to represent
        /// instrumental tracks.
        instrumentalness: Option<f64>,
        /// Key as a pitch class: 0 for C, 1 for C♯, up to 11 for B; -1 if no key was detected.
        key: Option<i32>,
        /// Confidence that the track was performed live, from 0 to 1; values above 0.8 mean that a live performance is
        /// likely.
        liveness: Option<f64>,
        /// Average loudness in decibels, usually from -60 to 0.
        loudness: Option<f64>,
        /// Mode: 1 for major, 0 for minor.
        mode: Option<i32>,
        /// Presence of spoken words, from 0 to 1: usually below 0.33 for music and above 0.66 for speech.
        speechiness: Option<f64>,
        /// Estimated tempo in beats per minute.
        tempo: Option<f64>,
        /// Estimated number of beats per bar, usually from 3 to 7.
        time_signature: Option<i32>,
        /// Web API URL of the track.
        track_href: Option<Href>,
        /// Type of the object: always `audio_features`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the track.
        uri: Option<SpotifyUri>,
        /// Musical positiveness, from 0 (sad, angry) to 1 (happy, cheerful).
        valence: Option<f64>,
    }

    /// Audio features of several tracks: the response to
    /// [`GetSeveralAudioFeatures`](crate::api::GetSeveralAudioFeatures). Deprecated.
    ///
    /// Reference:
    /// [Get Several Tracks' Audio Features](https://developer.spotify.com/documentation/web-api/reference/get-several-audio-features).
    AudioFeaturesList {
        /// One slot per requested id, in the same order; `None` if the track has no audio features.
        audio_features: Vec<Option<AudioFeatures>>,
    }

    /// Audio analysis of a track: rhythm, pitch and timbre over time. Deprecated.
    ///
    /// Response to [`GetAudioAnalysis`](crate::api::GetAudioAnalysis). All times are in seconds from the start of the
    /// track.
    ///
    /// Reference:
    /// [Get Track's Audio Analysis](https://developer.spotify.com/documentation/web-api/reference/get-audio-analysis).
    AudioAnalysis {
        /// Version, status and duration of the analysis.
        meta: Option<AnalysisMeta>,
        /// Properties of the whole track.
        track: Option<Box<AnalysisTrack>>,
        /// Bars: intervals of a fixed number of beats.
        bars: Vec<TimeInterval>,
        /// Beats: intervals of the basic time unit, such as the ticks of a metronome.
        beats: Vec<TimeInterval>,
        /// Sections that differ in rhythm or timbre, such as chorus and verse.
        sections: Vec<Section>,
        /// Segments, each with a roughly uniform sound.
        segments: Vec<Segment>,
        /// Tatums: intervals of the shortest regular pulse that a listener perceives. A beat usually contains several
        /// tatums.
        tatums: Vec<TimeInterval>,
    }

    /// Version, status and duration of an audio analysis.
    ///
    /// Reference:
    /// [Get Track's Audio Analysis](https://developer.spotify.com/documentation/web-api/reference/get-audio-analysis).
    AnalysisMeta {
        /// Version of the analyzer.
        analyzer_version: Option<Text>,
        /// Platform on which the track's audio was read.
        platform: Option<Text>,
        /// Detailed status as text, which can explain missing data.
        detailed_status: Option<Text>,
        /// Exit code of the analyzer: 0 for success, 1 for an error.
        status_code: Option<i32>,
        /// Unix timestamp of the analysis, in seconds.
        timestamp: Option<u64>,
        /// Duration of the analysis in seconds.
        analysis_time: Option<f64>,
        /// Method by which the track's audio was read.
        input_process: Option<Text>,
    }

    /// Properties of a whole track in an audio analysis.
    ///
    /// Reference:
    /// [Get Track's Audio Analysis](https://developer.spotify.com/documentation/web-api/reference/get-audio-analysis).
    AnalysisTrack {
        /// Number of analyzed samples; see `analysis_sample_rate`.
        num_samples: Option<u64>,
        /// Duration in seconds.
        duration: Option<f64>,
        /// Unused: always empty.
        sample_md5: Option<Text>,
        /// Start of the analyzed region in seconds: always 0, because the whole track is analyzed.
        offset_seconds: Option<f64>,
        /// Length of the analyzed region in seconds; 0 for the whole track.
        window_seconds: Option<f64>,
        /// Sample rate of the analysis in hertz, which can differ from the sample rate of the track.
        analysis_sample_rate: Option<u32>,
        /// Number of analyzed channels; 1 if all channels were mixed to mono.
        analysis_channels: Option<u32>,
        /// End of the fade-in in seconds; 0 if there is none.
        end_of_fade_in: Option<f64>,
        /// Start of the fade-out in seconds; the duration of the track if there is none.
        start_of_fade_out: Option<f64>,
        /// Average loudness in decibels, usually from -60 to 0.
        loudness: Option<f64>,
        /// Estimated tempo in beats per minute.
        tempo: Option<f64>,
        /// Confidence of `tempo`, from 0 to 1.
        tempo_confidence: Option<f64>,
        /// Estimated number of beats per bar, usually from 3 to 7.
        time_signature: Option<i32>,
        /// Confidence of `time_signature`, from 0 to 1.
        time_signature_confidence: Option<f64>,
        /// Key as a pitch class: 0 for C, 1 for C♯, up to 11 for B; -1 if no key was detected.
        key: Option<i32>,
        /// Confidence of `key`, from 0 to 1.
        key_confidence: Option<f64>,
        /// Mode: 1 for major, 0 for minor.
        mode: Option<i32>,
        /// Confidence of `mode`, from 0 to 1.
        mode_confidence: Option<f64>,
        /// Echo Nest Musical Fingerprint (ENMFP).
        codestring: Option<String>,
        /// Version of the format of `codestring`.
        code_version: Option<f64>,
        /// Echoprint fingerprint.
        echoprintstring: Option<String>,
        /// Version of the format of `echoprintstring`.
        echoprint_version: Option<f64>,
        /// Echo Nest Synchstring, which can be used to synchronize recordings.
        synchstring: Option<String>,
        /// Version of the format of `synchstring`.
        synch_version: Option<f64>,
        /// Rhythmstring, whose format is similar to that of `synchstring`.
        rhythmstring: Option<String>,
        /// Version of the format of `rhythmstring`.
        rhythm_version: Option<f64>,
    }

    /// A bar, a beat or a tatum.
    ///
    /// Reference:
    /// [Get Track's Audio Analysis](https://developer.spotify.com/documentation/web-api/reference/get-audio-analysis).
    TimeInterval {
        /// Start in seconds from the start of the track.
        start: f64,
        /// Duration in seconds.
        duration: f64,
        /// Confidence of the interval, from 0 to 1.
        confidence: f64,
    }

    /// A section of a track, such as a chorus or a verse.
    ///
    /// Reference:
    /// [Get Track's Audio Analysis](https://developer.spotify.com/documentation/web-api/reference/get-audio-analysis).
    Section {
        /// Start in seconds from the start of the track.
        start: f64,
        /// Duration in seconds.
        duration: f64,
        /// Confidence of the section, from 0 to 1.
        confidence: f64,
        /// Average loudness in decibels.
        loudness: Option<f64>,
        /// Estimated tempo in beats per minute.
        tempo: Option<f64>,
        /// Confidence of `tempo`, from 0 to 1.
        tempo_confidence: Option<f64>,
        /// Key as a pitch class: 0 for C, 1 for C♯, up to 11 for B; -1 if no key was detected.
        key: Option<i32>,
        /// Confidence of `key`, from 0 to 1.
        key_confidence: Option<f64>,
        /// Mode: 1 for major, 0 for minor, -1 if neither was detected.
        mode: Option<i32>,
        /// Confidence of `mode`, from 0 to 1.
        mode_confidence: Option<f64>,
        /// Estimated number of beats per bar, usually from 3 to 7.
        time_signature: Option<i32>,
        /// Confidence of `time_signature`, from 0 to 1.
        time_signature_confidence: Option<f64>,
    }

    /// A segment of a track in which the sound is roughly uniform.
    ///
    /// Reference:
    /// [Get Track's Audio Analysis](https://developer.spotify.com/documentation/web-api/reference/get-audio-analysis).
    Segment {
        /// Start in seconds from the start of the track.
        start: f64,
        /// Duration in seconds.
        duration: f64,
        /// Confidence of the segment, from 0 to 1; low for noise.
        confidence: f64,
        /// Loudness at the start of the segment, in decibels.
        loudness_start: f64,
        /// Peak loudness in decibels.
        loudness_max: f64,
        /// Position of the peak loudness, in seconds from the start of the segment.
        loudness_max_time: f64,
        /// Loudness at the end of the segment, in decibels; `None` in some responses.
        loudness_end: Option<f64>,
        /// Relative strengths of the twelve pitch classes from C to B, each from 0 to 1; the strongest is 1.
        pitches: Vec<f64>,
        /// Twelve timbre coefficients, most important first. The coefficients are unbounded and centered around 0.
        timbre: Vec<f64>,
    }
}
