//! Every packing, made by its own program.

use std::io::Read as _;

use bramble_media::source::{Expected, Packing, Wanted};
use proptest::prelude::*;

use crate::place::{Place, has, image, open, read, read_piped, sha256};

/// Programs, scripts that make `packed` of `disk.img`, and what that is.
const PACKERS: &[(&str, &str, Packing)] = &[
    ("cp", "cp disk.img packed", Packing::Raw),
    (
        "xz",
        "xz -T2 --block-size=256KiB -c disk.img > packed",
        Packing::Xz,
    ),
    ("xz", "xz -T1 -9 -c disk.img > packed", Packing::Xz),
    (
        "xz",
        "xz --check=sha256 -T2 --block-size=100KiB -c disk.img > packed",
        Packing::Xz,
    ),
    (
        "xz",
        "xz --check=none -T2 --block-size=1MiB -c disk.img > packed",
        Packing::Xz,
    ),
    (
        "xz",
        "xz --x86 --lzma2 --block-size=256KiB -c disk.img > packed",
        Packing::Xz,
    ),
    // Several streams, one of them of several blocks, one empty, zeros between and after.
    (
        "xz",
        "head -c 300000 disk.img | xz -c > packed
        printf '\\0\\0\\0\\0\\0\\0\\0\\0' >> packed
        tail -c +300001 disk.img | xz -T2 --block-size=128KiB --check=crc32 -c >> packed
        : | xz -c >> packed
        printf '\\0\\0\\0\\0' >> packed",
        Packing::Xz,
    ),
    ("zstd", "zstd -q -c disk.img > packed", Packing::Zstd),
    (
        "zstd",
        "zstd -q --no-check --long=27 -c disk.img > packed",
        Packing::Zstd,
    ),
    // A pipe's length is not known before.
    ("zstd", "cat disk.img | zstd -q -c > packed", Packing::Zstd),
    // Several frames, one that is to be skipped before, between and after.
    (
        "zstd",
        "printf '\\120\\052\\115\\030\\003\\000\\000\\000abc' > skip
        head -c 300000 disk.img > a; tail -c +300001 disk.img > b
        cp skip packed; zstd -q -c a >> packed; cat skip >> packed
        zstd -q -19 -c b >> packed; cat skip >> packed",
        Packing::Zstd,
    ),
    ("gzip", "gzip -c disk.img > packed", Packing::Gzip),
    // Several members, and zeros after the last.
    (
        "gzip",
        "head -c 300000 disk.img | gzip -c > packed
        tail -c +300001 disk.img | gzip -9 -c >> packed
        head -c 5000 /dev/zero >> packed",
        Packing::Gzip,
    ),
    ("bzip2", "bzip2 -c disk.img > packed", Packing::Bzip2),
    (
        "bzip2",
        "head -c 300000 disk.img | bzip2 -1 -c > packed
        tail -c +300001 disk.img | bzip2 -c >> packed",
        Packing::Bzip2,
    ),
    (
        "zip",
        "zip -q packed.zip disk.img; mv packed.zip packed",
        Packing::Zip,
    ),
    (
        "zip",
        "zip -q -0 packed.zip disk.img; mv packed.zip packed",
        Packing::Zip,
    ),
    (
        "zip",
        "mkdir -p folder __MACOSX; echo read me > folder/README.txt; echo x > __MACOSX/._disk.img
        mv disk.img folder/; zip -q -r -fz packed.zip folder __MACOSX; mv packed.zip packed",
        Packing::Zip,
    ),
];

const LENGTH: usize = 834_567;

#[test]
fn what_a_program_has_packed_is_read_as_it_was() {
    let image = image(LENGTH);
    for (program, script, packing) in PACKERS.iter().filter(|(program, ..)| has(program)) {
        let place = Place::new();
        let path = place.packed(&image, script);
        assert_eq!(open(&path).unwrap().packing(), *packing, "{script}");
        let bytes = read(&path, Expected::default());
        assert!(
            bytes.as_ref() == Ok(&image),
            "{program}: {script}: {:?}",
            bytes.err()
        );
    }
}

#[test]
fn what_comes_by_a_pipe_is_read_as_it_was() {
    let image = image(LENGTH);
    for (_, script, _) in PACKERS.iter().filter(|(program, ..)| has(program)) {
        let place = Place::new();
        let packed = std::fs::read(place.packed(&image, script)).unwrap();
        let expected = Expected {
            packed: Some(sha256(&packed)),
            raw: Some(sha256(&image)),
        };
        let bytes = read_piped(&place, &packed, expected);
        assert!(bytes.as_ref() == Ok(&image), "{script}: {:?}", bytes.err());
    }
}

#[test]
fn digests_are_those_of_the_file_and_of_the_image() {
    let image = image(LENGTH);
    for (_, script, _) in PACKERS.iter().filter(|(program, ..)| has(program)) {
        let place = Place::new();
        let path = place.packed(&image, script);
        let wanted = Wanted {
            packed: true,
            raw: true,
        };
        let source = open(&path).unwrap().with_digests(wanted);
        assert!(source.is_checked());
        let digests = source.stream().unwrap().finish().unwrap();
        let file = std::fs::read(&path).unwrap();
        assert_eq!(digests.packed, Some(sha256(&file)), "{script}");
        assert_eq!(digests.raw, Some(sha256(&image)), "{script}");
    }
}

#[test]
fn nothing_is_hashed_that_nobody_asked_for() {
    let place = Place::new();
    let path = place.write("disk.img", &image(100_000));
    let source = open(&path).unwrap();
    assert!(!source.is_checked());
    let digests = source.stream().unwrap().finish().unwrap();
    assert_eq!((digests.packed, digests.raw), (None, None));
}

#[test]
fn an_image_that_is_not_packed_is_read_at_any_place() {
    use bramble_card::ReadAt as _;

    let image = image(LENGTH);
    let place = Place::new();
    let path = place.write("disk.img", &image);
    let source = open(&path).unwrap();
    let raw = source.raw().unwrap();
    assert_eq!(raw.length(), LENGTH as u64);
    assert_eq!(
        raw.bytes_at(777_777, 1000).unwrap(),
        image[777_777..778_777]
    );
    assert!(raw.bytes_at(LENGTH as u64 - 1, 2).is_err());
    assert!(raw.bytes_at(u64::MAX, 2).is_err());
}

#[test]
fn a_stream_that_nobody_reads_on_ends_its_threads() {
    if !has("xz") {
        return;
    }
    let place = Place::new();
    let script = "xz -0 -T2 --block-size=1MiB -c disk.img > dropped; ln dropped packed";
    place.packed(&image(40 << 20), script);
    let path = place.path("dropped");
    let mut stream = open(&path).unwrap().stream().unwrap();
    stream.read_exact(&mut [0; 10]).unwrap();
    assert!(open_files("dropped") > 0);
    drop(stream);
    let begun = std::time::Instant::now();
    while open_files("dropped") > 0 {
        assert!(begun.elapsed().as_secs() < 20, "threads go on");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

/// How many of the open files of this process are called so.
fn open_files(called: &str) -> usize {
    let open = std::fs::read_dir("/proc/self/fd").unwrap();
    let links = open
        .flatten()
        .filter_map(|fd| std::fs::read_link(fd.path()).ok());
    links.filter(|link| link.ends_with(called)).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn how_much_is_read_at_once_makes_no_difference(
        sizes in proptest::collection::vec(1..700_000_usize, 1..8),
        which in 0..PACKERS.len(),
    ) {
        let (program, script, _) = PACKERS[which];
        if has(program) {
            let image = image(LENGTH);
            let place = Place::new();
            let path = place.packed(&image, script);
            let mut stream = open(&path).unwrap().stream().unwrap();
            let mut bytes = Vec::new();
            for size in sizes.iter().cycle() {
                let mut piece = vec![0; *size];
                let count = stream.read(&mut piece).unwrap();
                if count == 0 {
                    break;
                }
                bytes.extend_from_slice(&piece[..count]);
            }
            prop_assert!(bytes == image);
            stream.finish().unwrap();
        }
    }
}
