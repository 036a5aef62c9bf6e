//! Albums, artists and tracks.

use super::Fake;
use super::api_request::ApiRequest;
use super::api_response::{ApiResponse, Caching};
use super::page::Address;

/// Album groups, which are the values of `include_groups`.
const GROUPS: &[&str] = &["album", "single", "appears_on", "compilation"];

/// `get-an-album`
pub(super) fn album(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    let album = view.catalogue.album(ask.id()?).ok_or_else(ApiResponse::not_found)?;
    Ok(ApiResponse::ok(Caching::Public, &view.album(album, &tracks_of(ask, &album.id))))
}

/// `get-an-albums-tracks`
pub(super) fn album_tracks(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    let album = view.catalogue.album(ask.id()?).ok_or_else(ApiResponse::not_found)?;
    let window = ask.window(20, 50)?;
    Ok(ApiResponse::ok(Caching::Public, &view.album_tracks(album, &tracks_of(ask, &album.id), window)))
}

fn tracks_of(ask: &ApiRequest<'_>, album: &str) -> Address {
    ask.address(format!("albums/{album}/tracks"), &["market"])
}

/// `get-an-artist`
pub(super) fn artist(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    let artist = view.catalogue.artist(ask.id()?).ok_or_else(ApiResponse::not_found)?;
    Ok(ApiResponse::ok(Caching::Public, &view.artist(artist)))
}

/// `get-an-artists-albums`
pub(super) fn artist_albums(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    let artist = view.catalogue.artist(ask.id()?).ok_or_else(ApiResponse::not_found)?;
    let window = ask.window(if fake.is_extended { 20 } else { 5 }, if fake.is_extended { 50 } else { 10 })?;
    let groups = ask.list("include_groups").unwrap_or_else(|| GROUPS.to_vec());
    if groups.iter().any(|group| !GROUPS.contains(group)) {
        return Err(ApiResponse::bad_request("Invalid album type"));
    }
    let mut albums = view.catalogue.discography(&artist.id);
    albums.retain(|(_, group)| groups.contains(group));
    let items = window.of(&albums).map(|(album, group)| {
        let mut body = view.album_brief(album);
        if let Some(members) = body.as_object_mut().filter(|_| view.is_extended) {
            members.insert("album_group".to_owned(), (*group).into());
        }
        body
    });
    let address = ask.address(format!("artists/{}/albums", artist.id), &["include_groups", "market"]);
    Ok(ApiResponse::ok(Caching::Public, &address.page(window, albums.len(), items.collect())))
}

/// `get-track`
pub(super) fn track(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    let track = view.catalogue.track(ask.id()?).ok_or_else(ApiResponse::not_found)?;
    Ok(ApiResponse::ok(Caching::Public, &view.track(track)))
}
