//! Names of mount units, with `systemd-escape` as the judge.

use std::process::Command;

use bramble_testkit::skipped;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::case::Case;
use crate::files::files;

/// A path as a cluster file may have it.
fn path() -> impl Strategy<Value = String> {
    let name =
        "[a-zA-Z0-9._-]{1,8}".prop_filter("no path in itself", |name| name != "." && name != "..");
    vec(name, 1..4).prop_map(|names| format!("/{}", names.join("/")))
}

/// The unit by which a worker mounts a share at `path`.
fn unit(path: &str) -> String {
    let mount = format!("mount = \"{path}\"");
    let case = Case::recipe([("mount = \"/home/shared\"", &mount)]);
    let files = files(&case, "node1");
    let mut units = files.iter().filter_map(|(path, _)| {
        path.strip_prefix("/etc/systemd/system/")?
            .strip_suffix(".mount")
            .map(str::to_owned)
    });
    units.next().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn a_mount_unit_is_named_as_systemd_names_it(paths in vec(path(), 25)) {
        let escaped = Command::new("systemd-escape").arg("--path").arg("--").args(&paths).output();
        let Ok(escaped) = escaped else {
            skipped("systemd-escape is not here");
            return Ok(());
        };
        let escaped = String::from_utf8(escaped.stdout).unwrap();
        let escaped: Vec<_> = escaped.split_whitespace().collect();
        prop_assert_eq!(escaped.len(), paths.len());
        for (path, escaped) in paths.iter().zip(escaped) {
            prop_assert_eq!(unit(path), escaped, "{}", path);
        }
    }
}
