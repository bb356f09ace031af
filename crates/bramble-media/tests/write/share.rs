//! Files that share their blocks with the image, as far as the file system under the
//! temporary directory can do that.

use std::fs::File;
use std::sync::atomic::AtomicBool;

use bramble_media::source::{Expected, Source};
use bramble_media::{Image, Taking};

use super::{image, in_file, opened, overlay};

#[test]
fn a_file_that_shares_blocks_is_the_image_with_the_overlay_and_one_that_cannot_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = image(2 << 20);
    let own = overlay(&bytes, &[(5000, b"of its own"), (1 << 20, b"and more")]);
    let path = folder.path().join("node1.img");
    let file = File::create_new(&path).unwrap();

    let shared = bramble_media::share::share(&opened(&in_file(folder.path(), &bytes)), &file, &own);

    let mut expected = Vec::new();
    if shared.unwrap().is_some() {
        expected = bytes;
        own.apply(0, &mut expected);
    }
    assert!(std::fs::read(&path).unwrap() == expected);
}

#[test]
fn an_image_that_has_to_be_checked_is_not_shared() {
    let folder = tempfile::tempdir().unwrap();
    let path = in_file(folder.path(), &image(2 << 20));
    let expected = Expected {
        raw: Some([0; 32]),
        ..Expected::default()
    };
    let source = Source::open(&path, expected).unwrap();
    let keep = tempfile::tempfile().unwrap();
    let stop = AtomicBool::new(false);
    let image = Image::open(source, Taking::default(), keep, &stop).unwrap();
    let file = File::create_new(folder.path().join("node1.img")).unwrap();

    let shared = bramble_media::share::share(&image, &file, &bramble_card::Overlay::default());

    assert_eq!(shared.unwrap(), None);
}
