//! `bramble catalogue` as it is typed. Not in here: how items look, which
//! `bramble-view` tests.

use serde_json::Value;

use crate::typed::Place;

#[test]
fn the_catalogue_needs_no_cluster_file() {
    let all = Place::empty().types(&["catalogue"]);
    assert_eq!((all.status, all.complaint.as_str()), (0, ""));
    for heading in [
        "Boards\n",
        "Supplies\n",
        "PoE hats\n",
        "Operating systems\n",
    ] {
        assert!(all.output.contains(heading), "{heading}");
    }
    let list = Place::empty().types(&["catalogue", "list"]);
    assert_eq!(list.output, all.output);
}

#[test]
fn words_narrow_the_list() {
    let ended = Place::empty().types(&["catalogue", "list", "rpi", "4b"]);
    assert!(ended.output.contains("  rpi4b  "), "{}", ended.output);
    assert!(!ended.output.contains("rpi5"), "{}", ended.output);
}

#[test]
fn a_list_of_nothing_is_no_success() {
    let ended = Place::empty().types(&["catalogue", "list", "toaster"]);
    assert_eq!((ended.status, ended.output.as_str()), (2, ""));
    assert!(
        ended
            .complaint
            .contains("nothing in the catalogue is called like `toaster`")
    );
}

#[test]
fn one_item_is_shown_with_its_sources() {
    let ended = Place::empty().types(&["catalogue", "show", "rpi4b"]);
    assert_eq!(ended.status, 0);
    assert!(
        ended
            .output
            .starts_with("rpi4b: Raspberry Pi 4 Model B (board)\n")
    );
    assert!(ended.output.contains("  source: "));
}

#[test]
fn an_id_with_a_slip_is_answered_with_the_one_that_was_meant() {
    let ended = Place::empty().types(&["catalogue", "show", "rpi4"]);
    assert_eq!((ended.status, ended.output.as_str()), (2, ""));
    assert_eq!(
        ended.complaint,
        "error: nothing in the catalogue is called `rpi4`\n\
         hint: did you mean `rpi4b`? bramble catalogue show rpi4b\n"
    );
}

#[test]
fn the_catalogue_is_json_for_programs() {
    let json = |args: &[&str]| -> Value {
        serde_json::from_str(&Place::empty().types(args).output).unwrap()
    };
    let list = json(&["catalogue", "list", "vim", "--json"]);
    let ids: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["id"])
        .collect();
    assert_eq!(ids, ["vim3-basic", "vim3-pro", "vim4"]);
    let show = json(&["catalogue", "show", "anker-60w-6", "--json"]);
    assert_eq!(
        (&show[0]["kind"], &show[0]["power"]),
        (&"supply".into(), &60.0.into())
    );
}

#[test]
fn an_id_alone_is_shown() {
    let shown = Place::empty().types(&["catalogue", "show", "rpi5"]);
    let alone = Place::empty().types(&["catalogue", "rpi5"]);
    assert_eq!((alone.status, alone.output), (0, shown.output));
    let slip = Place::empty().types(&["catalogue", "pi4"]);
    assert_eq!(slip.status, 2);
    assert!(slip.complaint.contains("`rpi4b`"), "{}", slip.complaint);
}
