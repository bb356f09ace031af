//! The length of the raw image, before it is unpacked.

use crate::place::{Place, has, image, open};

const LENGTH: usize = 1_234_567;

fn length(script: &str) -> Option<u64> {
    let place = Place::new();
    open(&place.packed(&image(LENGTH), script))
        .unwrap()
        .length()
}

#[test]
fn xz_zstd_and_zip_tell_the_length_of_the_image() {
    for (program, script) in [
        ("cp", "cp disk.img packed"),
        ("xz", "xz -T2 --block-size=64KiB -c disk.img > packed"),
        ("xz", "xz -T1 -c disk.img > packed"),
        (
            "xz",
            "head -c 5 disk.img | xz -c > packed; printf '\\0\\0\\0\\0' >> packed
            tail -c +6 disk.img | xz -c >> packed; head -c 8192 /dev/zero >> packed",
        ),
        ("zstd", "zstd -q -c disk.img > packed"),
        (
            "zstd",
            "head -c 300000 disk.img > a; tail -c +300001 disk.img > b
            zstd -q -c a > packed; zstd -q --no-check -c b >> packed",
        ),
        ("zip", "zip -q packed.zip disk.img; mv packed.zip packed"),
        // With the wide numbers of what is longer than four gibibytes.
        (
            "zip",
            "zip -q -fz packed.zip disk.img; mv packed.zip packed",
        ),
    ] {
        if has(program) {
            assert_eq!(length(script), Some(LENGTH as u64), "{script}");
        }
    }
}

#[test]
fn gzip_bzip2_and_a_zstd_of_a_pipe_do_not_tell_it() {
    for (program, script) in [
        ("gzip", "gzip -c disk.img > packed"),
        ("bzip2", "bzip2 -c disk.img > packed"),
        ("zstd", "cat disk.img | zstd -q -c > packed"),
    ] {
        if has(program) {
            assert_eq!(length(script), None, "{script}");
        }
    }
}
