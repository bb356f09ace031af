//! `heat`: boards that get so hot that they slow down. Not in here: how warm the
//! room gets, and what that costs (`power`).

use bramble_cluster::catalogue::{Board, Heat};
use bramble_cluster::cluster::{Cooling, Group};
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;
use bramble_cluster::unit::Power;

use super::Check;
use crate::consumption::Consumption;
use crate::finding::{Figure, Finding};
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "heat",
    text: include_str!("heat.md"),
    find,
};

/// From this power on a small board needs moving air to keep its clock: a
/// Raspberry Pi 5 has 9.7 W and does, a 4B has 7.2 W and mostly gets by.
const HOT: Power = Power::from_milli(8_000);

fn find(site: &Site<'_>) -> Vec<Finding> {
    let groups = site.cluster.groups.iter().enumerate();
    groups
        .filter_map(|(index, group)| judge(index, group, site))
        .collect()
}

fn judge(index: usize, group: &Group, site: &Site<'_>) -> Option<Finding> {
    let hardware = &group.hardware;
    let board = &hardware.board;
    let drawn = Consumption::of(hardware, site.catalogue);
    // What USB devices draw warms them, and not the board's processor.
    let usb = drawn.usb.milli();
    let most = drawn
        .most
        .map(|most| Power::from_milli(most.milli().saturating_sub(usb)));
    let hot = most.is_some_and(|most| most >= HOT);
    let heat = board.heat.clone().unwrap_or_default();
    let (severity, title, remedy) = match hardware.cooling {
        Some(Cooling::Fan) => return None,
        None => untold(board, &heat, hot)?,
        Some(_) if hot => throttles(board, &heat),
        Some(_) => soft_limit(board, &heat)?,
    };
    let key = if hardware.cooling.is_some() {
        "cooling"
    } else {
        "board"
    };
    let said = |celsius: u32, what: &str| {
        Figure::new(what, celsius, "degrees Celsius").said_by(heat.source.as_deref())
    };
    let figures = [
        most.map(|most| Figure::power("measured at most", most).said_by(drawn.source.as_deref())),
        heat.throttles
            .map(|celsius| said(celsius, "slows down from")),
        heat.soft_limit
            .map(|celsius| said(celsius, "slows down a little from")),
    ];
    let finding = Finding::new(CHECK.id, severity, title, Table::Group(index).key(key))
        .label(label(hardware.cooling))
        .about(group, site)
        .remedy(remedy);
    Some(figures.into_iter().flatten().fold(finding, Finding::figure))
}

type Verdict = (Severity, String, String);

/// Only boards of which it is known that they slow down are asked about: a mini PC
/// comes with its cooling.
fn untold(board: &Board, heat: &Heat, hot: bool) -> Option<Verdict> {
    let from = heat.throttles.filter(|_| hot)?;
    let title = format!(
        "nothing says how the {} is cooled, which slows down from {from} degrees on",
        board.name
    );
    Some((
        Severity::Note,
        title,
        "add `cooling`: `\"fan\"` keeps its speed, `\"heatsink\"` and `\"none\"` do not".to_owned(),
    ))
}

fn throttles(board: &Board, heat: &Heat) -> Verdict {
    let remedy = "choose a fan, and write `cooling = \"fan\"`".to_owned();
    match heat.throttles {
        Some(from) => (
            Severity::Warning,
            format!(
                "without a fan the {} reaches {from} degrees with all cores busy, and slows down",
                board.name
            ),
            remedy,
        ),
        None => (
            Severity::Note,
            format!(
                "it is not known at which temperature the {} slows down, and it has no fan",
                board.name
            ),
            format!(
                "add `throttles` to `[catalogue.boards.{}.heat]`, or {remedy}",
                board.id
            ),
        ),
    }
}

fn soft_limit(board: &Board, heat: &Heat) -> Option<Verdict> {
    let limit = heat.soft_limit?;
    let title = format!(
        "without a fan the {} passes its soft limit of {limit} degrees with all cores busy, and runs a little slower",
        board.name
    );
    let remedy = "choose a fan for jobs that run for long, or set `temp_soft_limit=70` in the board's `config.txt`";
    Some((Severity::Note, title, remedy.to_owned()))
}

fn label(cooling: Option<Cooling>) -> &'static str {
    match cooling {
        None => "no `cooling`",
        Some(Cooling::None) => "no cooling",
        Some(Cooling::Heatsink) => "no moving air",
        Some(Cooling::Fan) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use super::*;

    fn found(nodes: &str) -> Vec<(Severity, &'static str)> {
        let found = of(
            CHECK.id,
            &file(&format!("[[nodes]]\nnames = \"node[1-6]\"\n{nodes}")),
        )
        .into_iter();
        found
            .map(|finding| (finding.severity, finding.place.key))
            .collect()
    }

    const PI5: &str = "board = \"rpi5\"\nram = \"8GB\"";

    #[test]
    fn a_pi_5_without_a_fan_slows_down() {
        for cooling in ["none", "heatsink"] {
            assert_eq!(
                found(&format!("{PI5}\ncooling = \"{cooling}\"")),
                [(Severity::Warning, "cooling")]
            );
        }
        assert_eq!(found(&format!("{PI5}\ncooling = \"fan\"")), []);
    }

    #[test]
    fn of_a_hot_board_the_cooling_is_asked_for() {
        assert_eq!(found(PI5), [(Severity::Note, "board")]);
        assert_eq!(found("board = \"rpi3bplus\""), []);
        assert_eq!(found("board = \"macmini-late2012-i5\"\nram = \"4GB\""), []);
    }

    #[test]
    fn a_3b_plus_passes_its_soft_limit() {
        assert_eq!(
            found("board = \"rpi3bplus\"\ncooling = \"heatsink\""),
            [(Severity::Note, "cooling")]
        );
        assert_eq!(
            found("board = \"rpi4b\"\nram = \"4GB\"\ncooling = \"heatsink\""),
            []
        );
    }

    #[test]
    fn a_hot_board_with_an_unknown_limit_is_noted() {
        let board = "board = \"orangepi5\"\nram = \"4GB\"";
        assert_eq!(
            found(&format!("{board}\ncooling = \"none\"")),
            [(Severity::Note, "cooling")]
        );
        assert_eq!(found(board), []);
    }

    #[test]
    fn usb_devices_do_not_warm_the_processor() {
        let nodes = "board = \"rpi4b\"\nram = \"4GB\"\ncooling = \"heatsink\"\nusb = [{ name = \"disk\", current = \"900mA\" }]";
        assert_eq!(found(nodes), []);
    }
}
