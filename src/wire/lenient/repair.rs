//! Repair of strings that JSON parsers reject, so that the rest of the document can be read.

use std::fmt::Write as _;

/// Replaces lone surrogate escapes in strings with U+FFFD, and escapes raw control characters (RFC 8259 §7, §8.2).
///
/// Returns `None` if the text contains neither. The function takes linear time; the result is at most six times as long
/// as the text.
#[cold]
pub(crate) fn repaired(text: &str) -> Option<String> {
    // Most invalid JSON texts contain neither.
    if !text.contains("\\u") && !text.bytes().any(|byte| byte < b' ') {
        return None;
    }
    let mut out = String::new();
    let (mut rest, mut is_string, mut is_changed) = (text, false, false);
    while let Some(at) = rest.find(|c| c == '"' || is_string && (c == '\\' || c < ' ')) {
        let (plain, marked) = rest.split_at(at);
        out.push_str(plain);
        let len = match marked.chars().next() {
            Some('\\') => {
                let (len, is_lone) = escape(marked);
                out.push_str(if is_lone { r"\ufffd" } else { marked.get(..len).unwrap_or_default() });
                is_changed |= is_lone;
                len
            }
            Some(control @ ..' ') => {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
                is_changed = true;
                1
            }
            _ => {
                out.push('"');
                is_string = !is_string;
                1
            }
        };
        rest = marked.get(len..).unwrap_or_default();
    }
    is_changed.then(|| out + rest)
}

/// Returns the length of the escape at the start of a string, and whether the escape is a lone surrogate.
fn escape(text: &str) -> (usize, bool) {
    match unit(text) {
        Some(0xd800..=0xdbff) => match text.get(UNIT_LEN..).and_then(unit) {
            Some(0xdc00..=0xdfff) => (2 * UNIT_LEN, false),
            _ => (UNIT_LEN, true),
        },
        Some(0xdc00..=0xdfff) => (UNIT_LEN, true),
        Some(_) => (UNIT_LEN, false),
        None => (text.chars().take(2).map(char::len_utf8).sum(), false),
    }
}

/// Returns the UTF-16 code unit of an escape with four hexadecimal digits at the start of a string.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    // `from_str_radix` also accepts a sign.
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

/// Length of an escape with four hexadecimal digits, in bytes.
const UNIT_LEN: usize = "\\u0000".len();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_surrogates_and_raw_control_characters_in_strings_are_replaced() {
        for (text, expected) in [
            (r#"{"a": "\ud83d\ude00 \u00e9 \n \\ud83d \" ünï"}"#, None),
            ("{\n\t\"a\": 1\r\n}", None),
            (r#"["\ud83d"]"#, Some(r#"["\ufffd"]"#)),
            (r#"["\uDE00x"]"#, Some(r#"["\ufffdx"]"#)),
            (r#"["\ud83dx", "\ud83d\n"]"#, Some(r#"["\ufffdx", "\ufffd\n"]"#)),
            (r#"["\ud83d\u0061"]"#, Some(r#"["\ufffd\u0061"]"#)),
            (r#"["\ud83d\ud83d\ude00"]"#, Some(r#"["\ufffd\ud83d\ude00"]"#)),
            (r#"{"\ud83d": 1}"#, Some(r#"{"\ufffd": 1}"#)),
            ("[\"a\nb\tc\u{0}\"]", Some(r#"["a\u000ab\u0009c\u0000"]"#)),
            ("[\n\"\u{1f}\"\n]", Some("[\n\"\\u001f\"\n]")),
            // The parser reports other errors.
            (r#"["\x", "\u12", "\u+123"]"#, None),
            ("\"\\", None),
            ("\"\\\n", None),
            ("\"\\u", None),
            ("", None),
        ] {
            assert_eq!(repaired(text).as_deref(), expected, "{text}");
        }
    }
}
