//! `supply-voltage`: whether a supply has the voltage that its board takes. Not in
//! here: what is lost in the cable (`cable_drop`).

use bramble_cluster::cluster::Group;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;

use super::Check;
use super::demand::nearly;
use crate::finding::{Figure, Finding};
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "supply-voltage",
    text: include_str!("supply_voltage.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let groups = site.cluster.groups.iter().enumerate();
    // A carrier makes its modules' voltage itself.
    let alone = groups.filter(|(_, group)| group.hardware.carrier.is_none());
    alone
        .filter_map(|(index, group)| judge(index, group, site))
        .collect()
}

fn judge(index: usize, group: &Group, site: &Site<'_>) -> Option<Finding> {
    let supply = group.hardware.supply.as_ref()?;
    let board = &group.hardware.board;
    let intake = board.intake.as_ref()?;
    let takes = intake.voltage?;
    let begin = |severity, title: String| {
        let finding = Finding::new(CHECK.id, severity, title, Table::Group(index).key("supply"));
        let figure = Figure::new("the board takes", takes.as_f64(), "V");
        finding
            .figure(figure.said_by(intake.source.as_deref()))
            .about(group, site)
    };
    // With USB Power Delivery the two agree on one.
    if supply.usb_pd == Some(true) {
        return None;
    }
    let Some(gives) = supply.voltage else {
        // Where nothing is known of a port, that is asked for with the voltage.
        supply.port()?;
        let title = format!(
            "it is not known which voltage the {} gives: the {} takes {takes}",
            supply.name, board.name
        );
        let finding = begin(Severity::Note, title).label("voltage not known");
        return Some(finding.remedy(format!(
            "add `voltage` to `[catalogue.supplies.{}]`",
            supply.id
        )));
    };
    if nearly(gives, takes) {
        return None;
    }
    let title = format!(
        "the supply gives {gives}, and the {} takes {takes}",
        board.name
    );
    let finding = begin(Severity::Error, title)
        .label(format!("gives {gives}"))
        .figure(
            Figure::new("the supply gives", gives.as_f64(), "V").said_by(supply.source.as_deref()),
        )
        .remedy(format!("choose a supply of {takes}"));
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use super::*;

    fn found(rest: &str) -> Vec<Finding> {
        of(
            CHECK.id,
            &file(&format!("[[nodes]]\nnames = \"node[1-3]\"\n{rest}")),
        )
    }

    const VIM4: &str = "[catalogue.boards.vim4]\ncores = 8";

    #[test]
    fn a_board_of_twelve_volts_is_not_for_a_charger_of_five() {
        let found = found(&format!(
            "board = \"vim4\"\nram = \"8GB\"\nsupply = \"anker-60w-6\"\n{VIM4}"
        ));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Error);
        assert_eq!(
            found[0].title,
            "the supply gives 5 V, and the Khadas VIM4 takes 12 V"
        );
    }

    #[test]
    fn a_tenth_of_a_volt_makes_no_difference_nor_does_power_delivery() {
        assert_eq!(found("board = \"rpi3bplus\"\nsupply = \"anker-60w-6\""), []);
        assert_eq!(
            found(&format!(
                "board = \"vim4\"\nram = \"8GB\"\nsupply = \"psu-rpi5-5a\"\n{VIM4}"
            )),
            []
        );
    }

    #[test]
    fn an_unknown_voltage_is_said() {
        let own = "[catalogue.supplies.own]\nname = \"own\"\npower = \"20W\"";
        let found = found(&format!("board = \"rpi3bplus\"\nsupply = \"own\"\n{own}"));
        assert_eq!((found.len(), found[0].severity), (1, Severity::Note));
        assert_eq!(
            found[0].remedy,
            "add `voltage` to `[catalogue.supplies.own]`"
        );
    }
}
