//! What a board's firmware is told, by what the node is made of.

use bramble_testkit::{RECIPE, cluster};

use super::{trixie, written};

/// The lines of `config.txt` for `node` of the recipe with `change`s.
fn lines(node: &str, changes: &[(&str, &str)]) -> Vec<String> {
    let change = |text: String, (from, to): &(&str, &str)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    };
    let text = changes.iter().fold(RECIPE.to_owned(), change);
    let files = written(&trixie(), &cluster(&text), node);
    let config = files.get("config.txt").cloned().unwrap_or_default();
    let part = config.split_once("[all]\n");
    let lines = part.map_or("", |(_, part)| part);
    let own = |line: &&str| !line.starts_with('#');
    lines.lines().filter(own).map(str::to_owned).collect()
}

const PI5: (&str, &str) = ("board = \"rpi3bplus\"", "board = \"rpi5\"\nram = \"8GB\"");

#[test]
fn a_board_of_which_nothing_particular_is_known_is_told_nothing() {
    assert_eq!(lines("node1", &[]), Vec::<String>::new());
}

#[test]
fn a_button_turns_every_board_off() {
    let line = |gpio| {
        format!("dtoverlay=gpio-shutdown,gpio_pin={gpio},active_low=1,gpio_pull=up,debounce=100")
    };
    let button = ("[power]", "[power]\nbutton = true");
    let elsewhere = ("[power]", "[power]\nbutton = true\nbutton_gpio = 17");
    for node in ["head", "node5"] {
        assert_eq!(lines(node, &[button]), [line(3)]);
    }
    assert_eq!(lines("node1", &[elsewhere]), [line(17)]);
    assert_eq!(lines("node1", &[PI5, button]), [line(3)]);
}

#[test]
fn the_pulse_goes_to_whoever_serves_the_time() {
    let gps = ("source = \"internet\"", "source = \"gps\"");
    assert_eq!(lines("head", &[gps]), ["dtoverlay=pps-gpio"]);
    assert_eq!(lines("node1", &[gps]), Vec::<String>::new());
}

#[test]
fn the_fan_of_a_hat_has_an_overlay() {
    let hat = |id: &str| format!("board = \"rpi3bplus\"\nhat = \"{id}\"");
    for (id, overlay) in [
        ("rpi-poe-hat", "rpi-poe"),
        ("rpi-poe-plus-hat", "rpi-poe-plus"),
    ] {
        let lines = lines("node1", &[("board = \"rpi3bplus\"", &hat(id))]);
        assert_eq!(lines, [format!("dtoverlay={overlay}")]);
    }
}

#[test]
fn usb_has_its_full_current_only_on_a_supply_that_is_strong_and_silent() {
    let supply = |id: &str, keys: &str| {
        let name = format!("supply = \"{id}\"");
        let own = format!("[catalogue.supplies.{id}]\nname = \"x\"\n{keys}\n[cluster]");
        (name, own)
    };
    let with = |id: &str, keys: &str| {
        let (name, own) = supply(id, keys);
        lines(
            "node1",
            &[
                PI5,
                ("supply = \"anker-60w-6\"", &name),
                ("[cluster]", &own),
            ],
        )
    };
    let setting = ["usb_max_current_enable=1"];
    assert_eq!(
        with("strong", "voltage = \"5.1V\"\nport_current = \"5A\""),
        setting
    );
    assert_eq!(
        with("weak", "voltage = \"5.1V\"\nport_current = \"3A\"").len(),
        0
    );
    let talks = "voltage = \"5.1V\"\nport_current = \"5A\"\nusb_pd = true";
    assert_eq!(with("talks", talks).len(), 0);
    assert_eq!(with("unknown", "").len(), 0);
    // A board that has no such limit.
    let strong = supply("strong", "voltage = \"5.1V\"\nport_current = \"5A\"");
    let old = [
        ("supply = \"anker-60w-6\"", strong.0.as_str()),
        ("[cluster]", strong.1.as_str()),
    ];
    assert_eq!(lines("node1", &old).len(), 0);
}

#[test]
fn an_ssd_on_a_raspberry_pi_5_has_its_connector_turned_on() {
    let own =
        "[catalogue.cards.ssd]\nname = \"SSD\"\nkind = \"nvme\"\ncapacity = \"256GB\"\n[cluster]";
    let add = |keys: &str| format!("board = \"rpi5\"\nram = \"8GB\"\n{keys}");
    let with = |keys: &str| {
        let board = add(keys);
        let changes = [
            ("board = \"rpi3bplus\"", board.as_str()),
            ("[cluster]", own),
        ];
        lines("node1", &changes)
    };
    assert_eq!(with("drives = [\"ssd\"]"), ["dtparam=pciex1"]);
    assert_eq!(with(""), Vec::<String>::new());
}
