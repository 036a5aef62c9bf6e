//! What many objects share.

use std::collections::BTreeMap;

use serde::de::{DeserializeSeed as _, MapAccess};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::json::{COUNTRY_CODES, COUNTRY_WORDS, country_place};
use crate::types::text::Text;
use crate::types::uri::{ImageUrl, WebUrl};
use crate::wire::lenient::{Key, Read, Reader, Skip, Slot, absent_is_default, model};
use crate::wire::open_enum::open_enum;

model! {
    /// A picture in one size.
    Image {
        /// Height in pixels.
        height: Option<u32>,
        /// Where it is; addresses of playlist covers expire within a day.
        url: ImageUrl,
        /// Width in pixels.
        width: Option<u32>,
    }

    /// How many follow.
    Followers {
        /// Always absent: the list of followers is not offered.
        href: Option<String>,
        /// Their number.
        total: Option<u32>,
    }

    /// A copyright notice.
    Copyright {
        /// The notice.
        text: String,
        /// Of the work or of the recording.
        r#type: Option<CopyrightType> = "type",
    }

    /// Why something cannot be played.
    Restrictions {
        /// The reason.
        reason: Option<RestrictionReason>,
    }
}

open_enum! {
    /// The kind of a copyright.
    CopyrightType {
        /// The work (©).
        Copyright = "C",
        /// The sound recording (℗).
        Performance = "P",
    }

    /// Why content is restricted.
    RestrictionReason {
        /// Not available in the market.
        Market = "market",
        /// Not available for the user's subscription.
        Product = "product",
        /// Explicit, and the account does not play explicit content.
        Explicit = "explicit",
        /// To be paid for (chapters).
        PaymentRequired = "payment_required",
    }

    /// The `type` of an object.
    ObjectType {
        /// An album.
        Album = "album",
        /// An artist.
        Artist = "artist",
        /// An audiobook.
        Audiobook = "audiobook",
        /// The audio features of a track.
        AudioFeatures = "audio_features",
        /// A chapter of an audiobook; some answers say `episode`.
        Chapter = "chapter",
        /// A collection of the user.
        Collection = "collection",
        /// An episode of a show.
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

    /// What a show or an audiobook is made of.
    MediaType {
        /// Sound.
        Audio = "audio",
        /// Sound and video.
        Mixed = "mixed",
        /// Video.
        Video = "video",
    }

    /// How precise a release date is said to be.
    ReleaseDatePrecision {
        /// The year.
        Year = "year",
        /// The month.
        Month = "month",
        /// The day.
        Day = "day",
    }
}

/// Known keys as fields, unknown ones kept: an object of texts.
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
            /// Keys that are not documented; almost always none.
            pub other: Option<Box<BTreeMap<Text, Text>>>,
        }

        impl Read for $name {
            fn from_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
                let mut value = Self::default();
                while let Some(Key(key)) = map.next_key()? {
                    match &*key {
                        $(stringify!($field) => map.next_value_seed(Slot(&mut value.$field))?,)+
                        _ => {
                            if let Some(text) = map.next_value_seed(Reader::<Text>::new())? {
                                value.other.get_or_insert_default().insert(Text::from(&*key), text);
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
    /// Where an object can be looked at.
    ExternalUrls {
        /// On open.spotify.com.
        spotify: WebUrl,
    }

    /// What others call an object.
    ExternalIds {
        /// International Standard Recording Code, of tracks.
        isrc: Text,
        /// International Article Number.
        ean: Text,
        /// Universal Product Code, of albums.
        upc: Text,
    }
}

/// The countries where something is available, as a set of ISO 3166-1 alpha-2 codes.
///
/// A full list takes 88 bytes instead of 184 strings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Markets {
    bits: Box<[u64; COUNTRY_WORDS]>,
    /// Texts that are no two capital letters; almost always none.
    other: Vec<Text>,
}

impl Markets {
    /// Whether a country's code is in the set.
    #[must_use]
    pub fn contains(&self, code: &str) -> bool {
        match Self::place(code) {
            Some((word, bit)) => self.bits.get(word).is_some_and(|bits| bits & bit != 0),
            None => self.other.iter().any(|other| other == code),
        }
    }

    /// How many countries are in the set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bits.iter().map(|bits| bits.count_ones() as usize).sum::<usize>() + self.other.len()
    }

    /// Whether no country is in the set: available nowhere.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The codes, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = Text> + '_ {
        let codes = (b'A'..=b'Z').flat_map(|a| (b'A'..=b'Z').map(move |b| [a, b]));
        let codes = codes.filter_map(|code| std::str::from_utf8(&code).ok().map(Text::from));
        codes.filter(|code| self.contains(code)).chain(self.other.iter().cloned())
    }

    /// The word and the bit of a two-letter code.
    fn place(code: &str) -> Option<(usize, u64)> {
        let &[a, b] = code.as_bytes() else { return None };
        if !a.is_ascii_uppercase() || !b.is_ascii_uppercase() {
            return None;
        }
        Some(country_place([a, b]))
    }

    fn insert(&mut self, code: &str) {
        match Self::place(code) {
            Some((word, bit)) => {
                if let Some(bits) = self.bits.get_mut(word) {
                    *bits |= bit;
                }
            }
            None if !self.contains(code) => self.other.push(Text::from(code)),
            None => {}
        }
    }
}

impl<'a> FromIterator<&'a str> for Markets {
    fn from_iter<I: IntoIterator<Item = &'a str>>(codes: I) -> Self {
        let mut markets = Self::default();
        codes.into_iter().for_each(|code| markets.insert(code));
        markets
    }
}

/// One code on its way into the set: `Some` text is only looked at, never stored.
struct Code<'a>(&'a mut Markets);

impl<'de> serde::de::DeserializeSeed<'de> for Code<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> serde::de::Visitor<'de> for Code<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a country code")
    }

    fn visit_str<E>(self, code: &str) -> Result<(), E> {
        self.0.insert(code);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        Skip::from_map(map).map(drop)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        Skip::from_seq(seq).map(drop)
    }
}

impl Read for Markets {
    fn from_seq<'de, A: serde::de::SeqAccess<'de>>(mut seq: A) -> Result<Option<Self>, A::Error> {
        let mut markets = Self::default();
        while seq.next_element_seed(Code(&mut markets))?.is_some() {}
        Ok(Some(markets))
    }

    const NEWTYPE: Option<&'static str> = Some(COUNTRY_CODES);

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut markets = Self::default();
        for (bits, word) in markets.bits.iter_mut().zip(bytes.chunks_exact(size_of::<u64>())) {
            *bits = u64::from_le_bytes(word.try_into().ok()?);
        }
        Some(markets)
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
        let markets = Reader::new().deserialize(deserializer)?;
        markets.ok_or_else(|| serde::de::Error::custom("expected a list of country codes"))
    }
}
