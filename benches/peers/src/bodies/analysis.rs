//! Generated audio analysis of about 500 KB.

use serde_json::{Value, json};

use super::shapes::Seeded;

pub fn analysis(seeded: &mut Seeded) -> Value {
    json!({
        "meta": {
            "analyzer_version": "4.0.0", "platform": "Linux", "detailed_status": "OK", "status_code": 0,
            "timestamp": 1_495_193_577, "analysis_time": 6.93906, "input_process": "libvorbisfile L+R 44100->22050",
        },
        "track": track(seeded),
        "bars": intervals(seeded, 120),
        "beats": intervals(seeded, 480),
        "sections": (0..12).map(|_| section(seeded)).collect::<Value>(),
        "segments": (0..960).map(|_| segment(seeded)).collect::<Value>(),
        "tatums": intervals(seeded, 960),
    })
}

/// Returns a number below `end` with the given number of decimal places.
fn number(seeded: &mut Seeded, end: u64, digits: u32) -> f64 {
    let scale = 10_u64.pow(digits);
    seeded.below(end * scale) as f64 / scale as f64
}

fn intervals(seeded: &mut Seeded, count: u64) -> Value {
    (0..count)
        .map(|_| {
            json!({
                "start": number(seeded, 240, 5), "duration": number(seeded, 1, 5), "confidence": number(seeded, 1, 3),
            })
        })
        .collect()
}

fn segment(seeded: &mut Seeded) -> Value {
    json!({
        "start": number(seeded, 240, 5),
        "duration": number(seeded, 1, 5),
        "confidence": number(seeded, 1, 3),
        "loudness_start": -number(seeded, 60, 3),
        "loudness_max": -number(seeded, 60, 3),
        "loudness_max_time": number(seeded, 1, 5),
        "loudness_end": -number(seeded, 60, 3),
        "pitches": (0..12).map(|_| number(seeded, 1, 3)).collect::<Vec<_>>(),
        "timbre": (0..12).map(|_| number(seeded, 200, 3) - 100.0).collect::<Vec<_>>(),
    })
}

fn section(seeded: &mut Seeded) -> Value {
    json!({
        "start": number(seeded, 240, 5),
        "duration": number(seeded, 30, 5),
        "confidence": number(seeded, 1, 3),
        "loudness": -number(seeded, 60, 3),
        "tempo": number(seeded, 200, 3),
        "tempo_confidence": number(seeded, 1, 3),
        "key": seeded.below(12),
        "key_confidence": number(seeded, 1, 3),
        "mode": seeded.below(2),
        "mode_confidence": number(seeded, 1, 3),
        "time_signature": 4,
        "time_signature_confidence": number(seeded, 1, 3),
    })
}

fn track(seeded: &mut Seeded) -> Value {
    let fingerprint = |seeded: &mut Seeded, ids: usize| (0..ids).map(|_| seeded.id()).collect::<String>();
    json!({
        "num_samples": 4_585_515,
        "duration": 207.95985,
        "sample_md5": "",
        "offset_seconds": 0,
        "window_seconds": 0,
        "analysis_sample_rate": 22_050,
        "analysis_channels": 1,
        "end_of_fade_in": 0.0,
        "start_of_fade_out": 201.13705,
        "loudness": -5.883,
        "tempo": 118.211,
        "tempo_confidence": 0.73,
        "time_signature": 4,
        "time_signature_confidence": 0.994,
        "key": 9,
        "key_confidence": 0.408,
        "mode": 0,
        "mode_confidence": 0.485,
        "codestring": fingerprint(seeded, 300),
        "code_version": 3.15,
        "echoprintstring": fingerprint(seeded, 500),
        "echoprint_version": 4.12,
        "synchstring": fingerprint(seeded, 500),
        "synch_version": 1.0,
        "rhythmstring": fingerprint(seeded, 300),
        "rhythm_version": 1.0,
    })
}
