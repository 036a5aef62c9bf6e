//! Faults in lists, such as pages that end a list early and playlists without their items.

use serde_json::{Map, Value};

use super::api_request::member;
use super::api_response::ApiResponse;
use super::injected_fault::InjectedFault;

impl InjectedFault {
    /// Returns whether this fault applies only to lists.
    pub(super) const fn is_for_lists(&self) -> bool {
        matches!(self, Self::EmptyPage | Self::ZeroPage | Self::NextOmitted | Self::PlaylistItemsOmitted)
    }

    /// Returns the changed response, or `None` if the response has no list to which this fault applies.
    pub(super) fn change_list(&self, response: &ApiResponse) -> Option<ApiResponse> {
        let mut body = response.success_json()?;
        let mut is_changed = false;
        if matches!(self, Self::PlaylistItemsOmitted) {
            is_changed = omit_items(&mut body);
        } else {
            for page in pages(&mut body) {
                is_changed |= self.change(page);
            }
        }
        is_changed.then(|| response.with_json(&body))
    }

    /// Changes a page if the fault applies to it. Returns whether it does.
    fn change(&self, page: &mut Map<String, Value>) -> bool {
        let has_next = page.get("next").is_some_and(Value::is_string);
        let changes = match self {
            Self::EmptyPage if has_next => vec![("items", Value::Array(Vec::new()))],
            Self::NextOmitted if has_next => vec![("next", Value::Null)],
            Self::ZeroPage => vec![
                ("items", Value::Array(Vec::new())),
                ("limit", 0.into()),
                ("next", Value::Null),
                ("total", 0.into()),
            ],
            _ => return false,
        };
        page.extend(changes.into_iter().map(|(name, value)| (name.to_owned(), value)));
        true
    }
}

/// Returns the pages in a response: the body itself, or those of its members that are pages.
fn pages(body: &mut Value) -> Vec<&mut Map<String, Value>> {
    if is_page(body) {
        return body.as_object_mut().into_iter().collect();
    }
    let members = body.as_object_mut().into_iter().flat_map(Map::values_mut);
    members.filter(|value| is_page(value)).filter_map(Value::as_object_mut).collect()
}

fn is_page(value: &Value) -> bool {
    member(value, "items").is_array() && member(value, "limit").is_number()
}

/// Reduces the first page inside a playlist to `href` and `total`.
fn omit_items(body: &mut Value) -> bool {
    if member(body, "type") != "playlist" {
        return false;
    }
    let mut is_changed = false;
    for name in ["items", "tracks"] {
        if let Some(page) = body.get_mut(name).filter(|page| is_page(page)).and_then(Value::as_object_mut) {
            page.retain(|key, _| ["href", "total"].contains(&key.as_str()));
            is_changed = true;
        }
    }
    is_changed
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests {
    use http::StatusCode;
    use serde_json::json;

    use super::super::ids;
    use super::super::tests::Client;
    use super::InjectedFault;

    #[test]
    fn an_empty_page_in_the_middle_of_a_list_has_a_next_address() {
        let mut client = Client::user();
        client.fake.script([InjectedFault::EmptyPage]);
        // The fault applies neither to the last page nor to a single object.
        assert_eq!(client.json("/v1/me/tracks?offset=60")["items"].as_array().map(Vec::len), Some(3));
        client.json(&format!("/v1/tracks/{}", ids::TRACK));
        assert_eq!(client.fake.scripted(), 1);
        let page = client.json("/v1/me/tracks?offset=20");
        assert_eq!(
            (&page["items"], page["next"].is_string(), &page["total"]),
            (&json!([]), true, &json!(63))
        );
        assert_eq!(client.fake.scripted(), 0);
        assert_eq!(client.json("/v1/me/tracks?offset=20")["items"].as_array().map(Vec::len), Some(20));
    }

    #[test]
    fn a_page_without_a_next_address_ends_a_list_before_its_total() {
        let mut client = Client::user();
        client.fake.script([InjectedFault::NextOmitted.at("/v1/search")]);
        client.json("/v1/me/tracks");
        let page = client.json("/v1/search?q=a&type=track,artist");
        for key in ["tracks", "artists"] {
            assert_eq!(
                (&page[key]["next"], page[key]["items"].as_array().map(Vec::len)),
                (&json!(null), Some(5))
            );
        }
        assert_eq!(client.fake.scripted(), 0);
    }

    #[test]
    fn a_zero_page_is_empty_and_has_limit_and_total_zero() {
        let mut client = Client::user();
        client.fake.script([InjectedFault::ZeroPage]);
        let page = client.json("/v1/me/following?type=artist");
        let page = &page["artists"];
        assert_eq!((&page["items"], &page["limit"], &page["total"]), (&json!([]), &json!(0), &json!(0)));
    }

    #[test]
    fn the_items_of_a_playlist_are_omitted() {
        let mut client = Client::user();
        client.fake.extended(true);
        client.fake.script([InjectedFault::PlaylistItemsOmitted]);
        let target = format!("/v1/playlists/{}", ids::PLAYLIST);
        client.json(&format!("{target}/items"));
        let playlist = client.json(&target);
        for name in ["items", "tracks"] {
            assert_eq!(playlist[name].as_object().map(serde_json::Map::len), Some(2), "{name}");
            assert_eq!(playlist[name]["total"], 117, "{name}");
        }
    }

    #[test]
    fn an_error_response_does_not_consume_a_list_fault() {
        let mut client = Client::user();
        client.fake.script([InjectedFault::ZeroPage]);
        assert_eq!(client.get("/v1/me/tracks?limit=51").status(), StatusCode::BAD_REQUEST);
        assert_eq!(client.fake.scripted(), 1);
    }
}
