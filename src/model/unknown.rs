//! Items that are neither tracks nor episodes, with all their fields.

use std::collections::BTreeMap;

use serde::de::{MapAccess, SeqAccess};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::common::{ExternalUrls, Markets, ObjectType, Restrictions};
use crate::types::text::Text;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::{FieldName, LenientDeserialize, LenientSeed, Number, ReadContext};

/// An item whose type is unknown or cannot be determined from its fields.
///
/// For example, the type cannot be determined if a `fields` filter omits `type` and `uri`. See
/// [`Playable`](super::Playable).
///
/// Reference: [Get Playlist Items](https://developer.spotify.com/documentation/web-api/reference/get-playlists-items).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UnknownItem {
    /// Countries in which the item is available.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_markets: Option<Markets>,
    /// Duration in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// True if the item has explicit content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explicit: Option<bool>,
    /// Public URLs of the item, keyed by site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_urls: Option<ExternalUrls>,
    /// Web API URL of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<Href>,
    /// Spotify ID of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Text>,
    /// True if the item can be played in the market of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_playable: Option<bool>,
    /// Name of the item; empty if the response has none.
    pub name: Text,
    /// Reason why the item cannot be played; `None` if the item can be played.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restrictions: Option<Restrictions>,
    /// Type of the item; `None` if the response has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<ObjectType>,
    /// Spotify URI of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<SpotifyUri>,
    /// All other fields as JSON text, by key; `null` and empty lists are omitted.
    #[serde(flatten, serialize_with = "write_fields")]
    pub other: BTreeMap<Text, String>,
}

/// Adds a field as JSON text, unless the value is `null` or an empty list.
pub(super) fn add_field(fields: &mut BTreeMap<Text, String>, key: &str, value: &Value) {
    if *value != Value::Null && *value != Value::Array(Vec::new()) {
        fields.insert(Text::from(key), value.to_string());
    }
}

/// Serializes JSON texts as the values that they contain.
fn write_fields<S: Serializer>(fields: &BTreeMap<Text, String>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut values = BTreeMap::new();
    for (key, text) in fields {
        let value: Value = serde_json::from_str(text).map_err(S::Error::custom)?;
        values.insert(key, value);
    }
    values.serialize(serializer)
}

/// Any JSON value except `null`.
pub(super) struct Json(pub(super) Value);

impl Json {
    fn of(value: Option<Self>) -> Value {
        value.map_or(Value::Null, |Self(value)| value)
    }
}

impl LenientDeserialize for Json {
    fn from_text(text: &str) -> Option<Self> {
        Some(Self(text.into()))
    }

    fn from_number(number: Number) -> Option<Self> {
        Some(Self(match number {
            Number::Unsigned(number) => number.into(),
            Number::Signed(number) => number.into(),
            Number::Float(number) => number.into(),
        }))
    }

    fn from_bool(value: bool) -> Option<Self> {
        Some(Self(value.into()))
    }

    fn from_map<'de, A: MapAccess<'de>>(
        mut map: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        let mut object = serde_json::Map::new();
        while let Some(FieldName(key)) = map.next_key()? {
            object.insert(key.into_owned(), Self::of(map.next_value_seed(LenientSeed::new(context))?));
        }
        Ok(Some(Self(object.into())))
    }

    fn from_seq<'de, A: SeqAccess<'de>>(
        mut seq: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element_seed(LenientSeed::new(context))? {
            list.push(Self::of(value));
        }
        Ok(Some(Self(list.into())))
    }
}
