//! A cluster file with mistakes; there is no twin of it.

use crate::cluster_file::ClusterFile;
use crate::twin::SMALL;

const WRONG: &str = r#"[cluster]
name = "Garden!"
colour = "red"
[network]
subnet = "10.55.0.0/99"
acess = "gateway"
[head]
name = "head"
board = "rpi4bb"
ram = "4 GBB"
uplink = { wifi = "HomeWifi" }
roles = ["gateway", "schedular"]
[[nodes]]
names = "node[1-5]"
board = "rpi3bplus"
[[nodes]]
names = "node[5-6]"
board = "rpi3bplus"
[[nodes]]
names = "my_node"
board = 7
"#;

/// What is wrong, in which line, and the remedy.
const MISTAKES: [(&str, u32, &str); 10] = [
    ("`Garden!` is no name", 2, "write it like `garden`"),
    (
        "unknown key `colour`",
        3,
        "what can stand here is `name`, `user`",
    ),
    ("`10.55.0.0/99` is no subnet", 5, "such as `10.55.0.0/24`"),
    ("unknown key `acess`", 6, "did you mean `access`?"),
    ("no board is called `rpi4bb`", 9, "did you mean `rpi4b`?"),
    ("`4 GBB` is no quantity for `ram`", 10, "one of the units"),
    (
        "no role is called `schedular`",
        12,
        "did you mean `scheduler`?",
    ),
    (
        "the name `node5` is given twice",
        17,
        "every node needs a name of its own",
    ),
    ("`my_node` is no node's name", 20, "write it like `my-node`"),
    (
        "`board` must be text",
        21,
        "write it like `board = \"rpi4b\"`",
    ),
];

pub(crate) fn all_mistakes_are_told_at_once_with_their_lines() {
    let file = ClusterFile::new(WRONG);
    let check = file.run(&["check"]);
    check.exits(1);
    let told: Vec<_> = check.stdout.split("\nerror[").collect();
    assert_eq!(told.len(), MISTAKES.len(), "{check}");
    for (told, (mistake, line, remedy)) in told.iter().zip(MISTAKES) {
        assert!(
            told.contains(mistake) && told.contains(remedy),
            "{mistake}: {told}"
        );
        let place = format!("bramble.toml:{line}:");
        assert!(told.contains(&place), "{mistake} in line {line}: {told}");
    }
    for arguments in [
        &["up"][..],
        &["run", "@all", "--", "true"],
        &["lab", "status"],
    ] {
        file.run(arguments).exits(2).says("unknown key `colour`");
    }
}

pub(crate) fn a_good_file_is_clean() {
    let check = ClusterFile::new(SMALL).run(&["check"]);
    check.exits(0).prints("2 nodes, 0 errors, 0 warnings");
    assert_eq!(check.stderr, "");
}
