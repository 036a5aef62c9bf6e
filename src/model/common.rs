//! Objects and enums that are shared by many models.

use std::collections::BTreeMap;

use serde::de::{DeserializeSeed as _, Error as _, MapAccess, SeqAccess};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::types::text::Text;
use crate::types::uri::{ImageUrl, WebUrl};
use crate::wire::lenient::{
    Countries, FieldName, LenientDeserialize, LenientSeed, OptionSeed, ReadContext, absent_is_default,
    country_bit, model,
};
use crate::wire::open_enum::open_enum;

model! {
    /// An image in one size.
    ///
    /// Reference:
    /// [Get Playlist Cover Image](https://developer.spotify.com/documentation/web-api/reference/get-playlist-cover).
    Image {
        /// Height in pixels; `None` if unknown, as for custom and editorial playlist covers.
        height: Option<u32>,
        /// URL of the image. The URLs of playlist covers expire within a day.
        url: ImageUrl,
        /// Width in pixels; `None` if unknown, as for custom and editorial playlist covers.
        width: Option<u32>,
    }

    /// Number of followers of an artist, a playlist or a user.
    ///
    /// Reference: [Get Artist](https://developer.spotify.com/documentation/web-api/reference/get-an-artist).
    Followers {
        /// Always `None`: the Web API does not list followers.
        href: Option<String>,
        /// Number of followers; `None` if the server sends `null` or a negative number.
        total: Option<u32>,
    }

    /// Copyright notice of an album, a show or an audiobook.
    ///
    /// Reference: [Get Album](https://developer.spotify.com/documentation/web-api/reference/get-an-album).
    Copyright {
        /// Text of the notice.
        text: String,
        /// Type of the copyright: for the work or for the sound recording.
        r#type: Option<CopyrightType> = "type",
    }

    /// Restriction that prevents an item from being played.
    ///
    /// Reference: [Get Track](https://developer.spotify.com/documentation/web-api/reference/get-track).
    Restrictions {
        /// Reason for the restriction; `None` if the server gives no reason.
        reason: Option<RestrictionReason>,
    }
}

open_enum! {
    /// Type of a copyright.
    CopyrightType {
        /// Copyright of the work (©).
        Copyright = "C",
        /// Copyright of the sound recording (℗).
        Performance = "P",
    }

    /// Reason for a restriction.
    RestrictionReason {
        /// The item is not available in the market.
        Market = "market",
        /// The item is not available with the user's subscription.
        Product = "product",
        /// The item is explicit, and the user's account is set not to play explicit content.
        Explicit = "explicit",
        /// The item must be paid for; sent for chapters.
        PaymentRequired = "payment_required",
    }

    /// Type of an object.
    ObjectType {
        /// An album.
        Album = "album",
        /// An artist.
        Artist = "artist",
        /// An audiobook.
        Audiobook = "audiobook",
        /// Audio features of a track.
        AudioFeatures = "audio_features",
        /// A chapter of an audiobook. Some responses use `episode` for chapters.
        Chapter = "chapter",
        /// A collection of the user, such as the saved tracks. Undocumented.
        Collection = "collection",
        /// An episode of a show, or a chapter of an audiobook.
        Episode = "episode",
        /// A playlist.
        Playlist = "playlist",
        /// A show.
        Show = "show",
        /// A track.
        Track = "track",
        /// A user.
        User = "user",
    }

    /// Media type of a show or an audiobook.
    MediaType {
        /// Audio only.
        Audio = "audio",
        /// Audio and video.
        Mixed = "mixed",
        /// Video only.
        Video = "video",
    }

    /// Precision of a release date.
    ReleaseDatePrecision {
        /// The year is known.
        Year = "year",
        /// The year and the month are known.
        Month = "month",
        /// The year, the month and the day are known.
        Day = "day",
    }
}

/// Declares an object whose values are texts: known keys become fields, and unknown keys are stored in `other`.
macro_rules! text_map {
    ($(
        $(#[$doc:meta])*
        $name:ident { $( $(#[$field_doc:meta])* $field:ident: $type:ty ),+ $(,)? }
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$field_doc])* pub $field: Option<$type>, )+
            /// Values of undocumented keys; usually `None`.
            pub other: Option<Box<BTreeMap<Text, Text>>>,
        }

        impl LenientDeserialize for $name {
            fn from_map<'de, A: MapAccess<'de>>(mut map: A, context: &ReadContext<'de>) -> Result<Option<Self>, A::Error> {
                let mut value = Self::default();
                while let Some(FieldName(key)) = map.next_key()? {
                    match &*key {
                        $(stringify!($field) => map.next_value_seed(OptionSeed(&mut value.$field, context))?,)+
                        _ => {
                            if let Some(text) = map.next_value_seed(LenientSeed::<Text>::new(context))? {
                                let other = value.other.get_or_insert_default();
                                context.allocate_entry::<Text, Text, _>(other.len())?;
                                other.insert(Text::from(&*key), text);
                            }
                        }
                    }
                }
                Ok(Some(value))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                $(if let Some(value) = &self.$field {
                    map.serialize_entry(stringify!($field), value)?;
                })+
                for (key, text) in self.other.iter().flat_map(|other| other.iter()) {
                    map.serialize_entry(key, text)?;
                }
                map.end()
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::wire::lenient::object(deserializer, stringify!($name))
            }
        }
    )+};
}

text_map! {
    /// Public URLs of an object, keyed by site.
    ///
    /// Reference: [Get Track](https://developer.spotify.com/documentation/web-api/reference/get-track).
    ExternalUrls {
        /// URL on open.spotify.com.
        spotify: WebUrl,
    }

    /// Identifiers of a track or an album in other systems.
    ///
    /// Reference: [Get Track](https://developer.spotify.com/documentation/web-api/reference/get-track).
    ExternalIds {
        /// International Standard Recording Code (ISRC) of a track.
        isrc: Text,
        /// International Article Number (EAN), usually of an album.
        ean: Text,
        /// Universal Product Code (UPC) of an album.
        upc: Text,
    }
}

/// Set of countries in which an item is available, as ISO 3166-1 alpha-2 codes.
///
/// An empty set means that the item is not available in any country. The set occupies 88 bytes, whereas the server
/// lists up to 184 codes per item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Markets {
    bits: Box<Countries>,
    /// Texts that do not consist of two capital letters, sorted; usually empty.
    other: Vec<Text>,
}

impl Markets {
    /// Returns whether the set contains a country code (case-sensitive).
    #[must_use]
    pub fn contains(&self, code: &str) -> bool {
        match place(code) {
            Some((word, bit)) => self.bits.get(word).is_some_and(|bits| bits & bit != 0),
            None => self.other.binary_search_by(|other| other.as_str().cmp(code)).is_ok(),
        }
    }

    /// Returns the number of codes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bits.iter().map(|bits| bits.count_ones() as usize).sum::<usize>() + self.other.len()
    }

    /// Returns whether the set is empty, which means that the item is not available in any country.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the codes in alphabetical order, followed by any texts that do not consist of two capital letters.
    pub fn iter(&self) -> impl Iterator<Item = Text> + '_ {
        let codes = (b'A'..=b'Z').flat_map(|a| (b'A'..=b'Z').map(move |b| [a, b]));
        let codes = codes.filter_map(|code| std::str::from_utf8(&code).ok().map(Text::from));
        codes.filter(|code| self.contains(code)).chain(self.other.iter().cloned())
    }

    /// Adds a code or another text. [`finished`](Self::finished) removes duplicates of other texts.
    fn add(&mut self, code: &str) {
        match place(code) {
            Some((word, bit)) => {
                if let Some(bits) = self.bits.get_mut(word) {
                    *bits |= bit;
                }
            }
            None => self.other.push(Text::from(code)),
        }
    }

    fn finished(mut self) -> Self {
        self.other.sort_unstable();
        self.other.dedup();
        self.other.shrink_to_fit();
        self
    }
}

/// Returns the word index and the bit of a code that consists of two capital letters; `None` for any other text.
fn place(code: &str) -> Option<(usize, u64)> {
    country_bit(code.as_bytes().try_into().ok()?)
}

impl<'a> FromIterator<&'a str> for Markets {
    fn from_iter<I: IntoIterator<Item = &'a str>>(codes: I) -> Self {
        let mut markets = Self::default();
        codes.into_iter().for_each(|code| markets.add(code));
        markets.finished()
    }
}

impl LenientDeserialize for Markets {
    fn from_seq<'de, A: SeqAccess<'de>>(
        mut seq: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        context.allocate(size_of::<Countries>())?;
        let mut markets = Self::default();
        while let Some(code) = seq.next_element_seed(LenientSeed::<Text>::new(context))? {
            let Some(code) = code else { continue };
            let len = markets.other.len();
            markets.add(&code);
            context.allocate((markets.other.len() - len) * size_of::<Text>())?;
        }
        Ok(Some(markets.finished()))
    }

    /// Reads the list from its JSON text if the parser provides raw values, so that a list with the same text as the
    /// previous list is not parsed again.
    fn value_into<'de, D: Deserializer<'de>>(
        slot: &mut Option<Self>,
        deserializer: D,
        context: &ReadContext<'de>,
    ) -> Result<(), D::Error> {
        if !context.has_raw_values() {
            return deserializer.deserialize_any(OptionSeed(slot, context));
        }
        let text = <&RawValue>::deserialize(deserializer)?.get();
        if text != "null" {
            // After this error, the whole document is read again without raw values, which also checks the nesting
            // depth of any other value.
            let countries =
                context.countries(text).ok_or_else(|| D::Error::custom("expected country codes"))?;
            context.allocate(size_of::<Countries>())?;
            *slot = Some(Self { bits: Box::new(countries), other: Vec::new() });
        }
        Ok(())
    }
}

absent_is_default!(Markets);

impl Serialize for Markets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Markets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let markets = LenientSeed::new(&ReadContext::of_any_format()).deserialize(deserializer)?;
        markets.ok_or_else(|| serde::de::Error::custom("expected a list of country codes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Track;
    use crate::wire::lenient::read_text;

    #[test]
    fn markets_are_the_same_with_and_without_raw_values() {
        for (json, len) in [
            (r#"["AD","AE","SE"]"#, Some(3)),
            ("[ \"AD\" ,\n\"AE\", \"AD\" ]", Some(2)),
            ("[]", Some(0)),
            ("[ ]", Some(0)),
            (r#"["AD","ae","","SE","ae",7,null,{"a":[]}]"#, Some(4)),
            (r#"["A\u0044"]"#, Some(1)),
            (r#""SE""#, None),
            ("null", None),
            ("{}", None),
        ] {
            let body =
                format!(r#"{{"available_markets": {json}, "album": {{"available_markets": {json}}}}}"#);
            let track: Track = read_text(&body).expect("JSON").expect("a track");
            assert_eq!(track.available_markets.as_ref().map(Markets::len), len, "{json}");
            let album = track.album.as_ref().and_then(|album| album.available_markets.as_ref());
            assert_eq!(album, track.available_markets.as_ref(), "{json}");
            let value: serde_json::Value = serde_json::from_str(&body).expect("JSON");
            assert_eq!(serde_json::from_value::<Track>(value).expect("a track"), track);
            assert_eq!(serde_json::from_str::<Track>(&body).expect("a track"), track);
            assert_eq!(serde_json::from_reader::<_, Track>(body.as_bytes()).expect("a track"), track);
        }
    }

    #[test]
    fn a_market_list_is_a_set_of_codes_and_other_texts() {
        let markets: Markets = ["SE", "xx", "AD", "xx", "", "Zanzibar", "SE"].into_iter().collect();
        assert_eq!(markets.iter().collect::<Vec<_>>(), ["AD", "SE", "", "Zanzibar", "xx"]);
        assert!(markets.contains("SE") && markets.contains("xx") && !markets.contains("XX"));
        assert_eq!(markets.len(), 5);
    }
}
