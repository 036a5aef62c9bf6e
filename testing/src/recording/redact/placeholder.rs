//! Placeholders for replaced values.

use std::collections::BTreeMap;

/// The replaced values, numbered in the order of their first occurrence.
///
/// The form of a placeholder depends only on the value, so that the same value has the same placeholder throughout a
/// recording.
#[derive(Clone, Default)]
pub(super) struct Placeholders {
    numbers: BTreeMap<String, usize>,
    /// `true` for error messages, in which all values get the number 0 and existing placeholders are retained.
    is_mask: bool,
}

/// Prefix of the placeholder for a text.
const TEXT: &str = "redacted-";

/// Prefix of the placeholder for an id. Digits are appended until it has [`ID_LEN`] characters.
const ID: &str = "redacted";

/// Length of a base-62 id, in characters.
pub(super) const ID_LEN: usize = 22;

/// Suffix of the placeholder for an e-mail address, in a top-level domain reserved by RFC 2606.
const EMAIL: &str = "@redacted.invalid";

/// Prefix of the placeholder for an address.
const URL: &str = "https://redacted.invalid/";

/// Prefix of the placeholder for a complete body.
const BODY: &str = "redacted body ";

/// Maximum length of the values in each length class, in characters. A placeholder is longer than the values in the
/// next smaller class.
const CLASSES: [usize; 3] = [16, 64, 256];

impl Placeholders {
    /// Creates placeholders without numbers, for texts that are compared or displayed.
    pub(super) fn mask() -> Self {
        Self { is_mask: true, ..Self::default() }
    }

    /// Returns the placeholder for a value. The placeholder for an empty text is empty.
    pub(super) fn of(&mut self, value: &str) -> String {
        if value.is_empty() || (self.is_mask && is_placeholder(value)) {
            return value.to_owned();
        }
        let number = self.number(value);
        if is_id(value) {
            return format!("{ID}{number:0width$}", width = ID_LEN - ID.len());
        }
        if value.starts_with("https://") || value.starts_with("http://") {
            return format!("{URL}{number}");
        }
        if value.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.')) {
            return format!("{TEXT}{number}{EMAIL}");
        }
        let mut text = format!("{TEXT}{number}");
        // Counting stops after the largest class because a value can be as long as a body.
        let len = value.chars().take(CLASSES.iter().max().map_or(0, |max| max + 1)).count();
        if let Some(below) = CLASSES.iter().filter(|max| len > **max).max().filter(|_| !self.is_mask) {
            text.push('-');
            text.extend(std::iter::repeat_n('x', (below + 1).saturating_sub(text.len())));
        }
        text
    }

    /// Returns the placeholder for a complete body.
    pub(super) fn of_body(&mut self, body: &[u8], media: &str) -> String {
        if let Some(text) = std::str::from_utf8(body).ok().filter(|text| self.is_mask && is_placeholder(text))
        {
            return text.to_owned();
        }
        // Convert each byte to a character, so that different bodies that are not UTF-8 remain different.
        let number = self.number(&body.iter().map(|byte| char::from(*byte)).collect::<String>());
        format!("{BODY}{number}: {} bytes of {media}", body.len())
    }

    fn number(&mut self, value: &str) -> usize {
        if self.is_mask {
            return 0;
        }
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        let number = self.numbers.len() + 1;
        self.numbers.insert(value.to_owned(), number);
        number
    }
}

/// Returns whether a text has the form of a base-62 id.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == ID_LEN && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Returns whether a text is a placeholder and nothing else.
pub(in crate::recording) fn is_placeholder(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = text.strip_prefix(TEXT) {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let Some((number, end)) = rest.split_at_checked(digits) else { return false };
        let is_filler = end.strip_prefix('-').is_some_and(|filler| filler.bytes().all(|byte| byte == b'x'));
        return is_number(number) && (end.is_empty() || end == EMAIL || is_filler);
    }
    if let Some(rest) = text.strip_prefix(URL) {
        return is_number(rest);
    }
    if let Some((number, _)) = text.strip_prefix(BODY).and_then(|rest| rest.split_once(": ")) {
        return is_number(number);
    }
    text.len() == ID_LEN && text.strip_prefix(ID).is_some_and(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_indicates_the_kind_and_the_length_class_of_its_value() {
        let mut table = Placeholders::default();
        for (value, len) in [
            ("", 0..1),
            ("a", 1..17),
            ("sixteen letters!", 1..17),
            ("seventeen letters", 17..65),
            (&"x".repeat(65), 65..257),
            (&"x".repeat(257), 257..300),
            (&"x".repeat(1_000_000), 257..300),
            ("0123456789abcdefABCDEF", 22..23),
            ("http://somewhere.example/x", 26..28),
            ("anna@example.org", 25..30),
        ] {
            let placeholder = table.of(value);
            assert!(len.contains(&placeholder.len()), "{value:.20}: {placeholder}");
            assert!(value.is_empty() || is_placeholder(&placeholder), "{placeholder}");
            assert_eq!(table.of(value), placeholder);
        }
        assert_eq!(table.of("a"), "redacted-1");
        assert_eq!(table.of_body(b"\xff\xfe", "image/jpeg"), "redacted body 10: 2 bytes of image/jpeg");
        assert_eq!(table.of_body(b"\xff\xfd", "image/jpeg"), "redacted body 11: 2 bytes of image/jpeg");
        // A value that looks like a placeholder is treated like any other value.
        assert_eq!(table.of("redacted-1"), "redacted-12");
    }

    #[test]
    fn a_mask_retains_placeholders_and_assigns_no_numbers() {
        let mut mask = Placeholders::mask();
        assert_eq!(mask.of("redacted-7"), "redacted-7");
        assert_eq!(mask.of("anna"), "redacted-0");
        assert_eq!(mask.of(&"x".repeat(99)), "redacted-0");
        assert_eq!(
            mask.of_body(b"redacted body 3: 9 bytes of text/html", "x"),
            "redacted body 3: 9 bytes of text/html"
        );
    }

    #[test]
    fn other_texts_are_not_placeholders() {
        for text in
            ["redacted-", "redacted-x", "redacted-1y", "redacted-1-xy", "my redacted-1", "redacted", "anna"]
        {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
