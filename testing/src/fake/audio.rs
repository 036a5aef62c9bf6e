//! Audio features and audio analyses of tracks, which are available only in extended quota mode.

use serde_json::{Value, json};

use super::Fake;
use super::api_request::ApiRequest;
use super::api_response::{ApiResponse, Caching};
use super::data::{Track, hex, pseudo_random};
use super::page::BASE;
use super::several::each;

/// `get-several-audio-features`
pub(super) fn several_features(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    each(ask, "audio_features", 100, |id| fake.catalogue.track(id).map(features_json))
}

/// `get-audio-features`
pub(super) fn features(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let track = fake.catalogue.track(ask.id()?).ok_or_else(ApiResponse::not_found)?;
    Ok(ApiResponse::ok(Caching::Never, &features_json(track)))
}

/// `get-audio-analysis`: an analysis with two intervals of each kind.
pub(super) fn analysis(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let track = fake.catalogue.track(ask.id()?).ok_or_else(ApiResponse::not_found)?;
    Ok(ApiResponse::ok(Caching::Never, &analysis_json(track)))
}

/// Returns numbers between 0 and 1 with two decimals that depend only on the track.
fn shares(track: &Track) -> impl Iterator<Item = f64> {
    pseudo_random(&track.id, track.number).map(|byte| f64::from(byte % 100) / 100.0)
}

fn features_json(track: &Track) -> Value {
    let mut shares = shares(track);
    let mut share = || shares.next().unwrap_or_default();
    json!({
        "acousticness": share(),
        "analysis_url": format!("{BASE}/audio-analysis/{}", track.id),
        "danceability": share(),
        "duration_ms": track.duration_ms,
        "energy": share(),
        "id": track.id,
        "instrumentalness": share(),
        "key": track.number % 12,
        "liveness": share(),
        "loudness": -60.0 * share(),
        "mode": track.number % 2,
        "speechiness": share(),
        "tempo": 60.0 + 120.0 * share(),
        "time_signature": 3 + track.number % 5,
        "track_href": format!("{BASE}/tracks/{}", track.id),
        "type": "audio_features",
        "uri": format!("spotify:track:{}", track.id),
        "valence": share(),
    })
}

fn analysis_json(track: &Track) -> Value {
    let mut shares = shares(track);
    let mut share = || shares.next().unwrap_or_default();
    let seconds = f64::from(u32::try_from(track.duration_ms).unwrap_or(u32::MAX)) / 1000.0;
    let (loudness, tempo) = (-60.0 * share(), 60.0 + 120.0 * share());
    let (key, mode, time_signature) = (track.number % 12, track.number % 2, 3 + track.number % 5);
    let half = seconds / 2.0;
    let mut interval = |start: f64| json!({"start": start, "duration": half, "confidence": share()});
    let mut intervals = || json!([interval(0.0), interval(half)]);
    let section = |start: f64| {
        json!({
            "start": start, "duration": half, "confidence": 1.0, "loudness": loudness, "tempo": tempo,
            "tempo_confidence": 0.5, "key": key, "key_confidence": 0.25, "mode": mode, "mode_confidence": 0.75,
            "time_signature": time_signature, "time_signature_confidence": 1.0,
        })
    };
    let segment = |start: f64| {
        json!({
            "start": start, "duration": half, "confidence": 0.5, "loudness_start": loudness,
            "loudness_max": loudness / 2.0, "loudness_max_time": 0.0625, "loudness_end": loudness,
            "pitches": [1.0, 0.5, 0.25, 0.125, 0.0, 0.0, 0.0, 0.0, 0.125, 0.25, 0.5, 0.75],
            "timbre": [42.5, -13.25, 0.0, 7.5, -90.0, 11.0, 3.5, -2.25, 1.0, 0.5, -0.5, 8.0],
        })
    };
    json!({
        "meta": {
            "analyzer_version": "4.0.0", "platform": "Linux", "detailed_status": "OK", "status_code": 0,
            "timestamp": 1_495_193_577, "analysis_time": 6.93906, "input_process": "libvorbisfile L+R 44100->22050",
        },
        "track": {
            "num_samples": track.duration_ms.saturating_mul(22_050) / 1000, "duration": seconds,
            "sample_md5": hex("md5", &track.id, 32), "offset_seconds": 0, "window_seconds": 0,
            "analysis_sample_rate": 22_050, "analysis_channels": 1, "end_of_fade_in": 0.0,
            "start_of_fade_out": half, "loudness": loudness, "tempo": tempo, "tempo_confidence": 0.5,
            "time_signature": time_signature, "time_signature_confidence": 1.0, "key": key,
            "key_confidence": 0.25, "mode": mode, "mode_confidence": 0.75,
            "codestring": "eJxVnAmS5DgOBL-ST-B9_P9j4x7M6qoxW9tp", "code_version": 3.15,
            "echoprintstring": "eJzlvQmSHDmStHslxw4cB-v9j_A-tahhVKV0IH9", "echoprint_version": 4.15,
            "synchstring": "eJx1mIlx7ToORFNRCCK455_YoE9Dtt-vmrKsK3EBsTY", "synch_version": 1.0,
            "rhythmstring": "eJyNXAmOLT2r28pZQuZh_xv7g21Iqu_3pCd160xV", "rhythm_version": 1.0,
        },
        "bars": intervals(),
        "beats": intervals(),
        "sections": [section(0.0), section(half)],
        "segments": [segment(0.0), segment(half)],
        "tatums": intervals(),
    })
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests {
    use super::super::ids;
    use super::super::tests::Client;

    #[test]
    fn both_operations_return_the_same_features() {
        let mut client = Client::app();
        client.fake.extended(true);
        let alone = client.json(&format!("/v1/audio-features/{}", ids::TRACK));
        assert_eq!(alone["uri"], format!("spotify:track:{}", ids::TRACK));
        let list = client.json(&format!("/v1/audio-features?ids={},{}", ids::UNKNOWN, ids::TRACK));
        assert_eq!(list["audio_features"], serde_json::json!([null, alone]));
    }

    #[test]
    fn an_analysis_covers_the_whole_track() {
        let mut client = Client::app();
        client.fake.extended(true);
        let analysis = client.json(&format!("/v1/audio-analysis/{}", ids::TRACK));
        let duration = analysis["track"]["duration"].as_f64().expect("seconds");
        for list in ["bars", "beats", "sections", "segments", "tatums"] {
            let parts = analysis[list].as_array().into_iter().flatten();
            let sum: f64 = parts.filter_map(|part| part["duration"].as_f64()).sum();
            assert!((sum - duration).abs() < 1e-6, "{list}");
        }
    }
}
