//! A fast path into a target for the operations of this crate: texts that need no escaping are copied, and numbers are
//! formatted without `fmt`. It saves a third of the instructions of a request.

use std::fmt::Display;

use super::Target;
use crate::types::market::Market;
use crate::wire::percent;

/// A route that is split at its placeholders at compile time.
pub(crate) struct Route<const N: usize> {
    /// Text before each placeholder.
    before: [&'static str; N],
    after: &'static str,
}

impl<const N: usize> Route<N> {
    /// Splits a route with `N` placeholders. A route with another number of placeholders, or with a character that
    /// needs escaping, does not compile.
    #[allow(clippy::indexing_slicing, reason = "the index stays below N")]
    pub(crate) const fn new(route: &'static str) -> Self {
        let (mut before, mut after, mut index) = ([""; N], route, 0);
        while index < N {
            let placeholder;
            (before[index], placeholder) = cut(after, b'{');
            assert!(percent::is_fixed(before[index]), "a route needs no escaping");
            (_, after) = cut(placeholder, b'}');
            index += 1;
        }
        assert!(percent::is_fixed(after), "a route needs no escaping");
        Self { before, after }
    }
}

/// Returns the texts before and after the first of these bytes.
const fn cut(text: &str, at: u8) -> (&str, &str) {
    let (mut len, mut rest) = (0, text.as_bytes());
    while let [byte, after @ ..] = rest {
        if *byte == at {
            let (before, _) = text.as_bytes().split_at(len);
            return match (std::str::from_utf8(before), std::str::from_utf8(after)) {
                (Ok(before), Ok(after)) => (before, after),
                _ => panic!("a brace is a character of one byte"),
            };
        }
        len += 1;
        rest = after;
    }
    panic!("a route has a placeholder for each value")
}

impl Target {
    /// Writes a route with its values.
    pub(crate) fn route<const N: usize>(&mut self, route: &Route<N>, values: [&str; N]) {
        let start = self.text.len();
        for (before, value) in route.before.iter().zip(values) {
            self.text.push_str(before);
            percent::segment(value, &mut self.text);
        }
        self.text.push_str(route.after);
        self.bound(start, route.after);
    }

    /// Adds a parameter with nothing to escape.
    fn plain(&mut self, name: &'static str, value: &str) {
        self.parameter(name, |text| {
            text.push_str(name);
            text.push('=');
            text.push_str(value);
        });
    }
}

/// A parameter's value. Numbers and markets, which most requests have, are plain.
pub(crate) struct Value<'a, T: ?Sized>(pub(crate) &'a T);

impl Value<'_, u32> {
    pub(crate) fn add(self, name: &'static str, target: &mut Target) {
        target.plain(name, itoa::Buffer::new().format(*self.0));
    }
}

impl Value<'_, Market> {
    pub(crate) fn add(self, name: &'static str, target: &mut Target) {
        target.plain(name, self.0.as_str());
    }
}

/// All others go by their `Display`: the compiler takes a method of a trait where the type has none of that name.
pub(crate) trait Displayed {
    fn add(self, name: &'static str, target: &mut Target);
}

impl<T: Display + ?Sized> Displayed for Value<'_, T> {
    fn add(self, name: &'static str, target: &mut Target) {
        target.query(name, self.0);
    }
}
