//! `usb-current`: what the devices on a board's USB ports draw together, and what
//! the board lets them. Not in here: whether the supply gives that (`supply_port`).

use bramble_cluster::cluster::{Group, UsbDevice};
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;
use bramble_cluster::unit::Current;

use super::Check;
use crate::finding::{Figure, Finding};
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "usb-current",
    text: include_str!("usb_current.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let groups = site.cluster.groups.iter().enumerate();
    let with_usb = groups.filter(|(_, group)| !group.hardware.usb.is_empty());
    with_usb
        .filter_map(|(index, group)| judge(index, group, site))
        .collect()
}

fn judge(index: usize, group: &Group, site: &Site<'_>) -> Option<Finding> {
    let (board, devices) = (&group.hardware.board, &group.hardware.usb);
    let drawn: Current = devices.iter().filter_map(|device| device.current).sum();
    let label = match devices
        .iter()
        .filter(|device| device.current.is_none())
        .count()
    {
        0 => format!("{drawn} together"),
        unknown => format!("{drawn} and {unknown} not known"),
    };
    let begin = |severity, title| {
        Finding::new(CHECK.id, severity, title, Table::Group(index).key("usb"))
            .label(label.clone())
            .about(group, site)
    };
    let intake = board.intake.as_ref();
    let Some(most) = intake.and_then(|intake| intake.peripherals) else {
        let title = format!(
            "it is not known what the {} lets its USB devices draw",
            board.name
        );
        let remedy = format!(
            "add `peripherals` to `[catalogue.boards.{}.intake]`",
            board.id
        );
        return Some(begin(Severity::Note, title).remedy(remedy));
    };
    if drawn <= most {
        let unknown = devices.iter().find(|device| device.current.is_none())?;
        return Some(unknown_device(unknown, begin));
    }
    let title = format!(
        "the USB devices draw {drawn}, and the {} gives them {most} together",
        board.name
    );
    let finding = begin(Severity::Warning, title)
        .figure(Figure::new("drawn by USB devices", drawn.as_f64(), "A"))
        .figure(
            Figure::new("given to all of them", most.as_f64(), "A")
                .said_by(intake.and_then(|intake| intake.source.as_deref())),
        )
        .remedy("plug them into a hub that has a supply of its own, and take them out of `usb`");
    Some(finding)
}

fn unknown_device(device: &UsbDevice, begin: impl Fn(Severity, String) -> Finding) -> Finding {
    let title = format!(
        "it is not known what the {} draws from its USB port",
        device.name
    );
    begin(Severity::Note, title)
        .remedy("add its `current`, which is printed on it or in its manual")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use super::*;

    fn found(board: &str, usb: &str) -> Vec<(Severity, String)> {
        let nodes = format!("[[nodes]]\nnames = \"node1\"\n{board}\nusb = [{usb}]");
        let found = of(CHECK.id, &file(&nodes)).into_iter();
        found
            .map(|finding| (finding.severity, finding.title))
            .collect()
    }

    const PI4: &str = "board = \"rpi4b\"\nram = \"4GB\"";

    #[test]
    fn two_disks_are_too_much_for_a_pi_4_and_one_is_not() {
        let disk = r#"{ name = "disk", current = "900mA" }"#;
        assert_eq!(found(PI4, disk), []);
        let found = found(PI4, &format!("{disk}, {disk}"));
        let title =
            "the USB devices draw 1.8 A, and the Raspberry Pi 4 Model B gives them 1.2 A together";
        assert_eq!(found, [(Severity::Warning, title.to_owned())]);
    }

    #[test]
    fn a_current_that_nobody_knows_is_asked_for() {
        let found = found(PI4, r#"{ name = "GPS receiver" }"#);
        let title = "it is not known what the GPS receiver draws from its USB port";
        assert_eq!(found, [(Severity::Note, title.to_owned())]);
    }

    #[test]
    fn a_board_without_the_figure_is_noted_if_there_are_devices() {
        let board = "board = \"vim3-basic\"";
        assert_eq!(found(board, ""), []);
        let found = found(board, r#"{ name = "GPS receiver", current = "50mA" }"#);
        assert_eq!((found.len(), found[0].0), (1, Severity::Note));
    }
}
