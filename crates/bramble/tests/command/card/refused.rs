//! What would destroy something, or cannot be meant.

use std::fs;

use super::{image, make, place, well};
use crate::typed::Place;

/// What was said by a command that was refused as a slip.
fn refused(place: &Place, args: &[&str]) -> String {
    let ended = place.types(&[&["card"], args].concat());
    assert_eq!((ended.status, ended.output.as_str()), (2, ""), "{args:?}");
    ended.complaint
}

#[test]
fn the_image_is_never_written_over_under_whatever_name() {
    let place = place();
    let folder = place.folder();
    image(folder);
    let before = fs::read(folder.join("system.img")).unwrap();
    fs::hard_link(folder.join("system.img"), folder.join("hard")).unwrap();
    std::os::unix::fs::symlink("system.img", folder.join("soft")).unwrap();
    for card in ["system.img", "./system.img", "hard", "soft"] {
        let pair = format!("node1={card}");
        let said = refused(&place, &["write", "--yes", &pair, "--image", "system.img"]);
        assert!(said.contains("is what is read for the image"), "{said}");
    }
    fs::create_dir(folder.join("cards")).unwrap();
    fs::rename(folder.join("system.img"), folder.join("cards/node1.img")).unwrap();
    let args = ["image", "node1", "--force", "--image", "cards/node1.img"];
    let said = refused(&place, &[&args[..], &["-o", "cards"]].concat());
    assert!(said.contains("is what is read for the image"), "{said}");
    assert!(fs::read(folder.join("cards/node1.img")).unwrap() == before);
}

#[test]
fn an_image_by_standard_input_is_never_written_over() {
    let place = place();
    let folder = place.folder();
    image(folder);
    let args = ["card", "write", "--yes", "node1=system.img", "--image", "-"];
    let input = fs::File::open(folder.join("system.img")).unwrap();
    let output = place.command(args).stdin(input).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("is what is read for the image"), "{said}");
}

#[test]
fn image_files_that_are_there_are_named_and_stay() {
    let place = place();
    let folder = place.folder();
    image(folder);
    fs::create_dir(folder.join("cards")).unwrap();
    fs::write(folder.join("cards/node2.img"), "somebody's").unwrap();
    let args = ["image", "node[1-2]", "--image", "system.img", "-o", "cards"];
    let said = refused(&place, &args);
    assert!(
        said.contains("cards/node2.img") && !said.contains("node1.img"),
        "{said}"
    );
    assert!(said.contains("--force"), "{said}");
    let kept = fs::read(folder.join("cards/node2.img")).unwrap();
    assert_eq!(kept, b"somebody's");

    let forced = place.types(&[&["card"], &args[..], &["--force"]].concat());
    well(&forced);
    assert!(
        forced.complaint.contains("cards/node2.img"),
        "{}",
        forced.complaint
    );
    assert!(fs::metadata(folder.join("cards/node2.img")).unwrap().len() > 1 << 20);
}

#[test]
fn what_needs_the_name_of_an_image_is_refused_for_standard_input() {
    let place = place();
    fs::write(place.path("list.json"), "{\"os_list\":[]}").unwrap();
    let args = ["image", "node1", "--image", "-", "--os-list", "list.json"];
    let said = refused(&place, &[&args[..], &["-o", "cards"]].concat());
    assert!(said.contains("--sha256"), "{said}");
    let said = refused(&place, &["write", "--assign", "node1", "--image", "-"]);
    assert!(said.contains("--assign"), "{said}");
}

#[test]
fn nodes_of_two_images_are_named_with_theirs() {
    let text = bramble_testkit::RECIPE
        .replace(
            "uplink = { wifi = \"HomeWifi\" }",
            "uplink = { ethernet = \"eth1\" }",
        )
        .replace(
            "image = \"raspios-lite-arm64-trixie\"",
            "image = \"images/system.img\"",
        )
        .replacen(
            "board = \"rpi4b\"",
            "board = \"rpi4b\"\nimage = \"other.img\"",
            1,
        );
    let place = Place::with(text);
    let said = refused(&place, &["image", "head,node[1-2]", "-o", "cards"]);
    for wanted in ["head: other.img", "node[1-2]: images/system.img"] {
        assert!(said.contains(wanted), "{said}");
    }

    // A path in the cluster file is meant from where that is.
    let folder = place.folder();
    fs::create_dir(folder.join("images")).unwrap();
    fs::create_dir(folder.join("elsewhere")).unwrap();
    image(&folder.join("images"));
    let args = ["-f", "../bramble.toml", "card", "image", "node1", "-o", "."];
    let mut command = place.command(args);
    let done = command
        .current_dir(folder.join("elsewhere"))
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    make(folder, "test", &["-s", "elsewhere/node1.img"]);
}
