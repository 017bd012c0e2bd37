//! How far Go's lists reach beyond their end: `slice` can see it.
//!
//! Appending to a full slice doubles its room and rounds it up to a size of Go's allocator; `slice $l 0 5` of a list
//! with three elements then works, and gives zero values, if there is room.

use go_text_template::{List, Type, Value};

/// Sizes of small allocations, in bytes, of Go's runtime.
const SIZES: [usize; 67] = [
    8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416,
    448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200,
    3456, 4096, 4864, 5120, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568,
    14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672,
];

/// Larger allocations come in pages of this size.
const PAGE: usize = 8192;

/// A list with room for `capacity` elements.
pub(crate) fn with_room(element: Type, mut items: Vec<Value>, capacity: usize) -> List {
    let length = items.len();
    if capacity > length {
        items.resize(capacity, Value::zero(&element));
    }
    let list = List::of(element, items);
    list.cut(0, length).unwrap_or(list)
}

/// A list to which its elements were appended one by one, beginning with no room.
pub(crate) fn grown(element: Type, items: Vec<Value>) -> List {
    let capacity = after_appends(0, items.len(), &element);
    with_room(element, items, capacity)
}

/// The room after elements were appended one by one until there were `length`, beginning with some room.
pub(crate) fn after_appends(room: usize, length: usize, element: &Type) -> usize {
    let size = size_of_element(element);
    let mut room = room;
    while room < length {
        room = after_append(room, room + 1, size);
    }
    room
}

/// The bytes that one element takes in Go.
pub(crate) fn size_of_element(of: &Type) -> usize {
    match of {
        Type::Int => 8,
        Type::Slice(_) => 24,
        _ => 16,
    }
}

/// The room after appending to a full slice with room for `old`, so that it holds `length` elements.
pub(crate) fn after_append(old: usize, length: usize, element: usize) -> usize {
    const SMALL: usize = 256;
    let wanted = if length > 2 * old {
        length
    } else if old < SMALL {
        2 * old
    } else {
        let mut room = old;
        while room < length {
            room += (room + 3 * SMALL) / 4;
        }
        room
    };
    let bytes = wanted * element;
    let rounded = SIZES.iter().copied().find(|&size| size >= bytes).unwrap_or(bytes.div_ceil(PAGE) * PAGE);
    rounded / element
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_doubles_and_is_rounded_up() {
        let rooms: Vec<usize> = [0, 1, 2, 3, 5, 9, 17, 256].map(|old| after_append(old, old + 1, 16)).into();
        assert_eq!(rooms, [1, 2, 4, 6, 10, 18, 36, 512]);
    }
}
