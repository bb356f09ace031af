//! `cable-drop`: the voltage that a power cable loses on its way to the board. Not
//! in here: what the supply gives at its own end (`supply_port`).

use bramble_cluster::catalogue::{Cable, Reference};
use bramble_cluster::cluster::{Group, Hardware};
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;
use bramble_cluster::unit::{Current, Power};

use super::Check;
use super::demand::Demand;
use crate::finding::{Figure, Finding, number};
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "cable-drop",
    text: include_str!("cable_drop.md"),
    find,
};

/// A cable between a supply and a board, in volts, amperes and ohms.
struct Line {
    /// Of both wires together.
    ohms: f64,
    /// At the supply.
    volts: f64,
    /// Below which the board reports too little.
    least: f64,
    /// With all that its maker allows for.
    asked: Option<f64>,
    /// At the most that was measured.
    measured: Option<f64>,
}

fn find(site: &Site<'_>) -> Vec<Finding> {
    let groups = site.cluster.groups.iter().enumerate();
    groups
        .filter_map(|(index, group)| judge(index, group, site))
        .collect()
}

/// Looks at cables that are named and that a supply is at the end of.
fn judge(index: usize, group: &Group, site: &Site<'_>) -> Option<Finding> {
    let cable = group
        .hardware
        .cable
        .as_ref()
        .filter(|_| group.hardware.supply.is_some())?;
    let begin = |severity, title: String| {
        Finding::new(CHECK.id, severity, title, Table::Group(index).key("cable")).about(group, site)
    };
    let line = match Line::of(cable, &group.hardware, site) {
        Ok(line) => line,
        Err((what, key)) => {
            let title = format!(
                "what the {} loses cannot be checked: {what} is not known",
                cable.name
            );
            let finding = begin(Severity::Note, title).label("a figure is missing");
            return Some(finding.remedy(format!("add {key}")));
        }
    };
    let (severity, amperes, when) = line.too_low()?;
    let at_board = line.volts - line.ohms * amperes;
    let title = format!(
        "{when}, {} V arrive at the {}, which reports too little below {} V",
        number(at_board.max(0.0)),
        group.hardware.board.name,
        number(line.least)
    );
    let finding = begin(severity, title).label(format!("loses {} V", number(line.ohms * amperes)));
    Some(line.figures(finding, amperes, group).remedy("choose a cable of half the length, or with a gauge that is smaller by 3: each halves the loss"))
}

impl Line {
    /// The line, or what is not known of it and the key that would tell.
    fn of(
        cable: &Cable,
        hardware: &Hardware,
        site: &Site<'_>,
    ) -> Result<Self, (&'static str, String)> {
        let of_cable = |key| format!("`{key}` to `[catalogue.cables.{}]`", cable.id);
        let intake = |key| {
            format!(
                "`{key}` to `[catalogue.boards.{}.intake]`",
                hardware.board.id
            )
        };
        let metre = ohms_a_metre(cable, site.reference)
            .ok_or(("how thick its wires are", of_cable("gauge")))?;
        let length = cable.length.ok_or(("how long it is", of_cable("length")))?;
        let supply = hardware.supply.as_ref();
        let id = supply.map_or("", |supply| &supply.id);
        let volts = supply.and_then(|supply| supply.voltage);
        let volts = volts.ok_or_else(|| {
            (
                "the voltage of the supply",
                format!("`voltage` to `[catalogue.supplies.{id}]`"),
            )
        })?;
        let board = hardware.board.intake.as_ref();
        let least = board.and_then(|board| board.detector);
        let least = least.ok_or(("which voltage the board needs", intake("detector")))?;
        let demand = Demand::of(hardware, site);
        let amperes = |power: Power| power.as_f64() / volts.as_f64();
        let current = demand.current.map(Current::as_f64);
        let line = Self {
            ohms: 2.0 * metre * length.as_f64(),
            volts: volts.as_f64(),
            least: least.as_f64(),
            asked: current.or_else(|| demand.asked.map(amperes)),
            measured: demand.measured.map(amperes),
        };
        match (line.asked, line.measured) {
            (None, None) => Err(("what the board draws", intake("current"))),
            _ => Ok(line),
        }
    }

    /// At which current the board gets too little, and how bad that is.
    fn too_low(&self) -> Option<(Severity, f64, &'static str)> {
        let low = |amperes: &f64| self.volts - self.ohms * amperes < self.least;
        let measured = self.measured.filter(low);
        let measured = measured.map(|amperes| (Severity::Error, amperes, "with all cores busy"));
        let asked = || {
            self.asked.filter(low).map(|amperes| {
                (
                    Severity::Warning,
                    amperes,
                    "with all that its maker allows for",
                )
            })
        };
        measured.or_else(asked)
    }

    fn figures(&self, finding: Finding, amperes: f64, group: &Group) -> Finding {
        let cable = group
            .hardware
            .cable
            .as_ref()
            .and_then(|cable| cable.source.as_deref());
        let board = group
            .hardware
            .board
            .intake
            .as_ref()
            .and_then(|intake| intake.source.as_deref());
        finding
            .figure(Figure::new("both wires of the cable", self.ohms, "ohm").said_by(cable))
            .figure(Figure::new("current", amperes, "A"))
            .figure(Figure::new("lost on the way", self.ohms * amperes, "V"))
            .figure(Figure::new("at the supply", self.volts, "V"))
            .figure(Figure::new("too little below", self.least, "V").said_by(board))
    }
}

/// Of one wire: as the cable's maker says, else as its gauge makes it.
fn ohms_a_metre(cable: &Cable, reference: &Reference) -> Option<f64> {
    let by_gauge = || reference.resistance(cable.gauge?);
    let resistance = cable.resistance.or_else(by_gauge)?;
    Some(resistance.as_f64() / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use super::*;

    fn found(rest: &str) -> Vec<Finding> {
        let nodes = "[[nodes]]\nnames = \"node[1-3]\"\nsupply = \"anker-60w-6\"\n";
        of(CHECK.id, &file(&format!("{nodes}{rest}")))
    }

    fn thin(length: &str) -> String {
        format!(
            "cable = \"thin\"\n[catalogue.cables.thin]\nname = \"thin\"\ngauge = 28\nlength = \"{length}\""
        )
    }

    #[test]
    fn a_foot_of_thick_cable_loses_next_to_nothing() {
        assert_eq!(
            found("board = \"rpi3bplus\"\ncable = \"usb-22awg-1ft\""),
            []
        );
        assert_eq!(found("board = \"rpi3bplus\""), []);
    }

    #[test]
    fn a_metre_of_thin_wire_is_too_much_under_load() {
        let found = found(&format!("board = \"rpi3bplus\"\n{}", thin("1m")));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Error);
        let lost = &found[0].figures[2];
        assert!((lost.value - 0.4258 * 1.12).abs() < 0.001, "{lost:?}");
        let title = "with all cores busy, 4.52 V arrive at the Raspberry Pi 3 Model B+, which reports too little below 4.63 V";
        assert_eq!(found[0].title, title);
    }

    #[test]
    fn what_is_lost_only_with_usb_devices_is_a_warning() {
        let usb = "usb = [{ name = \"disk\", current = \"100mA\" }]";
        let found = found(&format!("board = \"rpi3bplus\"\n{usb}\n{}", thin("0.5m")));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(found[0].figures[1].line(), "current: 2.5 A");
    }

    #[test]
    fn a_figure_that_is_missing_is_named() {
        let odd = "cable = \"odd\"\n[catalogue.cables.odd]\nname = \"odd\"\n";
        let note = |rest: String| {
            let found = found(&rest);
            assert_eq!((found.len(), found[0].severity), (1, Severity::Note));
            found[0].remedy.clone()
        };
        assert_eq!(
            note(format!("board = \"rpi3bplus\"\n{odd}")),
            "add `gauge` to `[catalogue.cables.odd]`"
        );
        let length = note(format!("board = \"rpi3bplus\"\n{odd}gauge = 22"));
        assert_eq!(length, "add `length` to `[catalogue.cables.odd]`");
        let detector = note(format!(
            "board = \"vim3-basic\"\n{odd}gauge = 22\nlength = \"1m\""
        ));
        assert_eq!(
            detector,
            "add `detector` to `[catalogue.boards.vim3-basic.intake]`"
        );
    }
}
