//! `poe-hat`: whether a hat fits its board and gives it enough. Not in here: what
//! the switch has to give the hat (`poe_switch`, `poe_budget`).

use bramble_cluster::catalogue::{Hat, PoeFeed};
use bramble_cluster::cluster::Group;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::{Place, Table};

use super::Check;
use super::demand::{Demand, given_by_poe};
use crate::finding::{Figure, Finding};
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "poe-hat",
    text: include_str!("poe_hat.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let groups = site.cluster.groups.iter().enumerate();
    groups
        .filter_map(|(index, group)| judge(index, group, site))
        .collect()
}

/// A hat that does not fit gives nothing, whatever it could give.
fn judge(index: usize, group: &Group, site: &Site<'_>) -> Option<Finding> {
    let hat = group.hardware.hat.as_deref();
    let misfit = hat.and_then(|hat| misfit(hat, Table::Group(index).key("hat"), group, site));
    let weak = || {
        let key = if hat.is_some() { "hat" } else { "carrier" };
        weak(
            group.hardware.poe()?,
            Table::Group(index).key(key),
            group,
            site,
        )
    };
    misfit
        .or_else(weak)
        .map(|finding| finding.about(group, site))
}

#[expect(clippy::cast_precision_loss, reason = "the catalogue has few hats")]
fn misfit(hat: &Hat, place: Place, group: &Group, site: &Site<'_>) -> Option<Finding> {
    let board = &group.hardware.board;
    let poe = board.poe.as_ref();
    let header = poe.and_then(|poe| poe.header);
    let others = site.catalogue.hats.values();
    let fitting: Vec<_> = others.filter(|hat| hat.fits.contains(&board.id)).collect();
    let fit = Figure::new(
        "hats of the catalogue that fit this board",
        fitting.len() as f64,
        "",
    );
    let fit = fit.said_by(poe.and_then(|poe| poe.source.as_deref()));
    if header == Some(false) {
        let title = format!("the {} has no pins for a PoE hat", board.name);
        let finding =
            Finding::new(CHECK.id, Severity::Error, title, place).label("nothing to plug it onto");
        let remedy = "give the board a `supply`, or a splitter that turns PoE into 5 V, described as a supply";
        return Some(finding.figure(fit).remedy(remedy));
    }
    if hat.fits.contains(&board.id) {
        return None;
    }
    // Of a board that nobody has described, nobody has tried the hat either.
    let severity = if header.is_some() {
        Severity::Error
    } else {
        Severity::Warning
    };
    let title = format!("the {} does not fit the {}", hat.name, board.name);
    let ids: Vec<_> = fitting.iter().map(|hat| format!("`{}`", hat.id)).collect();
    let choose = match ids.as_slice() {
        [] => "choose a hat that is made for this board".to_owned(),
        ids => format!("choose {}", ids.join(" or ")),
    };
    let remedy = format!(
        "{choose}; if this one fits, add `\"{}\"` to `fits` in `[catalogue.hats.{}]`",
        board.id, hat.id
    );
    let finding = Finding::new(CHECK.id, severity, title, place).label("not for this board");
    Some(finding.figure(fit).remedy(remedy))
}

fn weak(feed: &PoeFeed, place: Place, group: &Group, site: &Site<'_>) -> Option<Finding> {
    let board = &group.hardware.board;
    let demand = Demand::of(&group.hardware, site);
    let asked = demand.asked_as_it_is(&group.hardware);
    let Some(gives) = given_by_poe(feed, site) else {
        return Some(unknown(place, group));
    };
    let (severity, title) = if demand.measured.is_some_and(|measured| measured > gives) {
        (
            Severity::Error,
            format!(
                "{gives} reach the {}, which was measured to draw more",
                board.name
            ),
        )
    } else if asked.is_some_and(|asked| asked > gives) {
        (
            Severity::Warning,
            format!("{gives} reach the {}, and more is asked for it", board.name),
        )
    } else if feed.gives().is_none() {
        return Some(unknown(place, group));
    } else {
        return None;
    };
    let hat = group
        .hardware
        .hat
        .as_ref()
        .and_then(|hat| hat.source.as_deref());
    let finding = Finding::new(CHECK.id, severity, title, place)
        .label(format!("gives {gives}"))
        .figure(Figure::power("given to the board", gives).said_by(hat));
    let asked = asked.map(|asked| {
        Figure::power("asked for it with what is attached", asked)
            .said_by(demand.asked_by.as_deref())
    });
    let figures = asked.into_iter().chain(demand.measured_figure());
    Some(
        figures
            .fold(finding, Finding::figure)
            .remedy("choose a hat that gives more, or a `supply` in its place"),
    )
}

fn unknown(place: Place, group: &Group) -> Finding {
    let hardware = &group.hardware;
    let hat = hardware
        .hat
        .as_ref()
        .map(|hat| ("hats", &hat.id, &hat.name));
    let carrier = hardware
        .carrier
        .as_ref()
        .map(|carrier| ("carriers", &carrier.id, &carrier.name));
    let named = hat.or(carrier);
    let name = named.map_or("hat", |(_, _, name)| name);
    let title = format!("it is not known how much the {name} gives the board");
    let key = named.map_or_else(String::new, |(kind, id, _)| {
        format!(" to `[catalogue.{kind}.{id}]`")
    });
    Finding::new(CHECK.id, Severity::Note, title, place)
        .label("what it gives is not known")
        .remedy(format!(
            "add `voltage` and `current`{key}, as its maker states them"
        ))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use super::*;

    fn found(board: &str, hat: &str, rest: &str) -> Vec<Finding> {
        let nodes = format!(
            "[[nodes]]\nnames = \"node[1-2]\"\nboard = \"{board}\"\nram = \"4GB\"\nhat = \"{hat}\"\n{rest}"
        );
        of(CHECK.id, &file(&nodes))
    }

    fn severity(found: &[Finding]) -> Vec<Severity> {
        found.iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn the_first_hats_do_not_fit_a_pi_5() {
        for hat in ["rpi-poe-hat", "rpi-poe-plus-hat"] {
            let found = found("rpi5", hat, "");
            assert_eq!(severity(&found), [Severity::Error]);
            assert!(
                found[0].title.ends_with("does not fit the Raspberry Pi 5"),
                "{}",
                found[0].title
            );
            assert!(found[0].figures[0].line().contains("has moved"));
            assert!(
                found[0]
                    .remedy
                    .starts_with("choose `52pi-ep0238` or `rpi5-poe-plus`")
            );
        }
    }

    #[test]
    fn a_board_without_the_pins_takes_no_hat() {
        let nodes = "[[nodes]]\nnames = \"node1\"\nboard = \"rpi3b\"\nhat = \"rpi-poe-hat\"";
        let found = of(CHECK.id, &file(nodes));
        assert_eq!(
            found[0].title,
            "the Raspberry Pi 3 Model B has no pins for a PoE hat"
        );
    }

    #[test]
    fn a_board_that_nobody_described_may_fit() {
        assert_eq!(
            severity(&found("orangepi5", "rpi-poe-hat", "")),
            [Severity::Warning]
        );
    }

    #[test]
    fn twelve_and_a_half_watts_are_enough_for_a_pi_4_with_what_it_has() {
        assert_eq!(found("rpi4b", "rpi-poe-hat", ""), []);
        assert_eq!(
            found(
                "rpi4b",
                "rpi-poe-hat",
                "usb = [{ name = \"GPS\", current = \"50mA\" }]"
            ),
            []
        );
        let disk = "usb = [{ name = \"disk\", current = \"900mA\" }]";
        assert_eq!(
            severity(&found("rpi4b", "rpi-poe-hat", disk)),
            [Severity::Warning]
        );
    }

    #[test]
    fn a_drive_of_unknown_draw_counts_as_all_that_the_maker_keeps_for_devices() {
        let drive = "drives = [\"ssd\"]\n[catalogue.cards.ssd]\nname = \"ssd\"\nkind = \"usb3\"";
        assert_eq!(
            severity(&found("rpi4b", "rpi-poe-hat", drive)),
            [Severity::Warning]
        );
    }

    #[test]
    fn a_hat_that_gives_less_than_was_measured_is_an_error() {
        let own = "[catalogue.hats.rpi-poe-hat]\ncurrent = \"1A\"";
        assert_eq!(
            severity(&found("rpi4b", "rpi-poe-hat", own)),
            [Severity::Error]
        );
    }

    #[test]
    fn what_a_hat_gives_is_asked_for_where_it_is_not_known() {
        let found = found("rpi5", "rpi5-poe-plus", "");
        assert_eq!(severity(&found), [Severity::Note]);
        assert!(
            found[0].remedy.contains("[catalogue.hats.rpi5-poe-plus]"),
            "{}",
            found[0].remedy
        );
    }
}
