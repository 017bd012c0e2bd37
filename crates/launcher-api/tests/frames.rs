//! Frames: whatever the cuts between reads, the same messages come out.

use bytes::Bytes;
use launcher_api::frame::{FrameDecoder, FrameError, MAX_MESSAGE_SIZE, encode_frame};
use proptest::prelude::*;
use proptest::sample::Index;

const LIMIT: usize = 64;

/// Pushes `pieces` one after the other, taking out all frames after each.
fn decode<'a>(
    pieces: impl IntoIterator<Item = &'a [u8]>,
    limit: usize,
) -> (Vec<Bytes>, Result<(), FrameError>) {
    let mut decoder = FrameDecoder::new(limit);
    let mut payloads = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        loop {
            match decoder.next_frame() {
                Ok(Some(payload)) => payloads.push(payload),
                Ok(None) => break,
                Err(error) => return (payloads, Err(error)),
            }
        }
    }
    (payloads, decoder.finish())
}

fn cut<'a>(mut stream: &'a [u8], cuts: &[Index]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    for cut in cuts {
        let (piece, rest) = stream.split_at(cut.index(stream.len() + 1));
        pieces.push(piece);
        stream = rest;
    }
    pieces.push(stream);
    pieces
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_split_of_the_bytes_gives_the_same_frames(
        payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..=LIMIT), 0..8),
        cuts in prop::collection::vec(any::<Index>(), 0..20),
    ) {
        let mut stream = Vec::new();
        for payload in &payloads {
            stream.extend_from_slice(&encode_frame(payload, LIMIT).unwrap());
        }
        let (found, end) = decode(cut(&stream, &cuts), LIMIT);
        prop_assert_eq!(&found, &payloads);
        prop_assert_eq!(end, Ok(()));
        // One byte at a time, too.
        prop_assert_eq!(decode(stream.chunks(1), LIMIT), (found, Ok(())));
    }

    #[test]
    fn any_bytes_give_the_same_outcome_however_they_are_split(
        stream in prop::collection::vec(prop_oneof![4 => Just(0_u8), 2 => 0..=8_u8, 1 => any::<u8>()], 0..200),
        cuts in prop::collection::vec(any::<Index>(), 0..20),
    ) {
        prop_assert_eq!(decode(cut(&stream, &cuts), LIMIT), decode([&stream[..]], LIMIT));
    }

    #[test]
    fn a_stream_that_is_cut_off_tells_how_much_had_come(
        payload in prop::collection::vec(any::<u8>(), 1..=LIMIT),
        cut in any::<Index>(),
    ) {
        let stream = encode_frame(&payload, LIMIT).unwrap();
        let arrived = 1 + cut.index(stream.len() - 1);
        let (found, end) = decode([&stream[..arrived]], LIMIT);
        prop_assert!(found.is_empty());
        prop_assert_eq!(end, Err(if arrived < 4 {
            FrameError::EndedInHeader { received: arrived }
        } else {
            FrameError::EndedInPayload { received: arrived - 4, expected: payload.len() }
        }));
    }
}

#[test]
fn the_header_is_the_length_in_network_order() {
    let frame = encode_frame(br#"{"messageType":0,"requestId":0}"#, MAX_MESSAGE_SIZE).unwrap();
    assert_eq!(frame[..7], [0x00, 0x00, 0x00, 0x1f, 0x7b, 0x22, 0x6d]);
    assert_eq!(encode_frame(b"", 0).unwrap()[..], [0, 0, 0, 0]);
}

#[test]
fn a_payload_may_be_as_large_as_the_limit_and_not_a_byte_larger() {
    let largest = vec![b' '; MAX_MESSAGE_SIZE];
    let frame = encode_frame(&largest, MAX_MESSAGE_SIZE).unwrap();
    let (found, end) = decode(frame.chunks(65_536), MAX_MESSAGE_SIZE);
    assert_eq!((found.len(), found[0].len(), end), (1, MAX_MESSAGE_SIZE, Ok(())));

    let too_large = encode_frame(&largest, MAX_MESSAGE_SIZE - 1).unwrap_err();
    assert_eq!(too_large.to_string(), "message of 5242880 bytes exceeds the limit of 5242879 bytes");
    let header = &frame[..4];
    assert_eq!(decode([header], MAX_MESSAGE_SIZE - 1), (vec![], Err(too_large)));
}

#[test]
fn a_header_above_the_limit_is_refused_before_its_payload_comes_and_stays_refused() {
    let mut decoder = FrameDecoder::new(MAX_MESSAGE_SIZE);
    decoder.push(&[0xff, 0xff, 0xff, 0xff]);
    for _ in 0..2 {
        let error = decoder.next_frame().unwrap_err();
        assert_eq!(error.to_string(), "message of 4294967295 bytes exceeds the limit of 5242880 bytes");
        decoder.push(b"{}");
    }
}

#[test]
fn the_end_inside_a_frame_says_what_is_missing() {
    let (_, end) = decode([&b"\0\0"[..]], LIMIT);
    assert_eq!(
        end.unwrap_err().to_string(),
        "input ended inside the header of a message: 2 of 4 bytes arrived"
    );
    let (found, end) = decode([&b"\0\0\0\x02{}\0\0\0\x05{"[..]], LIMIT);
    assert_eq!(found, [&b"{}"[..]]);
    assert_eq!(end.unwrap_err().to_string(), "input ended inside a message: 1 of 5 bytes arrived");
}
