//! Lists.

use serde::de::{DeserializeSeed as _, Deserializer, Error, MapAccess, SeqAccess};

use super::{Field, LenientDeserialize, LenientSeed, OptionSeed, ReadContext};

/// What a list makes of its elements: dropped when absent, or kept as an empty slot.
pub(crate) trait ListElement: Sized {
    /// What is read.
    type Value: LenientDeserialize;

    /// What is kept of it.
    fn keep(value: Option<Self::Value>) -> Option<Self>;

    /// Reads the next element, as far as it is kept, into a place where nothing is; tells whether there was one.
    ///
    /// # Errors
    ///
    /// Whatever the parser reports.
    fn read_next<'de, A: SeqAccess<'de>>(
        place: &mut Option<Self>,
        seq: &mut A,
        context: &ReadContext<'de>,
    ) -> Result<bool, A::Error>;

    /// The same behind the others of a list.
    ///
    /// # Errors
    ///
    /// Whatever the parser reports.
    fn push_next<'de, A: SeqAccess<'de>>(
        list: &mut Vec<Self>,
        seq: &mut A,
        context: &ReadContext<'de>,
    ) -> Result<bool, A::Error> {
        push_moved(list, seq, context)
    }
}

/// A list without slots: elements that cannot be read are dropped.
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

/// A list with slots: an element that cannot be read leaves its slot empty.
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

    /// In its place from the beginning: slots are for what is large.
    fn push_next<'de, A: SeqAccess<'de>>(
        list: &mut Vec<Self>,
        seq: &mut A,
        context: &ReadContext<'de>,
    ) -> Result<bool, A::Error> {
        // No room is made before it is known that there is another element.
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

/// Reads the next element and moves it to the end of the list; returns whether there was one.
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

/// Lists up to this length take one allocation: those of artists and of images are hardly ever longer.
const SHORT: usize = 4;

/// The capacities of longer lists, which most of them fill: pitch classes, and the sizes of pages.
const CAPACITIES: [usize; 4] = [12, 20, 50, 100];

/// Makes room for one more element, as far as the document may take the memory of the new capacity.
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
    /// One object where a list of them is described is a list of one.
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

/// `Option<Vec<_>>` where an absent list and an empty one say different things.
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
