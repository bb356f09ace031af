//! The drawing: what is written, where, and what stands in the way.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use bramble_testkit::RECIPE;
use roxmltree::Document;

use crate::typed::{Ended, Place};

/// The first bytes of every PNG.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn done(ended: &Ended) {
    assert_eq!((ended.status, ended.complaint.as_str()), (0, ""));
}

/// The width and height of a PNG.
fn size(png: &[u8]) -> (u32, u32) {
    assert!(png.starts_with(PNG));
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn the_drawing_is_well_formed_and_names_every_node() {
    let ended = Place::with(RECIPE).types(&["draw"]);
    done(&ended);
    let drawing = Document::parse(&ended.output).unwrap();
    let texts = drawing
        .descendants()
        .filter(|node| node.has_tag_name("text"));
    let texts: BTreeSet<_> = texts.filter_map(|node| node.text()).collect();
    for said in [
        "garden",
        "head",
        "node1",
        "node5",
        "10.55.0.1",
        "10.55.0.6",
        "Wi-Fi HomeWifi",
    ] {
        assert!(texts.contains(said), "{said}");
    }
    let root = drawing.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    assert!(root.children().any(|node| node.has_tag_name("desc")));
}

#[test]
fn the_ending_of_the_file_says_what_is_written() {
    let place = Place::with(RECIPE);
    let drawn = place.types(&["draw"]).output;
    for (name, options) in [
        ("a.svg", &[][..]),
        ("b.SVG", &[]),
        ("c.txt", &["--format", "svg"]),
    ] {
        done(&place.types(&[&["draw", "-o", name], options].concat()));
        assert_eq!(
            fs::read_to_string(place.path(name)).unwrap(),
            drawn,
            "{name}"
        );
    }
    done(&place.types(&["draw", "-o", "d.png", "--scale", "1"]));
    assert!(fs::read(place.path("d.png")).unwrap().starts_with(PNG));
}

#[test]
fn a_png_has_so_many_pixels_for_each_unit() {
    let place = Place::with(RECIPE);
    let svg = place.types(&["draw"]).output;
    let drawing = Document::parse(&svg).unwrap();
    let side = |name| {
        drawing
            .root_element()
            .attribute(name)
            .unwrap()
            .parse::<u32>()
            .unwrap()
    };
    for (scale, options) in [(2, &[][..]), (1, &["--scale", "1"])] {
        done(&place.types(&[&["draw", "-o", "x.png"], options].concat()));
        let png = fs::read(place.path("x.png")).unwrap();
        assert_eq!(size(&png), (side("width") * scale, side("height") * scale));
    }
}

#[test]
fn a_png_can_be_dark_and_shows_letters_on_a_machine_without_fonts() {
    let place = Place::with(RECIPE);
    let drawn = |options: &[&str]| {
        let typed = [&["draw", "--format", "png", "--scale", "1"], options].concat();
        let output = place.command(typed).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        output.stdout
    };
    let (light, dark) = (drawn(&[]), drawn(&["--dark"]));
    assert_eq!(size(&light), size(&dark));
    assert_ne!(light, dark);
    // Another name is other pixels: the texts are there.
    let renamed = Place::with(RECIPE.replace("\"garden\"", "\"meadow\""));
    let mut other = renamed.command(["draw", "--format", "png", "--scale", "1"]);
    assert_ne!(other.output().unwrap().stdout, light);
}

#[test]
fn an_svg_follows_its_reader_unless_it_is_to_be_dark() {
    let place = Place::with(RECIPE);
    let follows = |options: &[&str]| {
        let ended = place.types(&[&["draw"], options].concat());
        ended.output.contains("prefers-color-scheme")
    };
    assert!(follows(&[]));
    assert!(!follows(&["--dark"]));
}

#[test]
fn findings_are_drawn_and_do_not_change_the_exit_code() {
    let bad = RECIPE.replace(
        "switch = \"netgear-8-port\"",
        "switch = \"wifi-switch-4-port\"",
    );
    let place = Place::with(bad);
    assert_eq!(place.types(&["check"]).status, 1);
    let ended = place.types(&["draw"]);
    done(&ended);
    assert!(ended.output.contains(">error "), "{}", ended.output);
}

#[test]
fn a_file_with_errors_is_not_drawn() {
    let ended = Place::with(RECIPE.replace("rpi4b", "rpi4")).types(&["draw", "-o", "x.svg"]);
    assert_eq!((ended.status, ended.output.as_str()), (2, ""));
    assert!(
        ended
            .complaint
            .ends_with("error: bramble.toml has errors\n"),
        "{}",
        ended.complaint
    );
}

#[test]
fn an_ending_that_says_nothing_is_asked_about() {
    let place = Place::with(RECIPE);
    for name in ["picture", "picture.jpg"] {
        let ended = place.types(&["draw", "-o", name]);
        assert_eq!(ended.status, 2);
        assert_eq!(
            ended.complaint,
            format!(
                "error: {name}: its ending is neither .svg nor .png\n\
                 hint: end the name by one of them, or say which with `--format svg|png`\n"
            )
        );
        assert!(!place.path(name).exists());
    }
}

#[test]
fn a_directory_in_place_of_a_file_is_answered_with_a_file_in_it() {
    let place = Place::with(RECIPE);
    fs::create_dir(place.path("here.svg")).unwrap();
    let ended = place.types(&["draw", "-o", "here.svg"]);
    assert_eq!(ended.status, 2);
    assert_eq!(
        ended.complaint,
        "error: cannot write here.svg: it is a directory\n\
         hint: name a file in it: `-o here.svg/cluster.svg`\n"
    );
}

#[test]
fn a_directory_that_is_not_there_is_no_place_to_write_to() {
    let ended = Place::with(RECIPE).types(&["draw", "-o", "nowhere/x.svg"]);
    assert_eq!(ended.status, 2);
    assert!(
        ended
            .complaint
            .starts_with("error: cannot write nowhere/x.svg: "),
        "{}",
        ended.complaint
    );
    assert!(
        ended
            .complaint
            .contains("hint: choose a file in a directory"),
        "{}",
        ended.complaint
    );
}

#[test]
fn a_drawing_that_cannot_be_replaced_stays_as_it_was() {
    // Not even root can write here.
    let ended = Place::with(RECIPE).types(&["draw", "-o", "/proc/x.svg"]);
    assert_eq!(ended.status, 2);
    assert!(ended.complaint.contains("hint: "), "{}", ended.complaint);
    let place = Place::with(RECIPE);
    done(&place.types(&["draw", "-o", "x.svg"]));
    let old = fs::read(place.path("x.svg")).unwrap();
    fs::write(place.path("bramble.toml"), RECIPE.replace("rpi4b", "rpi4")).unwrap();
    assert_eq!(place.types(&["draw", "-o", "x.svg"]).status, 2);
    assert_eq!(fs::read(place.path("x.svg")).unwrap(), old);
}

#[test]
fn a_drawing_is_for_others_to_read() {
    let place = Place::with(RECIPE);
    done(&place.types(&["draw", "-o", "x.svg"]));
    let mode = fs::metadata(place.path("x.svg"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o444, 0o444, "{mode:o}");
    let left: Vec<_> = fs::read_dir(place.path("")).unwrap().collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn a_png_with_too_many_pixels_names_the_scale_that_will_do() {
    let nodes = RECIPE.replace("node[1-5]", "node[1-40]").replace(
        "switch = \"netgear-8-port\"",
        "switch = \"netgear-8-port\"\nswitches = 7",
    );
    let ended = Place::with(nodes).types(&["draw", "-o", "x.png", "--scale", "8"]);
    assert_eq!(ended.status, 2);
    assert!(
        ended
            .complaint
            .contains("is too large: a side can have 16384\n"),
        "{}",
        ended.complaint
    );
    assert!(
        ended.complaint.contains("hint: choose `--scale "),
        "{}",
        ended.complaint
    );
}

#[test]
fn as_json_the_drawing_comes_with_what_is_marked_in_it() {
    let place = Place::with(RECIPE);
    let ended = place.types(&["draw", "--json"]);
    done(&ended);
    let told: serde_json::Value = serde_json::from_str(&ended.output).unwrap();
    assert!(told["svg"].as_str().unwrap().starts_with("<svg"));
    assert!(told["findings"].is_array());
    let ended = place.types(&["draw", "--json", "-o", "garden.svg"]);
    done(&ended);
    let told: serde_json::Value = serde_json::from_str(&ended.output).unwrap();
    assert_eq!(told["file"], "garden.svg");
    assert!(told.get("svg").is_none());
    let ended = place.types(&["draw", "--json", "--format", "png"]);
    assert_eq!((ended.status, ended.output.as_str()), (2, ""));
}
