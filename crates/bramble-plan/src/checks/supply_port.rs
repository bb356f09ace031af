//! `supply-port`: what one port of a supply gives, and what is on it. Not in here:
//! what the supply gives in total (`supply_total`).

use bramble_cluster::catalogue::Board;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;
use bramble_cluster::unit::Power;

use super::Check;
use super::demand::{Demand, has_peripherals};
use super::feeding::{self, Feeding, Sums};
use crate::finding::{Figure, Finding};
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "supply-port",
    text: include_str!("supply_port.md"),
    find,
};

/// Full carriers were measured to draw up to 1.9 times what their modules drew one
/// by one (top500-benchmark issues 27, 63, 68, 96).
const CARRIER: u32 = 2;

/// A port, what it gives, and what is asked of it.
struct Port<'a> {
    feeding: &'a Feeding<'a>,
    gives: Power,
    demands: &'a [Demand],
    sums: Sums,
    site: &'a Site<'a>,
}

fn find(site: &Site<'_>) -> Vec<Finding> {
    let demands = feeding::demands(site);
    let ports = feeding::ports(site);
    let (known, unknown): (Vec<_>, Vec<_>) =
        ports.iter().partition(|port| port.supply.port().is_some());
    let judged = known
        .into_iter()
        .filter_map(|feeding| judge(&Port::of(feeding, &demands, site)?));
    let same_supply = |one: &&Feeding<'_>, next: &&Feeding<'_>| one.supply.id == next.supply.id;
    let at_most = unknown.iter().filter_map(|feeding| {
        let gives = feeding.supply.port_at_most()?;
        Port::giving(gives, feeding, &demands, site).more_than_any_port()
    });
    let at_most: Vec<_> = at_most.collect();
    let unknown = unknown
        .chunk_by(same_supply)
        .map(|ports| unknown_port(ports, &demands, site));
    judged.chain(at_most).chain(unknown).collect()
}

fn judge(port: &Port<'_>) -> Option<Finding> {
    let (sums, gives) = (&port.sums, port.gives);
    let delivery = port.feeding.supply.usb_pd;
    let wants_delivery = port.wants_delivery();
    if sums.measured > gives {
        Some(port.too_little("was measured to draw", sums.measured))
    } else if sums.least > gives {
        Some(port.too_little("starts, by its maker, from", sums.least))
    } else if wants_delivery && delivery == Some(false) {
        Some(port.no_delivery())
    } else if sums.asked > gives {
        Some(port.less_than_asked())
    } else if wants_delivery && delivery.is_none() {
        Some(port.unknown_delivery())
    } else if sums.asked_of_all || port.is_ample() {
        None
    } else {
        Some(port.unknown_demand())
    }
}

impl<'a> Port<'a> {
    fn of(feeding: &'a Feeding<'a>, demands: &'a [Demand], site: &'a Site<'a>) -> Option<Self> {
        let gives = feeding.supply.port()?;
        Some(Self::giving(gives, feeding, demands, site))
    }

    fn giving(
        gives: Power,
        feeding: &'a Feeding<'a>,
        demands: &'a [Demand],
        site: &'a Site<'a>,
    ) -> Self {
        Self {
            feeding,
            gives,
            demands,
            sums: feeding.sums(demands),
            site,
        }
    }

    /// What is measured to draw more than any port of this kind gives.
    fn more_than_any_port(&self) -> Option<Finding> {
        let (gives, draws) = (self.gives, self.sums.measured.max(self.sums.least));
        if draws <= gives {
            return None;
        }
        let title = format!(
            "a USB port without Power Delivery gives {gives} at most, and {} draws {draws}",
            self.what()
        );
        Some(self.finding(Severity::Error, title).remedy(self.better()))
    }

    fn too_little(&self, how: &str, power: Power) -> Finding {
        let title = format!(
            "one port gives {}, and {} {how} {power}",
            self.gives,
            self.what()
        );
        self.finding(Severity::Error, title).remedy(self.better())
    }

    fn no_delivery(&self) -> Finding {
        let title = format!(
            "{} takes its full current by USB Power Delivery only, which the supply does not speak: its USB ports get less",
            self.what()
        );
        let finding = self.finding(Severity::Warning, title);
        finding.remedy(format!(
            "{}, or plug nothing into its USB ports",
            self.better()
        ))
    }

    fn less_than_asked(&self) -> Finding {
        let (gives, asked, what) = (self.gives, self.sums.asked, self.what());
        let title = format!("one port gives {gives}, and {asked} are asked for {what}");
        let hardware = &self.site.cluster.groups[self.feeding.group()].hardware;
        let or = if has_peripherals(hardware) {
            "feed what is attached to it from elsewhere (USB devices: by a hub with a supply of its own)"
        } else {
            "attach nothing to it, and look out for restarts under load"
        };
        self.finding(Severity::Warning, title)
            .remedy(format!("{}, or {or}", self.better()))
    }

    fn unknown_delivery(&self) -> Finding {
        let what = self.what();
        let title = format!(
            "it is not known whether the supply speaks USB Power Delivery, which {what} needs"
        );
        let remedy = format!(
            "add `usb_pd` to `[catalogue.supplies.{}]`",
            self.feeding.supply.id
        );
        self.finding(Severity::Note, title).remedy(remedy)
    }

    fn unknown_demand(&self) -> Finding {
        let groups = self.feeding.members.iter().map(|(group, _)| *group);
        let mut unknown = groups.filter(|group| self.demands[*group].asked.is_none());
        let board = self.board(unknown.next().unwrap_or_default());
        let title = format!(
            "it is not known what the maker of the {} asks of a supply",
            board.name
        );
        let remedy = format!(
            "add `voltage` and `current` to `[catalogue.boards.{}.intake]`",
            board.id
        );
        self.finding(Severity::Note, title).remedy(remedy)
    }

    /// Whether it is enough for a carrier, for whose modules makers ask nothing.
    fn is_ample(&self) -> bool {
        let group = &self.site.cluster.groups[self.feeding.group()];
        let most = self.sums.measured.times(CARRIER);
        group.hardware.carrier.is_some() && self.sums.measured_of_all && most <= self.gives
    }

    fn board(&self, group: usize) -> &'a Board {
        &self.site.cluster.groups[group].hardware.board
    }

    /// What is on the port, in words.
    fn what(&self) -> String {
        match self.feeding.count() {
            1 => format!("the {}", self.board(self.feeding.group()).name),
            boards => format!("the carrier with its {boards} modules"),
        }
    }

    fn wants_delivery(&self) -> bool {
        let mut groups = self.feeding.members.iter();
        let wants = |board: &Board| board.intake.as_ref().is_some_and(|intake| intake.pd);
        groups.any(|(group, _)| wants(self.board(*group)))
    }

    /// What to buy instead: for one board what its maker asks, with its USB share.
    fn better(&self) -> String {
        let intake = self.board(self.feeding.group()).intake.as_ref();
        let stated = intake.and_then(|intake| intake.voltage.zip(intake.current));
        let delivery = if self.wants_delivery() {
            " by USB Power Delivery"
        } else {
            ""
        };
        if let Some((volts, amperes)) = stated.filter(|_| self.feeding.count() == 1) {
            return format!("choose a supply that gives {volts} and {amperes} a port{delivery}");
        }
        let power = self.sums.asked.max(self.sums.measured).max(self.sums.least);
        format!("choose a supply that gives {power} a port{delivery}")
    }

    fn finding(&self, severity: Severity, title: String) -> Finding {
        let (supply, gives) = (self.feeding.supply, self.gives);
        let demand = &self.demands[self.feeding.group()];
        let place = Table::Group(self.feeding.group()).key("supply");
        let finding = Finding::new(CHECK.id, severity, title, place)
            .label(format!("{gives} a port"))
            .figure(Figure::power("one port gives", gives).said_by(supply.source.as_deref()));
        let asked = demand.asked_figure("asked by the maker", self.sums.asked);
        let least = Figure::power("starts from at the least", self.sums.least);
        let least = least.said_by(demand.asked_by.as_deref());
        let asked = Some(asked).filter(|_| self.sums.asked_of_all);
        let least = Some(least).filter(|_| self.sums.least > Power::ZERO);
        let measured = self.feeding.measured_figures(self.demands);
        let finding = asked
            .into_iter()
            .chain(least)
            .chain(measured)
            .fold(finding, Finding::figure);
        self.feeding.about(finding, self.site)
    }
}

/// Says once of a supply that nobody knows what its ports give, and what would be
/// asked of them.
fn unknown_port(ports: &[&Feeding<'_>], demands: &[Demand], site: &Site<'_>) -> Finding {
    let first = ports[0];
    let title = format!(
        "it is not known what one port of the {} gives",
        first.supply.name
    );
    let place = Table::Group(first.group()).key("supply");
    let finding = Finding::new(CHECK.id, Severity::Note, title, place)
        .label("not known of one port")
        .remedy(format!(
            "add `voltage` and `port_current` to `[catalogue.supplies.{}]`",
            first.supply.id
        ));
    let finding = ports
        .iter()
        .fold(finding, |finding, port| port.about(finding, site));
    let mut figures: Vec<_> = ports
        .iter()
        .flat_map(|port| asked(port, demands, site))
        .collect();
    figures.dedup();
    figures.into_iter().fold(finding, Finding::figure)
}

/// What is asked for each board on the port.
fn asked<'a>(
    port: &'a Feeding<'_>,
    demands: &'a [Demand],
    site: &'a Site<'_>,
) -> impl Iterator<Item = Figure> {
    port.members.iter().filter_map(|(group, _)| {
        let board = &site.cluster.groups[*group].hardware.board.name;
        let demand = &demands[*group];
        Some(demand.asked_figure(&format!("asked for the {board}"), demand.asked?))
    })
}

#[cfg(test)]
mod tests {
    use bramble_cluster::diagnostic::Severity::{Error, Note, Warning};

    use super::super::fixture::{file, of};
    use super::*;

    fn one(nodes: &str) -> Vec<(Severity, String)> {
        let text = file(&format!("[[nodes]]\nnames = \"node[1-6]\"\n{nodes}"));
        let found = of(CHECK.id, &text).into_iter();
        found
            .map(|finding| (finding.severity, finding.title))
            .collect()
    }

    #[test]
    fn the_makers_own_supplies_are_enough() {
        assert_eq!(
            one("board = \"rpi5\"\nram = \"8GB\"\nsupply = \"psu-rpi5-5a\""),
            []
        );
        assert_eq!(
            one(
                "board = \"rpi4b\"\nram = \"2GB\"\nsupply = \"psu-15w\"\nusb = [{ name = \"disk\" }]"
            ),
            []
        );
    }

    #[test]
    fn a_3b_plus_wants_more_than_two_ampere_and_a_half_only_for_usb_devices() {
        let nodes = "board = \"rpi3bplus\"\nsupply = \"anker-60w-6\"";
        assert_eq!(one(nodes), []);
        let found = one(&format!("{nodes}\nusb = [{{ name = \"disk\" }}]"));
        let title = "one port gives 12 W, and 12.5 W are asked for the Raspberry Pi 3 Model B+";
        assert_eq!(found, [(Warning, title.to_owned())]);
    }

    #[test]
    fn a_charger_of_twelve_watts_a_port_is_too_little_for_a_pi_5() {
        let found = one("board = \"rpi5\"\nram = \"8GB\"\nsupply = \"anker-60w-6\"");
        let title = "one port gives 12 W, and the Raspberry Pi 5 was measured to draw 12.7 W";
        assert_eq!(found, [(Error, title.to_owned())]);
    }

    #[test]
    fn a_port_of_a_plain_charger_is_too_little_for_a_pi_5_whatever_it_gives() {
        let text = file(
            "[[nodes]]\nnames = \"n\"\nboard = \"rpi5\"\nram = \"8GB\"\nsupply = \"hds-hdd10t-60w\"",
        );
        let found = of(CHECK.id, &text);
        assert_eq!(found[0].severity, Error);
        assert!(
            found[0].title.contains("gives 12 W at most"),
            "{}",
            found[0].title
        );
    }

    #[test]
    fn a_pi_5_without_power_delivery_gives_its_usb_ports_less() {
        let supply = "[catalogue.supplies.plain]\nname = \"plain\"\nports = 1\nvoltage = \"5.1V\"\nport_current = \"5A\"";
        let nodes = "board = \"rpi5\"\nram = \"8GB\"\nsupply = \"plain\"";
        let found = one(&format!("{nodes}\n{supply}\nusb_pd = false"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, Warning);
        assert!(found[0].1.contains("USB Power Delivery"), "{}", found[0].1);
        assert_eq!(one(&format!("{nodes}\n{supply}"))[0].0, Note);
    }

    #[test]
    fn a_drive_needs_what_the_maker_keeps_for_devices() {
        let supply = "[catalogue.supplies.pd]\nname = \"pd\"\nports = 1\nvoltage = \"5V\"\nport_power = \"20W\"\nusb_pd = true\n[catalogue.cards.ssd]\nname = \"ssd\"\nkind = \"nvme\"";
        let nodes = "board = \"rpi5\"\nram = \"8GB\"\nsupply = \"pd\"";
        assert_eq!(one(&format!("{nodes}\n{supply}")), []);
        let found = one(&format!("{nodes}\ndrives = [\"ssd\"]\n{supply}"));
        let title = "one port gives 20 W, and 25 W are asked for the Raspberry Pi 5";
        assert_eq!(found, [(Warning, title.to_owned())]);
    }

    #[test]
    fn a_board_that_does_not_start_from_it_is_an_error() {
        let supply =
            "[catalogue.supplies.old]\nname = \"old\"\nvoltage = \"5V\"\nport_current = \"1A\"";
        let found = one(&format!(
            "board = \"vim3-basic\"\nsupply = \"old\"\n{supply}"
        ));
        let title = "one port gives 5 W, and the Khadas VIM3 Basic starts, by its maker, from 10 W";
        assert_eq!(found, [(Error, title.to_owned())]);
    }

    #[test]
    fn what_is_not_known_of_port_or_board_is_said() {
        let found = one("board = \"vim3-basic\"\nsupply = \"hds-hdd10t-60w\"");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, Note);
        let found = one("board = \"orangepi5\"\nram = \"4GB\"\nsupply = \"anker-60w-6\"");
        let title = "it is not known what the maker of the Orange Pi 5 asks of a supply";
        assert_eq!(found, [(Note, title.to_owned())]);
    }

    #[test]
    fn modules_on_a_carrier_share_its_port() {
        let nodes =
            "board = \"cm5\"\nram = \"8GB\"\ncarrier = \"deskpi-super4c\"\nsupply = \"block\"";
        let supply = "[catalogue.supplies.block]\nname = \"block\"\npower = \"30W\"";
        let found = one(&format!("{nodes}\n{supply}"));
        let title =
            "one port gives 30 W, and the carrier with its 4 modules was measured to draw 36.8 W";
        assert_eq!(found[0], (Error, title.to_owned()));
    }

    #[test]
    fn a_carrier_with_twice_what_its_modules_drew_is_not_asked_about() {
        let nodes =
            "board = \"cm5\"\nram = \"8GB\"\ncarrier = \"deskpi-super4c\"\nsupply = \"block\"";
        let supply =
            |power| format!("[catalogue.supplies.block]\nname = \"block\"\npower = \"{power}\"");
        assert_eq!(one(&format!("{nodes}\n{}", supply("100W"))), []);
        let found = one(&format!("{nodes}\n{}", supply("50W")));
        assert_eq!((found.len(), found[0].0), (1, Note));
    }
}
