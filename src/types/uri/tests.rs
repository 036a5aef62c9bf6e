use super::*;

#[test]
fn every_uri_is_formatted_as_it_was_parsed() {
    for text in [
        "spotify:track:6rqhFgbbKwnb9MLmUQDhG6",
        "spotify:user:marcel%23spotify",
        "spotify:user:",
        "spotify:",
        "spotify:local:vril::torus+xxxii:233",
        "spotify:user:x:collection",
        "spotify:track:null",
        "spotify:user:x:collection:your-episodes",
        "spotify:user:x:playlist:6rqhFgbbKwnb9MLmUQDhG6",
        "spotify:track:6rqhFgbbKwnb9MLmUQDhG6?context=x",
        "spotify:new-kind:123",
    ] {
        let uri = SpotifyUri::from_text(text).expect("a URI is kept");
        assert_eq!((uri.to_string(), uri.as_str()), (text.to_owned(), text.into()));
        let stored = serde_json::to_string(&uri).expect("a text");
        assert_eq!(serde_json::from_str::<SpotifyUri>(&stored).ok(), Some(uri));
    }
    for text in ["", "=", "t", "spotify", "string", " spotify:track:x", "spotify:track:x ", "Spotify:x"] {
        assert_eq!(SpotifyUri::from_text(text).expect("any text is accepted").to_string(), text);
    }
    for text in ["", "=", "t", "string"] {
        let stored = serde_json::to_string(text).expect("a text");
        assert!(serde_json::from_str::<SpotifyUri>(&stored).is_err(), "{text:?}");
    }
    for text in [
        "https://api.spotify.com/v1/albums/6rqhFgbbKwnb9MLmUQDhG6",
        "https://api.spotify.com/v1/users/a%23b",
        "https://api.spotify.com/v1/users/x/playlists/6rqhFgbbKwnb9MLmUQDhG6",
        "https://elsewhere.example/",
    ] {
        assert_eq!(Href::from_text(text).expect("any text is accepted").to_string(), text);
    }
}

#[test]
fn an_image_url_is_formatted_as_it_was_parsed() {
    for (text, is_short) in [
        ("https://i.scdn.co/image/ab67616d0000b273009f4b8f8e9c5d1a2f3e4d5c", true),
        ("https://i.scdn.co/image/ab67616d0000b273009f4b8f8e9c5d1a2f3e4d5", false),
        ("https://i.scdn.co/image/ab67616d0000b273009f4b8f8e9c5d1a2f3e4d5c0", false),
        ("https://i.scdn.co/image/AB67616d0000b273009f4b8f8e9c5d1a2f3e4d5c", false),
        ("https://i.scdn.co/image/ab67616d0000b273009f4b8f8e9c5d1a2f3e4d5g", false),
        ("https://mosaic.scdn.co/640/ab67616d0000b273009f4b8f8e9c5d1a2f3e4d5c", false),
        ("", false),
    ] {
        let url = ImageUrl::from_text(text).expect("any text is accepted");
        assert_eq!((url.to_string().as_str(), url.is_empty()), (text, text.is_empty()));
        assert_eq!(matches!(url.0, Picture::Hex(..)), is_short, "{text}");
    }
    assert_eq!(size_of::<ImageUrl>(), 24);
    let digits = "0123456789abcdef".repeat(3);
    for (place, byte) in (0..40).flat_map(|place| (0..=0x7f_u8).map(move |byte| (place, byte))) {
        let text = format!("{PICTURES}{}{}{}", &digits[..place], char::from(byte), &digits[place + 1..40]);
        let url = ImageUrl::from_text(&text).expect("any text is accepted");
        assert_eq!(url.to_string(), text);
        assert_eq!(matches!(url.0, Picture::Hex(..)), b"0123456789abcdef".contains(&byte), "{text}");
    }
}

#[test]
fn a_local_file_is_parsed_from_its_uri() {
    let uri: SpotifyUri = "spotify:local:The+Paper%3A::Long+Way:233".parse().expect("a local file");
    let file = uri.local_file().expect("a local file");
    assert_eq!(
        (file.artist.as_str(), file.album.as_str(), file.title.as_str()),
        ("The Paper:", "", "Long Way")
    );
    assert_eq!(file.duration, Some(Duration::from_secs(233)));
}
