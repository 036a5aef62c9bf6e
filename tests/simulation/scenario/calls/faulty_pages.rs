//! Lists with errors in their pages that have caused infinite loops in clients.

use http::{Request, Response};
use serde_json::{Value, json};

use super::DecisionSource;
use super::workload::Listed;

/// The number of items of the list.
const LENGTH: usize = 11;

/// The kind of error in the pages of a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PageFault {
    /// Pages omit items, but offsets and limits are correct.
    ShortPages,
    /// Some elements are `null`.
    EmptySlots,
    /// Every page has a next page; pages after the end of the list are empty.
    AlwaysNext,
    /// Every page has the offset of the first page.
    StuckOffset,
    /// Every page has the offset of the previous page.
    OffsetBack,
    /// The cursor of every page is the cursor of its request.
    StuckCursor,
    /// Pages are empty, and each page has a different next page.
    EmptyNext,
    /// Times increase where they should decrease.
    CursorBack,
}

impl PageFault {
    pub fn any(decisions: &mut impl DecisionSource) -> Self {
        decisions.one_of(&[
            Self::ShortPages,
            Self::EmptySlots,
            Self::AlwaysNext,
            Self::StuckOffset,
            Self::OffsetBack,
            Self::StuckCursor,
            Self::EmptyNext,
            Self::CursorBack,
        ])
    }

    /// Returns the kind of list in which the error occurs.
    pub fn list(self) -> Listed {
        match self {
            Self::StuckCursor | Self::EmptyNext => Listed::Followed,
            Self::CursorBack => Listed::Recent,
            _ => Listed::AlbumTracks,
        }
    }

    /// Returns the items that a client should read; `None` if the test only checks that the list ends.
    pub fn truth(self) -> Option<Vec<String>> {
        let all = (0..LENGTH).filter(|at| self.serves(*at)).map(name);
        match self {
            Self::ShortPages | Self::EmptySlots | Self::AlwaysNext => Some(all.collect()),
            Self::EmptyNext => Some(Vec::new()),
            _ => None,
        }
    }

    fn serves(self, at: usize) -> bool {
        !matches!(self, Self::ShortPages | Self::EmptySlots) || at % 3 != 1
    }

    /// Returns the response to a request.
    pub fn respond(self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let query = request.uri().query().unwrap_or_default();
        let parameter = |name: &str| {
            query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
        };
        let number = |name: &str| parameter(name).and_then(|text| text.parse::<usize>().ok());
        let limit = number("limit").unwrap_or(20);
        let body = match self {
            Self::StuckCursor => {
                json!({"artists": cursor_page(limit, &parameter("after").unwrap_or(name(7)))})
            }
            Self::EmptyNext => {
                let after =
                    parameter("after").and_then(|text| text.parse().ok()).map_or(7, |after: usize| after + 1);
                json!({"artists": cursor_page(0, &name(after))})
            }
            Self::CursorBack => {
                let before = number("before").map_or(1_790_000_000_000, |before| before + 1);
                played_page(limit, before)
            }
            _ => self.offset_page(number("offset").unwrap_or(0), limit),
        };
        let response = Response::builder().header("content-type", "application/json; charset=utf-8");
        response.body(body.to_string().into_bytes()).expect("valid parts")
    }

    fn offset_page(self, offset: usize, limit: usize) -> Value {
        let slots = (offset..LENGTH.min(offset + limit)).filter_map(|at| {
            let item = json!({"id": name(at), "name": "A song"});
            match self {
                Self::EmptySlots if !self.serves(at) => Some(Value::Null),
                _ => self.serves(at).then_some(item),
            }
        });
        let claimed = match self {
            Self::StuckOffset => 0,
            Self::OffsetBack => offset.saturating_sub(limit),
            _ => offset,
        };
        let is_end = offset + limit >= LENGTH && self != Self::AlwaysNext;
        let next = format!("https://api.spotify.com/v1/x?offset={}&limit={limit}", offset + limit);
        json!({
            "href": "https://api.spotify.com/v1/x",
            "items": slots.collect::<Vec<_>>(),
            "limit": limit,
            "offset": claimed,
            "next": (!is_end).then_some(next),
            "total": LENGTH,
        })
    }
}

fn name(at: usize) -> String {
    format!("{at:022}")
}

fn cursor_page(len: usize, after: &str) -> Value {
    let items: Vec<_> = (0..len).map(|at| json!({"id": name(at), "name": "A band"})).collect();
    let next = format!("https://api.spotify.com/v1/me/following?type=artist&after={after}");
    json!({"items": items, "limit": len, "cursors": {"after": after}, "next": next})
}

fn played_page(len: usize, before: usize) -> Value {
    let items: Vec<_> = (0..len).map(|at| json!({"track": {"id": name(at), "name": "A song"}})).collect();
    let next = format!("https://api.spotify.com/v1/me/player/recently-played?before={before}");
    json!({"items": items, "limit": len, "cursors": {"before": before.to_string()}, "next": next})
}
