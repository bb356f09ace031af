//! Where expected digests and block maps come from.

use bramble_media::source::{Expected, ListError, beside, bmap_beside, in_os_list};

use crate::place::Place;

const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";

fn packed(byte: u8) -> Expected {
    Expected {
        packed: Some([byte; 32]),
        raw: None,
    }
}

fn raw(byte: u8) -> Expected {
    Expected {
        packed: None,
        raw: Some([byte; 32]),
    }
}

fn told(files: &[(&str, String)]) -> Result<Option<Expected>, ListError> {
    let place = Place::new();
    for (name, text) in files {
        place.write(name, text.as_bytes());
    }
    beside(&place.path("disk.img.xz"))
}

#[test]
fn a_digest_beside_the_image_is_found_in_every_form() {
    for text in [
        A.to_owned(),
        format!("{A}\n"),
        format!("{A}  disk.img.xz\r\n"),
        format!("{A} *disk.img.xz\n"),
        format!("{A}  ./out/disk.img.xz\n"),
        format!("SHA256 (disk.img.xz) = {A}\n"),
        format!("# made by hand\n{B}  other.img.xz\n{A}  disk.img.xz\n"),
    ] {
        let found = told(&[("disk.img.xz.sha256", text.clone())]).unwrap();
        assert_eq!(found, Some(packed(0xAA)), "{text}");
    }
}

#[test]
fn a_list_of_several_files_tells_those_that_are_named() {
    let sums = format!("{A}  other.img.xz\n{B}  disk.img.xz\n");
    assert_eq!(told(&[("SHA256SUMS", sums)]).unwrap(), Some(packed(0xBB)));
    let sums = format!("{A} *disk.img\n");
    assert_eq!(told(&[("SHA256SUMS", sums)]).unwrap(), Some(raw(0xAA)));
    let sums = format!("{A}  other.img.xz\n");
    assert_eq!(told(&[("SHA256SUMS", sums)]).unwrap(), None);
    // A list does not say of what a digest without a name is.
    assert_eq!(told(&[("SHA256SUMS", A.to_owned())]).unwrap(), None);
}

#[test]
fn a_digest_called_after_the_unpacked_image_is_of_that() {
    let found = told(&[("disk.img.sha256", A.to_owned())]).unwrap();
    assert_eq!(found, Some(raw(0xAA)));
}

#[test]
fn what_is_no_digest_tells_nothing() {
    assert_eq!(told(&[]).unwrap(), None);
    let short = A[1..].to_owned();
    assert_eq!(told(&[("disk.img.xz.sha256", short)]).unwrap(), None);
    let page = "<html>404</html>".to_owned();
    assert_eq!(told(&[("disk.img.xz.sha256", page)]).unwrap(), None);
}

#[test]
fn a_file_that_contradicts_itself_is_refused() {
    let sums = format!("{A}  disk.img.xz\n{B}  disk.img.xz\n");
    let error = told(&[("SHA256SUMS", sums)]).unwrap_err();
    assert!(matches!(error, ListError::Contradiction { .. }), "{error}");
}

#[test]
fn a_list_of_images_tells_both_digests() {
    let list = format!(
        r#"{{"imager": {{"devices": []}}, "os_list": [
            {{"name": "a", "subitems_url": "https://example.org/more.json"}},
            {{"name": "b", "subitems": [{{"name": "c", "subitems": [
                {{"name": "d", "url": "https://example.org/x/disk.img.xz?at=1",
                  "extract_size": 5, "extract_sha256": "{A}",
                  "image_download_sha256": "{B}"}}]}}]}}]}}"#
    );
    let both = Expected {
        packed: Some([0xBB; 32]),
        raw: Some([0xAA; 32]),
    };
    assert_eq!(in_os_list(&list, "disk.img.xz").unwrap(), Some(both));
    assert_eq!(in_os_list(&list, "disk.img").unwrap(), Some(raw(0xAA)));
    assert_eq!(in_os_list(&list, "other.img.xz").unwrap(), None);
}

#[test]
fn what_is_no_list_of_images_is_refused() {
    assert!(matches!(
        in_os_list("[]", "a"),
        Err(ListError::NotAList { .. })
    ));
    assert!(matches!(
        in_os_list("{", "a"),
        Err(ListError::NotAList { .. })
    ));
    let deep = "{\"os_list\": [".to_owned() + &"{\"subitems\": [".repeat(100_000);
    assert!(matches!(
        in_os_list(&deep, "a"),
        Err(ListError::NotAList { .. })
    ));
}

#[test]
fn the_block_map_beside_is_the_one_with_the_longest_name() {
    let place = Place::new();
    let image = place.path("disk.img.xz");
    assert_eq!(bmap_beside(&image), None);
    for name in ["disk.bmap", "disk.img.bmap", "disk.img.xz.bmap"] {
        let path = place.write(name, b"");
        assert_eq!(bmap_beside(&image), Some(path));
    }
    assert_eq!(
        bmap_beside(&place.path("disk.img")),
        Some(place.path("disk.img.bmap"))
    );
}
