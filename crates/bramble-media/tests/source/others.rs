//! What is refused, and how that is said.

use bramble_media::source::Expected;

use crate::place::{Place, has, image, open, read, read_piped};

fn refusal(place: &Place, name: &str) -> String {
    let path = place.path(name);
    let error = open(&path).map(|_| ()).map_err(|error| error.to_string());
    let error = error.and_then(|()| read(&path, Expected::default()).map(drop));
    let folder = format!("{}/", place.path("").display()).replace("//", "/");
    error.unwrap_err().replace(&folder, "")
}

#[test]
fn what_is_no_image_is_refused_by_name() {
    let place = Place::new();
    let mut burn = image(4096);
    burn[8..12].copy_from_slice(&[0x56, 0x19, 0xB5, 0x27]);
    place.write(
        "page.img",
        b"<!DOCTYPE html>\n<html><body>404</body></html>",
    );
    place.write("empty.img", b"");
    place.write("emmc.img", &burn);
    place.run("mkdir folder.img; tar cf tar.img page.img");
    assert_eq!(
        refusal(&place, "page.img"),
        "page.img is a web page or XML, not the image of a disk: the server gave an answer in \
         place of the file; download it again"
    );
    assert_eq!(
        refusal(&place, "empty.img"),
        "empty.img is empty: download it again"
    );
    assert_eq!(
        refusal(&place, "emmc.img"),
        "emmc.img is an eMMC burn package, not the image of a disk: take the vendor's image for \
         SD cards, or the vendor's tool for this one"
    );
    assert_eq!(
        refusal(&place, "folder.img"),
        "folder.img is a directory: give the image file in it"
    );
    assert_eq!(
        refusal(&place, "tar.img"),
        "tar.img is a tar archive, not the image of a disk: unpack it, and take the image in it \
         if it has one"
    );
    assert!(refusal(&place, "none.img").starts_with("none.img cannot be opened: "));
    let null = open("/dev/null".as_ref()).unwrap_err().to_string();
    assert!(
        null.starts_with("/dev/null is neither a file nor a pipe"),
        "{null}"
    );
}

#[test]
fn what_is_no_image_is_refused_also_when_it_is_packed() {
    if !has("gzip") || !has("xz") {
        return;
    }
    let place = Place::new();
    place.write("page", b"<!DOCTYPE html>\n<html><body>404</body></html>");
    place.write("disk.img", &image(100_000));
    place
        .run("tar cf - page | gzip > tar.gz; xz -c disk.img | gzip > twice.gz; : | gzip > none.gz");
    assert!(refusal(&place, "tar.gz").starts_with("tar.gz is a tar archive"));
    assert_eq!(
        refusal(&place, "twice.gz"),
        "twice.gz holds xz data inside its gzip data: unpack one of the two first"
    );
    assert_eq!(
        refusal(&place, "none.gz"),
        "none.gz is empty: download it again"
    );
}

#[test]
fn a_zip_needs_one_image() {
    if !has("zip") || !has("xz") {
        return;
    }
    let place = Place::new();
    place.write("a.img", &image(5000));
    place.write("b.img", &image(6000));
    place.run("echo hello > README.txt; xz -k a.img; head -c 2000000 /dev/urandom > data.xz");
    place.run("zip -q two.zip a.img b.img; zip -q none.zip README.txt; zip -q data.zip data.xz");
    let two = "two.zip cannot be unpacked here: it holds more than one image; in it: a.img, \
               b.img; unpack the one that is meant";
    assert_eq!(refusal(&place, "two.zip"), two);
    assert_eq!(
        refusal(&place, "none.zip"),
        "none.zip cannot be unpacked here: it holds no image; in it: README.txt; unpack the one \
         that is meant"
    );
    let bytes = std::fs::read(place.path("two.zip")).unwrap();
    let by_pipe = read_piped(&place, &bytes, Expected::default()).unwrap_err();
    assert!(
        by_pipe.ends_with("more than one image; in it: a.img, b.img; unpack the one that is meant"),
        "{by_pipe}"
    );
}

#[test]
fn a_zip_that_was_made_for_a_pipe_is_read_from_a_file_alone() {
    if !has("zip") {
        return;
    }
    let place = Place::new();
    let image = image(200_000);
    place.packed(&image, "zip -q - disk.img | cat > packed");
    let path = place.path("packed");
    assert!(read(&path, Expected::default()) == Ok(image));
    let bytes = std::fs::read(path).unwrap();
    let by_pipe = read_piped(&place, &bytes, Expected::default()).unwrap_err();
    assert!(by_pipe.ends_with("save it to a file first"), "{by_pipe}");
}

#[test]
fn a_window_beyond_the_limit_is_refused_with_what_to_do() {
    if !has("zstd") || !has("xz") {
        return;
    }
    let place = Place::new();
    place.write("disk.img", &image(100_000));
    // No length is known beforehand, so that the window is as large as it was told.
    place.run("cat disk.img | zstd -q --long=28 -c > large.zst");
    place.run("xz --lzma2=dict=256MiB -c disk.img > large.xz");
    for (name, program) in [("large.zst", "zstd"), ("large.xz", "xz")] {
        assert_eq!(
            refusal(&place, name),
            format!(
                "{name} cannot be unpacked here: it needs more than 128 MiB of memory; unpack it \
                 with `{program} -d` first"
            )
        );
    }
}
