//! Reading of lists.

use serde::de::{DeserializeSeed as _, Deserializer, Error, MapAccess, SeqAccess};

use super::{Field, LenientDeserialize, LenientSeed, OptionSeed, ReadContext};

/// An element of a list: absent elements are either omitted or stored as empty slots.
pub(crate) trait ListElement: Sized {
    /// Type of the value in the element.
    type Value: LenientDeserialize;

    /// Returns the element for a value; `None` if the element is omitted.
    fn keep(value: Option<Self::Value>) -> Option<Self>;

    /// Reads the next element into an empty place, unless the element is omitted; returns `false` at the end of the
    /// list.
    ///
    /// # Errors
    ///
    /// Returns the errors of the parser.
    fn read_next<'de, A: SeqAccess<'de>>(
        place: &mut Option<Self>,
        seq: &mut A,
        context: &ReadContext<'de>,
    ) -> Result<bool, A::Error>;

    /// Reads the next element and appends it to the list, unless the element is omitted; returns `false` at the end of
    /// the list.
    ///
    /// # Errors
    ///
    /// Returns the errors of the parser.
    fn push_next<'de, A: SeqAccess<'de>>(
        list: &mut Vec<Self>,
        seq: &mut A,
        context: &ReadContext<'de>,
    ) -> Result<bool, A::Error> {
        push_moved(list, seq, context)
    }
}

/// An element of a list without slots: absent elements are omitted.
impl<T: LenientDeserialize> ListElement for T {
    type Value = T;

    fn keep(value: Option<T>) -> Option<Self> {
        value
    }

    fn read_next<'de, A: SeqAccess<'de>>(
        place: &mut Option<T>,
        seq: &mut A,
        context: &ReadContext<'de>,
    ) -> Result<bool, A::Error> {
        Ok(seq.next_element_seed(OptionSeed(place, context))?.is_some())
    }
}

/// An element of a list with slots: the slot of an absent element is empty.
impl<T: LenientDeserialize> ListElement for Option<T> {
    type Value = T;

    fn keep(value: Self) -> Option<Self> {
        Some(value)
    }

    fn read_next<'de, A: SeqAccess<'de>>(
        place: &mut Option<Self>,
        seq: &mut A,
        context: &ReadContext<'de>,
    ) -> Result<bool, A::Error> {
        let is_there = seq.next_element_seed(OptionSeed(place.insert(None), context))?.is_some();
        if !is_there {
            *place = None;
        }
        Ok(is_there)
    }

    /// Reads the element in place, because lists with slots have large elements.
    fn push_next<'de, A: SeqAccess<'de>>(
        list: &mut Vec<Self>,
        seq: &mut A,
        context: &ReadContext<'de>,
    ) -> Result<bool, A::Error> {
        // Capacity is reserved only if there is another element.
        if list.len() == list.capacity() {
            return push_moved(list, seq, context);
        }
        list.push(None);
        let is_there = list
            .last_mut()
            .map(|slot| seq.next_element_seed(OptionSeed(slot, context)))
            .transpose()?
            .flatten();
        if is_there.is_none() {
            list.pop();
        }
        Ok(is_there.is_some())
    }
}

/// Reads the next element and then moves it to the end of the list; returns `false` at the end of the list.
fn push_moved<'de, T: ListElement, A: SeqAccess<'de>>(
    list: &mut Vec<T>,
    seq: &mut A,
    context: &ReadContext<'de>,
) -> Result<bool, A::Error> {
    let mut next = None;
    let is_there = T::read_next(&mut next, seq, context)?;
    if let Some(next) = next {
        reserve_next(list, context)?;
        list.push(next);
    }
    Ok(is_there)
}

struct List<T>(Vec<T>);

/// Maximum length of a list that takes a single allocation; most lists of artists and images are not longer.
const SHORT: usize = 4;

/// Capacities of longer lists, most of which have one of these lengths: the number of pitch classes, or a usual page
/// size.
const CAPACITIES: [usize; 4] = [12, 20, 50, 100];

/// Reserves capacity for another element, within the allowance of the document.
fn reserve_next<T, E: Error>(list: &mut Vec<T>, context: &ReadContext<'_>) -> Result<(), E> {
    let len = list.len();
    if len == list.capacity() {
        let capacity = CAPACITIES.into_iter().find(|capacity| *capacity > len).unwrap_or(2 * len);
        context.allocate((capacity - len) * size_of::<T>())?;
        list.reserve_exact(capacity - len);
    }
    Ok(())
}

impl<T: ListElement> LenientDeserialize for List<T> {
    /// Reads an object in place of a list as a list with one element.
    fn from_map<'de, A: MapAccess<'de>>(
        map: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        let value = T::Value::from_map(map, context)?;
        Ok(value.map(|value| Self(T::keep(Some(value)).into_iter().collect())))
    }

    fn from_seq<'de, A: SeqAccess<'de>>(
        mut seq: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        let mut first = [const { None }; SHORT];
        let mut count = 0;
        while let Some(place) = first.get_mut(count) {
            if !T::read_next(place, &mut seq, context)? {
                context.allocate(count * size_of::<T>())?;
                let mut list = Vec::with_capacity(count);
                list.extend(first.into_iter().flatten());
                return Ok(Some(Self(list)));
            }
            count += usize::from(place.is_some());
        }
        let mut list = Vec::new();
        reserve_next(&mut list, context)?;
        list.extend(first.into_iter().flatten());
        while T::push_next(&mut list, &mut seq, context)? {}
        list.shrink_to_fit();
        Ok(Some(Self(list)))
    }
}

impl<T: ListElement> Field for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &ReadContext<'de>,
    ) -> Result<(), D::Error> {
        let list = LenientSeed::<List<T>>::new(context).deserialize(deserializer)?;
        *self = list.map(|List(values)| values).unwrap_or_default();
        Ok(())
    }
}

/// Required for `Option<Vec<_>>`, which distinguishes an absent list from an empty one.
impl<T: ListElement> LenientDeserialize for Vec<T> {
    fn from_map<'de, A: MapAccess<'de>>(
        map: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        Ok(List::from_map(map, context)?.map(|List(values)| values))
    }

    fn from_seq<'de, A: SeqAccess<'de>>(
        seq: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        Ok(List::from_seq(seq, context)?.map(|List(values)| values))
    }
}
