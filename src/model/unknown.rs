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

/// An item of a kind that this version does not know, or whose fields do not determine its kind.
///
/// The second is the result of a `fields` filter without `type` and `uri`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UnknownItem {
    /// Countries where it is available.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_markets: Option<Markets>,
    /// Duration in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// True if it has explicit content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explicit: Option<bool>,
    /// Public web page of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_urls: Option<ExternalUrls>,
    /// Address of the item in the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<Href>,
    /// ID of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Text>,
    /// True if it can be played in the market of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_playable: Option<bool>,
    /// Name of the item.
    pub name: Text,
    /// Reason why it cannot be played.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restrictions: Option<Restrictions>,
    /// Type of the item, if the response has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<ObjectType>,
    /// URI of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<SpotifyUri>,
    /// All other fields by their keys, each as JSON text.
    #[serde(flatten, serialize_with = "write_fields")]
    pub other: BTreeMap<Text, String>,
}

/// Adds a field as JSON text, unless it is empty.
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

/// Any JSON value but `null`.
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
