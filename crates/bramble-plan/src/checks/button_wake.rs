//! `button-wake`: boards that the common button turns off and cannot turn on. Not
//! in here: a button on the wrong GPIO (`button_gpio`).

use bramble_cluster::catalogue::WakeUp;
use bramble_cluster::cluster::{Group, TurnOn};
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;

use super::Check;
use crate::finding::{Figure, Finding};
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "button-wake",
    text: include_str!("button_wake.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let power = &site.cluster.power;
    let by_button = matches!(power.turn_on, None | Some(TurnOn::Button));
    if power.button.is_none() || !by_button {
        return Vec::new();
    }
    let groups = site.cluster.groups.iter().enumerate();
    groups
        .filter_map(|(index, group)| judge(index, group, site))
        .collect()
}

/// Of a machine that was there before, what is not known is not asked: it has a
/// button of its own.
fn judge(index: usize, group: &Group, site: &Site<'_>) -> Option<Finding> {
    let (board, wake) = (&group.hardware.board, group.hardware.board.wake.as_ref());
    let begin = |severity, title: String| {
        Finding::new(CHECK.id, severity, title, Table::Group(index).key("board")).about(group, site)
    };
    match wake.and_then(|wake| wake.gpio3) {
        Some(true) => None,
        Some(false) => {
            let title = format!(
                "the button turns the {} off, and not on again: GPIO3 does not start it",
                board.name
            );
            let started = Figure::new("of these boards, GPIO3 starts", 0, "");
            let started = started.said_by(wake.and_then(|wake| wake.source.as_deref()));
            let finding = begin(Severity::Warning, title).label("not started by GPIO3");
            Some(finding.figure(started).remedy(remedy(wake)))
        }
        None if group.hardware.adopt => None,
        None => {
            let title = format!(
                "it is not known whether the button turns the {} on again",
                board.name
            );
            let remedy = format!(
                "add `gpio3` to `[catalogue.boards.{}.wake]`, or write `wake = \"supply\"` in `[power]`",
                board.id
            );
            Some(
                begin(Severity::Note, title)
                    .label("not known of this board")
                    .remedy(remedy),
            )
        }
    }
}

fn remedy(wake: Option<&WakeUp>) -> &'static str {
    if wake.and_then(|wake| wake.power_button) == Some(true) {
        "wire a button to its own power button's pads (J2 on a Raspberry Pi 5), or turn it on by its supply and write `wake = \"supply\"` in `[power]`"
    } else {
        "turn it on by its supply, and write `wake = \"supply\"` in `[power]`"
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use super::*;

    fn found(power: &str, nodes: &str) -> Vec<Finding> {
        of(
            CHECK.id,
            &file(&format!(
                "[power]\n{power}\n[[nodes]]\nnames = \"node[1-6]\"\n{nodes}"
            )),
        )
    }

    const PI5: &str = "board = \"rpi5\"\nram = \"8GB\"";

    #[test]
    fn six_pi_5_go_off_and_not_on_again() {
        for power in ["button = true", "button = true\nwake = \"button\""] {
            let found = found(power, PI5);
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].severity, Severity::Warning);
            assert_eq!(found[0].nodes.to_string(), "node[1-6]");
            assert!(found[0].remedy.contains("J2"), "{}", found[0].remedy);
        }
    }

    #[test]
    fn where_the_supply_starts_them_or_there_is_no_button_all_is_well() {
        assert_eq!(found("button = true\nwake = \"supply\"", PI5), []);
        assert_eq!(found("button = false", PI5), []);
        assert_eq!(found("button = true", "board = \"rpi3bplus\""), []);
    }

    #[test]
    fn a_machine_that_was_there_before_has_its_own_button() {
        let mac = "board = \"macmini-late2012-i5\"\nram = \"4GB\"";
        assert_eq!(found("button = true", mac).len(), 1);
        assert_eq!(found("button = true", &format!("{mac}\nadopt = true")), []);
    }

    #[test]
    fn a_board_of_which_it_is_not_known_is_noted() {
        let found = found("button = true", "board = \"vim3-basic\"");
        assert_eq!((found.len(), found[0].severity), (1, Severity::Note));
    }
}
