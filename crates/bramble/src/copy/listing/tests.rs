//! What is sent is what is not there: by table for each kind, by property for
//! all together.

use proptest::prelude::*;

use super::*;
use crate::copy::place::Place;

const STAMP: Stamp = Stamp {
    seconds: 1_700_000_000,
    nanoseconds: 5,
};

fn item(path: &str, kind: Kind) -> Item {
    Item {
        path: path.into(),
        mode: if kind == Kind::Directory {
            0o755
        } else {
            0o644
        },
        kind,
        stamp: STAMP,
    }
}

fn file(path: &str, size: u64) -> Item {
    let from = Path::new("/from").join(path);
    item(path, Kind::File { size, from })
}

fn sources(named: usize, items: Vec<Item>) -> Sources {
    Sources {
        items,
        named,
        content: false,
    }
}

fn to(path: &str) -> Remote {
    match Place::parse(format!("n1:{path}").as_ref()).unwrap() {
        Place::There { path, .. } => path,
        Place::Here(_) => unreachable!(),
    }
}

fn seen(destination: Destination, found: &[(&str, Found)]) -> Seen {
    Seen {
        destination,
        parent: true,
        free: 1 << 40,
        passes_on: true,
        found: found
            .iter()
            .map(|(path, found)| (PathBuf::from(path), *found))
            .collect(),
    }
}

fn there(item: &Item) -> Found {
    let (of, size) = match &item.kind {
        Kind::File { size, .. } => (REGULAR, *size),
        Kind::Directory => (DIRECTORY, 4096),
        Kind::Link { target } => (LINK, target.as_os_str().len() as u64),
    };
    Found {
        mode: of | item.mode,
        size,
        stamp: item.stamp,
    }
}

fn decided(item: &Item, found: Found) -> String {
    let path = item.path.to_str().unwrap().to_owned();
    let sources = sources(1, vec![item.clone()]);
    let seen = seen(Destination::Directory, &[(&path, found)]);
    match compare(&sources, &to("/d"), &seen, Terms::default()) {
        Err(refusal) => refusal.to_string(),
        Ok(lack) if lack.is_nothing() => "there".to_owned(),
        Ok(lack) if !lack.send.is_empty() => "send".to_owned(),
        Ok(lack) if !lack.adjust.is_empty() => "adjust".to_owned(),
        Ok(_) => "unsure".to_owned(),
    }
}

#[test]
fn what_is_there_decides_what_is_done() {
    let file = file("a", 5);
    let directory = item("a", Kind::Directory);
    let link = item(
        "a",
        Kind::Link {
            target: "to".into(),
        },
    );
    let same = there(&file);
    let later = Stamp {
        nanoseconds: 6,
        ..STAMP
    };
    let cases = [
        (&file, same, "there"),
        (&file, Found { size: 6, ..same }, "send"),
        (
            &file,
            Found {
                stamp: later,
                ..same
            },
            "unsure",
        ),
        (
            &file,
            Found {
                mode: REGULAR | 0o600,
                ..same
            },
            "adjust",
        ),
        (
            &file,
            Found {
                mode: REGULAR | 0o444,
                ..same
            },
            "send",
        ),
        (&file, there(&link), "send"),
        (&file, there(&directory), "/d/a is a directory there"),
        (&link, there(&link), "there"),
        (&link, there(&file), "send"),
        (&link, there(&directory), "/d/a is a directory there"),
        (&directory, there(&directory), "there"),
        (
            &directory,
            Found {
                stamp: later,
                ..there(&directory)
            },
            "adjust",
        ),
        (&directory, same, "/d/a is no directory there"),
    ];
    for (item, found, expected) in cases {
        let decided = decided(item, found);
        assert!(
            decided.starts_with(expected),
            "{item:?} {found:?}: {decided}"
        );
    }
}

#[test]
fn a_read_only_file_that_is_right_is_not_sent_again() {
    let item = Item {
        mode: 0o444,
        ..file("a", 5)
    };
    assert_eq!(decided(&item, there(&item)), "there");
}

#[test]
fn with_checksum_the_time_proves_nothing() {
    let sources = sources(1, vec![file("a", 5)]);
    let seen = seen(Destination::Directory, &[("a", there(&sources.items[0]))]);
    let terms = Terms {
        checksum: true,
        root: false,
    };
    let mut lack = compare(&sources, &to("/d"), &seen, terms).unwrap();
    assert_eq!(lack.unsure, [0].into());
    lack.settle(&sources, &seen, &|_| true, terms).unwrap();
    assert!(lack.is_nothing());
}

fn lay(sources: &Sources, path: &str, destination: Destination) -> Result<String, Refusal> {
    let lack = compare(
        sources,
        &to(path),
        &seen(destination, &[]),
        Terms::default(),
    )?;
    let lay = lack.lay;
    let made = if lay.make { " (made)" } else { "" };
    Ok(lay.shown(&sources.items[0].path) + made)
}

#[test]
fn a_destination_means_what_it_means_to_cp() {
    use Destination::{Directory, Nothing, Other};
    let one = sources(1, vec![file("a", 1)]);
    let two = sources(2, vec![file("a", 1), file("b", 1)]);
    let tree = sources(1, vec![item("a", Kind::Directory), file("a/b", 1)]);
    let content = Sources {
        content: true,
        ..one.clone()
    };
    let cases = [
        (&one, "/d", Directory, "/d/a"),
        (&one, "/d", Nothing, "/d"),
        (&one, "/d", Other, "/d"),
        (&one, "/d/", Nothing, "/d/a (made)"),
        (&one, "", Directory, "./a"),
        (&one, "x", Nothing, "./x"),
        (&two, "/d", Directory, "/d/a"),
        (&two, "/d/", Nothing, "/d/a (made)"),
        (&tree, "/d", Directory, "/d/a"),
        (&tree, "/d", Nothing, "/d"),
        (&content, "/d", Nothing, "/d/a (made)"),
        (&content, "/d", Directory, "/d/a"),
    ];
    for (sources, path, destination, expected) in cases {
        let lay = lay(sources, path, destination);
        assert_eq!(lay.as_deref(), Ok(expected), "{path} {destination:?}");
    }
}

#[test]
fn what_cannot_be_put_there_is_refused_with_the_remedy() {
    use Destination::{Nothing, Other};
    let one = sources(1, vec![file("a", 1)]);
    let two = sources(2, vec![file("a", 1), file("b", 1)]);
    let tree = sources(1, vec![item("a", Kind::Directory)]);
    let refused = |sources, path, destination| lay(sources, path, destination).unwrap_err();
    for (path, destination) in [("/d", Nothing), ("/d", Other)] {
        assert!(matches!(
            refused(&two, path, destination),
            Refusal::NeedsDirectory { .. }
        ));
    }
    for (sources, path) in [(&one, "/d/"), (&tree, "/d")] {
        let seen = seen(Other, &[("d", there(&file("d", 1)))]);
        let refused = compare(sources, &to(path), &seen, Terms::default());
        assert!(matches!(refused, Err(Refusal::InTheWay { .. })), "{path}");
    }
    let without_parent = Seen {
        parent: false,
        ..seen(Nothing, &[])
    };
    let refused = compare(&one, &to("/x/y"), &without_parent, Terms::default());
    let told = refused.unwrap_err().to_string();
    assert_eq!(told, "there is no directory /x");
}

#[test]
fn a_node_without_room_is_sent_nothing() {
    let sources = sources(1, vec![file("a", 51)]);
    let tight = Seen {
        free: 50,
        ..seen(Destination::Directory, &[])
    };
    let refused = compare(&sources, &to("/d"), &tight, Terms::default());
    assert!(matches!(
        refused,
        Err(Refusal::Full {
            needed: 51,
            free: 50
        })
    ));
    let root = Terms {
        root: true,
        checksum: false,
    };
    assert!(compare(&sources, &to("/d"), &tight, root).is_ok());
}

#[test]
fn a_directory_gets_its_time_back_when_something_was_put_into_it() {
    let sources = sources(1, vec![item("a", Kind::Directory), file("a/b", 1)]);
    let seen = seen(Destination::Directory, &[("a", there(&sources.items[0]))]);
    let mut lack = compare(&sources, &to("/d"), &seen, Terms::default()).unwrap();
    lack.settle(&sources, &seen, &|_| false, Terms::default())
        .unwrap();
    assert_eq!((lack.send, lack.adjust), ([1].into(), [0].into()));
}

proptest! {
    /// Whatever of it is there: the rest is sent, and then all is there.
    #[test]
    fn after_a_copy_all_is_there(present in prop::collection::vec(0..4_u8, 6)) {
        let sources = sources(1, vec![
            item("t", Kind::Directory),
            file("t/a", 3),
            item("t/d", Kind::Directory),
            file("t/d/b", 0),
            item("t/l", Kind::Link { target: "a".into() }),
            file("t/z", 9),
        ]);
        let mut found = BTreeMap::new();
        for (item, state) in sources.items.iter().zip(&present) {
            let other = Stamp { seconds: 1, nanoseconds: 0 };
            let is = match state {
                0 => continue,
                1 => there(item),
                2 => Found { stamp: other, ..there(item) },
                _ => Found { mode: there(item).mode ^ 0o011, ..there(item) },
            };
            // Nothing is in a directory that is not there.
            let parent = item.path.parent().unwrap();
            if parent.as_os_str().is_empty() || found.contains_key(parent) {
                found.insert(item.path.clone(), is);
            }
        }
        let mut seen = seen(Destination::Directory, &[]);
        seen.found = found;
        let mut lack = compare(&sources, &to("/d"), &seen, Terms::default()).unwrap();
        lack.settle(&sources, &seen, &|nth| nth == 1, Terms::default()).unwrap();
        for &nth in lack.send.iter().chain(&lack.adjust) {
            let item = &sources.items[nth];
            seen.found.insert(item.path.clone(), there(item));
        }
        let again = compare(&sources, &to("/d"), &seen, Terms::default()).unwrap();
        prop_assert!(again.is_nothing(), "{again:?}");
    }
}
