//! `button-gpio`: a button on another GPIO than the one that starts a board. Not in
//! here: boards that no GPIO starts (`button_wake`).

use bramble_cluster::cluster::{Button, TurnOn};
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;

use super::Check;
use crate::finding::{Figure, Finding};
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "button-gpio",
    text: include_str!("button_gpio.md"),
    find,
};

/// The one that boot loaders look at (device tree overlays README, gpio-shutdown).
const WAKES: u32 = 3;
/// Header pins of GPIO3 and of the ground beside it, which are taken for GPIOs.
const PINS: [u32; 2] = [5, 6];

fn find(site: &Site<'_>) -> Vec<Finding> {
    let button = site
        .cluster
        .power
        .button
        .filter(|button| button.gpio != WAKES);
    button
        .map(|button| finding(button, site))
        .into_iter()
        .collect()
}

fn finding(button: Button, site: &Site<'_>) -> Finding {
    let gpio = button.gpio;
    // Where the supply starts the boards, the button is to turn them off only.
    let by_supply = site.cluster.power.turn_on == Some(TurnOn::Supply);
    let severity = if by_supply {
        Severity::Note
    } else {
        Severity::Warning
    };
    let remedy = if PINS.contains(&gpio) {
        "leave `button_gpio` out if the wires go to header pins 5 and 6: these are GPIO3 and ground"
    } else {
        "wire the button to GPIO3 (header pin 5) and ground (pin 6), and leave `button_gpio` out"
    };
    let title = format!(
        "a button on GPIO{gpio} turns boards off, and does not turn them on: only GPIO3 does"
    );
    Finding::new(CHECK.id, severity, title, Table::Power.key("button_gpio"))
        .label("does not start a board")
        .figure(
            Figure::new("the GPIO that starts a board", WAKES, "")
                .said_by(Some("device tree overlays README, gpio-shutdown")),
        )
        .remedy(remedy)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use super::*;

    fn found(power: &str) -> Vec<Finding> {
        of(
            CHECK.id,
            &file(&format!(
                "[power]\n{power}\n[[nodes]]\nnames = \"node1\"\nboard = \"rpi3bplus\""
            )),
        )
    }

    #[test]
    fn header_pins_are_not_gpios() {
        let found = found("button = true\nbutton_gpio = 5");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Warning);
        assert!(
            found[0].remedy.contains("header pins 5 and 6"),
            "{}",
            found[0].remedy
        );
    }

    #[test]
    fn another_gpio_is_moved_to_the_right_pin() {
        assert!(
            found("button = true\nbutton_gpio = 17")[0]
                .remedy
                .contains("wire the button to GPIO3")
        );
        assert_eq!(
            found("button = true\nbutton_gpio = 17\nwake = \"supply\"")[0].severity,
            Severity::Note
        );
    }

    #[test]
    fn gpio_3_is_right_and_without_a_button_there_is_nothing_to_say() {
        assert_eq!(found("button = true"), []);
        assert_eq!(found("button = true\nbutton_gpio = 3"), []);
        assert_eq!(found(""), []);
    }
}
