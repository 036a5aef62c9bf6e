//! Shows and episodes, audiobooks and chapters.
//!
//! Shows and episodes are available only in certain markets, so requests with an application token and no `market` find
//! none.

use http::StatusCode;

use super::Fake;
use super::api_request::ApiRequest;
use super::api_response::{ApiResponse, Caching};
use super::json::View;
use super::page::Address;

/// `get-a-show`
pub(super) fn show(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = in_a_market(fake, ask)?;
    let show = view.catalogue.show(ask.id()?).ok_or_else(ApiResponse::not_found)?;
    Ok(ApiResponse::ok(Caching::Minute, &view.show(show, &list_of(ask, "shows", &show.id, "episodes"))))
}

/// `get-a-shows-episodes`
pub(super) fn show_episodes(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = in_a_market(fake, ask)?;
    let show = view.catalogue.show(ask.id()?).ok_or_else(ApiResponse::not_found)?;
    let address = list_of(ask, "shows", &show.id, "episodes");
    Ok(ApiResponse::ok(Caching::Minute, &view.show_episodes(show, &address, ask.window(20, 50)?)))
}

/// `get-an-episode`
pub(super) fn episode(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = in_a_market(fake, ask)?;
    let episode = view.catalogue.episode(ask.id()?).ok_or_else(ApiResponse::not_found)?;
    Ok(ApiResponse::ok(Caching::Minute, &view.episode(episode)))
}

/// `get-an-audiobook`
pub(super) fn audiobook(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    let book = view.catalogue.audiobook(ask.id()?).ok_or_else(ApiResponse::not_found)?;
    let address = list_of(ask, "audiobooks", &book.id, "chapters");
    Ok(ApiResponse::ok(Caching::Public, &view.audiobook(book, &address)))
}

/// `get-audiobook-chapters`
pub(super) fn audiobook_chapters(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    let book = view.catalogue.audiobook(ask.id()?).ok_or_else(ApiResponse::not_found)?;
    let address = list_of(ask, "audiobooks", &book.id, "chapters");
    Ok(ApiResponse::ok(Caching::Public, &view.book_chapters(book, &address, ask.window(20, 50)?)))
}

/// `get-a-chapter`
pub(super) fn chapter(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    let chapter = view.catalogue.chapter(ask.id()?).ok_or_else(ApiResponse::not_found)?;
    Ok(ApiResponse::ok(Caching::Public, &view.chapter(chapter)))
}

fn in_a_market<'f>(fake: &'f Fake, ask: &ApiRequest<'_>) -> Result<View<'f>, ApiResponse> {
    let view = fake.view(ask)?;
    if view.has_market { Ok(view) } else { Err(ApiResponse::error(StatusCode::NOT_FOUND, "non existing id")) }
}

fn list_of(ask: &ApiRequest<'_>, family: &str, id: &str, list: &str) -> Address {
    ask.address(format!("{family}/{id}/{list}"), &["market"])
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests {
    use http::StatusCode;
    use serde_json::json;

    use super::super::tests::{Client, header, message, walk};
    use super::super::{Scope, ids};

    #[test]
    fn episodes_are_not_found_without_a_market() {
        let mut client = Client::app();
        let path = format!("/v1/episodes/{}", ids::EPISODE);
        let refused = client.get(&path);
        assert_eq!(
            (refused.status(), message(&refused).as_str()),
            (StatusCode::NOT_FOUND, "non existing id")
        );
        let found = client.get(&format!("{path}?market=IE"));
        assert_eq!(
            (found.status(), header(&found, "cache-control")),
            (StatusCode::OK, Some("public, max-age=60"))
        );
    }

    #[test]
    fn embedded_first_pages_have_a_next_address() {
        let mut client = Client::user();
        for (path, list, total) in [
            (format!("/v1/shows/{}", ids::SHOW), "episodes", 56),
            (format!("/v1/audiobooks/{}", ids::AUDIOBOOK), "chapters", 53),
        ] {
            let whole = client.json(&path);
            assert_eq!(whole[list]["items"].as_array().map(Vec::len), Some(50));
            let next =
                whole[list]["next"].as_str().and_then(|next| next.strip_prefix("https://api.spotify.com"));
            let rest = client.json(next.expect("a second page"));
            assert_eq!(rest["items"].as_array().map(Vec::len), Some(total - 50));
            assert_eq!(walk(&mut client, &format!("{path}/{list}")).0.len(), total);
        }
    }

    #[test]
    fn playback_positions_require_a_scope() {
        let path = format!("/v1/episodes/{}", ids::EPISODE);
        assert_eq!(Client::with_scopes(&[]).json(&path).get("resume_point"), None);
        let mut client = Client::with_scopes(&[Scope::UserReadPlaybackPosition]);
        assert_eq!(client.json(&path)["resume_point"]["fully_played"], false);
        let chapter = client.json(&format!("/v1/chapters/{}", ids::CHAPTER));
        assert_eq!(chapter["audiobook"]["id"], json!(ids::AUDIOBOOK));
    }
}
