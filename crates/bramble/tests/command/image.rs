//! `image build`, as far as it goes before anything is built. Not in here: images, which
//! are made for real by the tests of `bramble-lab`.

use std::fs;
use std::os::unix::process::CommandExt as _;

use bramble_testkit::skipped;

use crate::typed::Place;

#[test]
fn a_folder_that_is_not_there_is_a_slip_and_is_not_made() {
    let place = Place::empty();
    let ended = place.types(&["image", "build", "-o", "no/such folder/x.img"]);
    assert_eq!((ended.status, ended.output.as_str()), (2, ""));
    assert_eq!(
        ended.complaint,
        "error: cannot find the folder HERE/no/such folder: No such file or directory (os error \
         2)\nhint: if it is meant, make it first: `mkdir -p 'HERE/no/such folder'`\n"
    );
    assert!(!fs::exists(place.path("no")).unwrap());
}

#[test]
fn without_root_it_is_the_image_that_cannot_be_built() {
    let place = Place::empty();
    let mut command = place.command(["image", "build", "-o", "/tmp/x.img"]);
    if rustix::process::geteuid().is_root() {
        // Somebody else, who can do as little as anybody.
        command.current_dir("/").uid(65534).gid(65534);
    }
    let Ok(ended) = command.output() else {
        skipped("the command lies where only root may look");
        return;
    };
    assert_eq!(ended.status.code(), Some(6));
    assert_eq!(
        String::from_utf8(ended.stderr).unwrap(),
        "error: an image can be built by root only\nhint: run the same command with sudo\n"
    );
}
