//! Sources that are cut off, changed, or not those expected. The rule of them all: what
//! was not right never ends as if it had been.

use bramble_media::source::{Expected, SourceError};
use proptest::prelude::*;

use crate::place::{Place, has, image, open, read, read_piped, sha256};

const PACKERS: &[(&str, &str)] = &[
    ("xz", "xz -T2 --block-size=64KiB -c disk.img > packed"),
    ("xz", "xz -T1 -c disk.img > packed"),
    ("zstd", "zstd -q -c disk.img > packed"),
    ("gzip", "gzip -c disk.img > packed"),
    ("bzip2", "bzip2 -c disk.img > packed"),
    ("zip", "zip -q packed.zip disk.img; mv packed.zip packed"),
];

const LENGTH: usize = 300_000;

fn packed() -> Vec<(&'static str, Vec<u8>)> {
    let image = image(LENGTH);
    let there = PACKERS.iter().filter(|(program, _)| has(program));
    there
        .map(|(_, script)| {
            let path = Place::new();
            let path = path.packed(&image, script);
            (*script, std::fs::read(path).unwrap())
        })
        .collect()
}

#[test]
fn what_is_cut_off_anywhere_is_an_error() {
    let place = Place::new();
    for (script, whole) in packed() {
        // What is shorter than a mark is not known to be packed.
        let places = (10..40).chain((40..whole.len()).step_by(whole.len() / 20));
        for cut in places.chain(whole.len() - 30..whole.len()) {
            let path = place.write("cut", &whole[..cut]);
            let by_file = read(&path, Expected::default());
            assert!(
                by_file.is_err(),
                "{script}: cut at {cut} of {}",
                whole.len()
            );
        }
    }
}

#[test]
fn what_is_cut_off_in_a_pipe_is_an_error() {
    let place = Place::new();
    for (script, whole) in packed() {
        // The image in a .zip is whole before the list of entries ends.
        let ends: &[usize] = if script.starts_with("zip") {
            &[200]
        } else {
            &[1, 5, 200]
        };
        for cut in ends
            .iter()
            .map(|end| whole.len() - end)
            .chain([30, whole.len() / 2])
        {
            let outcome = read_piped(&place, &whole[..cut], Expected::default());
            assert!(
                outcome.is_err(),
                "{script}: cut at {cut} of {}",
                whole.len()
            );
        }
    }
}

#[test]
fn an_error_says_where_and_what_to_do() {
    if !has("gzip") {
        return;
    }
    let place = Place::new();
    let path = place.packed(&image(LENGTH), "gzip -c disk.img | head -c 50000 > packed");
    let error = read(&path, Expected::default()).unwrap_err();
    let name = path.display();
    assert_eq!(
        error,
        format!(
            "{name} is broken: it ends too early (gzip, byte 50000 of the file); download it \
             again, and compare its SHA-256 with the one that is published"
        )
    );
}

#[test]
fn a_block_that_was_changed_is_named_by_its_place() {
    if !has("xz") {
        return;
    }
    let place = Place::new();
    let path = place.packed(&image(LENGTH), PACKERS[0].1);
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 0x10;
    let path = place.write("packed", &bytes);
    let stream = open(&path).unwrap().stream().unwrap();
    match stream.finish().unwrap_err() {
        SourceError::Broken { at: found, .. } => {
            let distance = found.abs_diff(at as u64);
            assert!(distance < 40_000, "told {found}, was {at}");
        }
        other => panic!("{other}"),
    }
}

#[test]
fn what_follows_packed_data_is_not_passed_over() {
    let place = Place::new();
    for (program, script) in [
        ("gzip", "gzip -c disk.img > packed; echo more >> packed"),
        (
            "gzip",
            "gzip -c disk.img > packed; printf '\\0\\0x' >> packed",
        ),
        ("xz", "xz -c disk.img > packed; echo more more >> packed"),
        ("zstd", "zstd -q -c disk.img > packed; echo more >> packed"),
    ] {
        if has(program) {
            let path = place.packed(&image(LENGTH), script);
            assert!(read(&path, Expected::default()).is_err(), "{script}");
        }
    }
}

#[test]
fn a_digest_that_is_not_the_one_expected_is_an_error_with_both() {
    let image = image(LENGTH);
    let place = Place::new();
    place.packed(&image, "gzip -c disk.img > packed");
    let wrong = sha256(b"another");
    for (name, of, expected) in [
        (
            "packed",
            "the file",
            Expected {
                packed: Some(wrong),
                raw: None,
            },
        ),
        (
            "packed",
            "the raw image",
            Expected {
                packed: None,
                raw: Some(wrong),
            },
        ),
        (
            "disk.img",
            "the file",
            Expected {
                packed: Some(wrong),
                raw: None,
            },
        ),
        (
            "disk.img",
            "the raw image",
            Expected {
                packed: None,
                raw: Some(wrong),
            },
        ),
    ] {
        let path = place.path(name);
        let file = std::fs::read(&path).unwrap();
        let found = if of == "the file" {
            sha256(&file)
        } else {
            sha256(&image)
        };
        let error = read(&path, expected).unwrap_err();
        assert_eq!(
            error,
            format!(
                "{}: the SHA-256 of {of} is not the one expected: expected {}, got {}; download \
                 it again",
                path.display(),
                hex(&wrong),
                hex(&found)
            )
        );
    }
}

fn hex(digest: &[u8]) -> String {
    let bytes: Vec<_> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.concat()
}

#[test]
fn a_wrong_file_is_noticed_before_all_of_it_is_unpacked() {
    use std::io::Read as _;

    if !has("gzip") {
        return;
    }
    let place = Place::new();
    let path = place.packed(&image(20 << 20), "gzip -1 -c disk.img > packed");
    let expected = Expected {
        packed: Some(sha256(b"another")),
        raw: None,
    };
    let source = bramble_media::source::Source::open(&path, expected).unwrap();
    let mut stream = source.stream().unwrap();
    let mut bytes = vec![0; 64 * 1024];
    let mut read = 0;
    let error = loop {
        // As a slow card does.
        std::thread::sleep(std::time::Duration::from_millis(20));
        match stream.read(&mut bytes) {
            Ok(count) => read += count,
            Err(error) => break error.to_string(),
        }
    };
    assert!(error.contains("is not the one expected"), "{error}");
    assert!(read < 20 << 20);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn changed_bytes_give_the_image_or_an_error(
        which in 0..PACKERS.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let all = ALL.get_or_init(packed);
        if let Some((script, whole)) = all.get(which) {
            let mut bytes = whole.clone();
            for (index, value) in &changes {
                let at = index.index(bytes.len());
                bytes[at] = *value;
            }
            let place = Place::new();
            let path = place.write("packed", &bytes);
            // A changed mark makes another packing of it, or none.
            if let Ok(read) = read(&path, Expected::default()) {
                prop_assert!(read == image(LENGTH) || read == bytes, "{}", script);
            }
        }
    }
}

static ALL: std::sync::OnceLock<Vec<(&'static str, Vec<u8>)>> = std::sync::OnceLock::new();
