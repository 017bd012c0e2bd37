#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| template_laws::dates::check(input));
