//! Directories, links and paths that must be free.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

use bramble_converge::Resource;
use bramble_converge::resource::{Absent, Directory, Link};

use crate::machine::{Machine, machines, make_folder};

fn directory(machine: &Machine, path: &str, mode: u32) -> Vec<Box<dyn Resource>> {
    vec![Box::new(Directory::new(path, mode, machine.owner()))]
}

fn link(path: &str, target: &str) -> Vec<Box<dyn Resource>> {
    vec![Box::new(Link::new(path, target))]
}

fn absent(path: &str) -> Vec<Box<dyn Resource>> {
    vec![Box::new(Absent::new(path))]
}

#[test]
fn a_directory_is_made_and_its_mode_kept_to_the_bit() {
    for machine in machines() {
        let path = machine.path("srv/my home");
        machine.comes_to("create", || directory(&machine, &path, 0o750));
        let mode = || fs::metadata(&path).unwrap().mode() & 0o7777;
        assert_eq!(mode(), 0o750);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o2777)).unwrap();
        machine.comes_to("set mode and owner", || directory(&machine, &path, 0o755));
        assert_eq!(mode(), 0o755);
        machine.comes_to("set mode and owner", || directory(&machine, &path, 0o2775));
        assert_eq!(mode(), 0o2775);
    }
}

#[test]
fn a_file_or_link_in_place_of_a_directory_is_left_to_the_owner() {
    for machine in machines() {
        let path = machine.path("file");
        fs::write(&path, "mine").unwrap();
        let reason = machine.refuses(|| directory(&machine, &path, 0o755));
        assert!(
            reason.contains("file is a regular file, not a directory"),
            "{reason}"
        );
        let path = machine.path("link");
        symlink("/tmp", &path).unwrap();
        let reason = machine.refuses(|| directory(&machine, &path, 0o755));
        assert!(
            reason.contains("link is a symbolic link, not a directory"),
            "{reason}"
        );
    }
}

#[test]
fn a_link_is_made_pointed_elsewhere_and_put_in_place_of_a_file() {
    for machine in machines() {
        let path = machine.path("local time");
        let target = || fs::read_link(&path).unwrap().display().to_string();
        machine.comes_to("point", || link(&path, "/usr/share/zoneinfo/Europe/London"));
        machine.comes_to("point", || link(&path, "/nowhere/it's"));
        assert_eq!(target(), "/nowhere/it's");
        fs::remove_file(&path).unwrap();
        fs::write(&path, "a copy of a zone").unwrap();
        machine.comes_to("point", || link(&path, "/usr/share/zoneinfo/UTC"));
        assert_eq!(target(), "/usr/share/zoneinfo/UTC");
        assert_eq!(machine.names(), ["local time"], "nothing is left beside it");
    }
}

#[test]
fn a_directory_in_place_of_a_link_is_left_to_the_owner() {
    for machine in machines() {
        let path = machine.path("zone");
        make_folder(&path);
        let reason = machine.refuses(|| link(&path, "/tmp"));
        assert!(
            reason.contains("zone is a directory, not a link"),
            "{reason}"
        );
    }
}

#[test]
fn what_must_not_be_there_is_removed_once() {
    for machine in machines() {
        let path = machine.path("slurm.conf");
        assert_eq!(machine.up(|| absent(&path)), Ok(vec![]), "it is not there");
        fs::write(&path, "left over").unwrap();
        machine.comes_to("remove", || absent(&path));
        symlink("/nowhere", &path).unwrap();
        machine.comes_to("remove", || absent(&path));
        assert!(machine.names().is_empty());
    }
}

#[test]
fn a_directory_is_never_removed() {
    for machine in machines() {
        let path = machine.path("slurm.conf");
        make_folder(&path);
        let reason = machine.refuses(|| absent(&path));
        assert!(
            reason.contains("slurm.conf is a directory; move it away"),
            "{reason}"
        );
    }
}
