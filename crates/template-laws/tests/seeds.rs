//! Every committed seed, and every input that once failed, keeps its law: what the fuzzer runs, without the fuzzer.

use std::path::{Path, PathBuf};

use template_laws::LAWS;

fn fuzz_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

/// The files of a folder in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    files.sort();
    files
}

/// Checks the seeds of one law.
fn replay(name: &str) {
    let law = LAWS.iter().find(|law| law.name == name).expect("there is such a law");
    let seeds = files(&fuzz_folder().join("seeds").join(name));
    assert!(!seeds.is_empty(), "a law has seeds");
    for seed in seeds {
        let input = std::fs::read(&seed).expect("a seed is readable");
        if std::panic::catch_unwind(|| (law.check)(&input)).is_err() {
            panic!("the law does not hold for {}; see above", seed.display());
        }
    }
}

macro_rules! replays {
    ($($test:ident: $law:literal),* $(,)?) => {
        $(#[test]
        fn $test() {
            replay($law);
        })*

        #[test]
        fn every_law_is_replayed_and_has_a_fuzz_target() {
            let laws: Vec<&str> = LAWS.iter().map(|law| law.name).collect();
            assert_eq!(laws, [$($law),*]);
            let targets: Vec<String> = files(&fuzz_folder().join("fuzz_targets"))
                .iter()
                .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
                .collect();
            assert_eq!(targets, laws);
        }
    };
}

replays! {
    what_a_layout_prints_it_reads_and_prints_again: "dates",
    any_text_is_a_template_or_is_refused_at_a_place_in_it: "parse",
    formats_print_alike_by_every_way_that_leads_to_them: "printf",
    patterns_are_refused_in_gos_words_or_match_alike_for_every_function: "regex",
    a_rendering_ends_within_its_limits_twice_in_the_same_way: "run",
    versions_have_an_order_and_a_form_that_reads_back: "semver",
    any_bytes_are_yaml_that_can_be_written_or_an_error_on_a_line: "yaml_read",
    written_yaml_reads_as_what_it_was: "yaml_round_trip",
}
