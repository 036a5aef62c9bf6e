//! Playlist items that are episodes.

use serde_json::{Value, json};

use super::shapes::{Seeded, images, object, with};

/// Returns the page with every tenth track replaced by an episode, beginning with the first.
pub fn with_episodes(mut page: Value, seeded: &mut Seeded) -> Value {
    let items = page["items"].as_array_mut().expect("a page has items");
    for item in items.iter_mut().step_by(10) {
        item["item"] = episode(seeded);
    }
    page
}

fn episode(seeded: &mut Seeded) -> Value {
    let description = (0..12).map(|_| seeded.name()).collect::<Vec<_>>().join(", ");
    let more = json!({
        "audio_preview_url": null,
        "description": description,
        "duration_ms": 1_200_000 + seeded.below(3_000_000),
        "explicit": false,
        "html_description": format!("<p>{description}</p>"),
        "images": images(seeded),
        "is_externally_hosted": false,
        "is_playable": true,
        "language": "en",
        "languages": ["en"],
        "name": seeded.name(),
        "release_date": "2025-11-06",
        "release_date_precision": "day",
        "resume_point": {"fully_played": false, "resume_position_ms": 0},
        "show": show(seeded),
    });
    with(object("episode", &seeded.id()), more)
}

fn show(seeded: &mut Seeded) -> Value {
    let more = json!({
        "available_markets": ["GB", "SE"],
        "copyrights": [],
        "description": seeded.name(),
        "explicit": false,
        "html_description": seeded.name(),
        "images": images(seeded),
        "is_externally_hosted": false,
        "languages": ["en"],
        "media_type": "audio",
        "name": seeded.name(),
        "publisher": "Breakwater Radio",
        "total_episodes": 120,
    });
    with(object("show", &seeded.id()), more)
}
