//! What nodes ask of what feeds them: by the makers of their boards, and as
//! measured, kept apart. Not in here: whether that is given (`supply_port` and its
//! like).

use bramble_cluster::catalogue::{Card, Intake, Medium, PoeFeed, Supply};
use bramble_cluster::cluster::Hardware;
use bramble_cluster::unit::{Current, Power, Voltage};

use super::media;
use crate::consumption::Consumption;
use crate::finding::Figure;
use crate::site::Site;

/// What one node asks. What is absent is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Demand {
    /// What its maker wants a supply to be able to give; without the share of USB
    /// devices if it has neither such nor drives.
    pub(super) asked: Option<Power>,
    /// The same in amperes, where the maker states amperes.
    pub(super) current: Option<Current>,
    /// At which voltage.
    pub(super) voltage: Option<Voltage>,
    /// What it starts from at the least.
    pub(super) least: Option<Power>,
    /// Whether the share of USB devices was taken off.
    pub(super) without_usb: bool,
    /// Who says what the maker asks.
    pub(super) asked_by: Option<String>,
    /// The most that was measured.
    pub(super) measured: Option<Power>,
    /// The board that was measured in its place.
    pub(super) stands_in: Option<String>,
    /// Who measured.
    pub(super) measured_by: Option<String>,
}

impl Demand {
    /// What a node of `hardware` asks.
    pub(super) fn of(hardware: &Hardware, site: &Site<'_>) -> Self {
        let consumption = Consumption::of(hardware, site.catalogue);
        let intake = hardware.board.intake.as_ref();
        let spared = if has_peripherals(hardware) {
            None
        } else {
            intake.and_then(|intake| intake.peripherals)
        };
        let without_usb = spared.is_some();
        let spared = spared.unwrap_or_default();
        Self {
            asked: intake.and_then(|intake| asked(intake, spared)),
            current: intake.and_then(|intake| current(intake, spared)),
            voltage: intake.and_then(|intake| intake.voltage),
            least: intake.and_then(|intake| intake.least),
            without_usb,
            asked_by: intake.and_then(|intake| intake.source.clone()),
            measured: consumption.most,
            stands_in: consumption.stands_in,
            measured_by: consumption.source,
        }
    }

    /// What is asked for a node of `hardware` with just what is attached to it, for
    /// what is bought for this board and need not be ready for other devices. Where
    /// the draw of anything is not known, that is the maker's share for all of it.
    pub(super) fn asked_as_it_is(&self, hardware: &Hardware) -> Option<Power> {
        let intake = hardware.board.intake.as_ref()?;
        let parts = intake.current.zip(intake.peripherals);
        let Some((whole, most)) = parts.filter(|_| !has_unknown_draw(hardware)) else {
            return self.asked;
        };
        let usb = hardware.usb.iter().filter_map(|device| device.current);
        let usb: Current = usb.sum();
        let bare = Current::from_milli(whole.milli().saturating_sub(most.milli()));
        Some(Voltage::from_milli(5_000).at(bare + usb))
    }

    /// What is asked of `supply`, in its own watts. Makers who state amperes mean a
    /// voltage between 5 and 5.1 V, and nobody sells a supply of 15.3 W: where both
    /// sides state amperes, these are compared.
    pub(super) fn asked_of(&self, supply: &Supply) -> Option<Power> {
        let same = |volts: &Voltage| self.voltage.is_some_and(|asked| nearly(asked, *volts));
        let volts = supply.voltage.filter(same);
        volts
            .zip(self.current)
            .map(|(volts, current)| volts.at(current))
            .or(self.asked)
    }

    /// `what` is asked for, as a figure: `asked by the maker`.
    pub(super) fn asked_figure(&self, what: &str, asked: Power) -> Figure {
        let share = if self.without_usb {
            ", less the share of USB devices"
        } else {
            ""
        };
        Figure::power(format!("{what}{share}"), asked).said_by(self.asked_by.as_deref())
    }

    /// What was measured, as a figure.
    pub(super) fn measured_figure(&self) -> Option<Figure> {
        let what = match &self.stands_in {
            Some(board) => format!("measured at most, on the {board} with the same chip"),
            None => "measured at most".to_owned(),
        };
        Some(Figure::power(what, self.measured?).said_by(self.measured_by.as_deref()))
    }
}

/// Whether the two are the same for a board: 5 and 5.1 V are.
pub(super) fn nearly(one: Voltage, other: Voltage) -> bool {
    one.milli().abs_diff(other.milli()) * 10 <= one.milli().max(other.milli())
}

/// Whether anything that is attached to it takes power from it, as far as the file
/// says: a USB device, or a drive on whatever port.
pub(super) fn has_peripherals(hardware: &Hardware) -> bool {
    !hardware.usb.is_empty() || drives(hardware).next().is_some()
}

/// Whether it has a drive or a device of which nobody knows what it draws.
pub(super) fn has_unknown_draw(hardware: &Hardware) -> bool {
    let untold = hardware.usb.iter().any(|device| device.current.is_none());
    untold || drive_of_unknown_draw(hardware).is_some()
}

/// The first of its drives of which nobody knows what it draws. One on USB may be
/// among its USB devices as well, with its current.
pub(super) fn drive_of_unknown_draw(hardware: &Hardware) -> Option<&Card> {
    let told = hardware
        .usb
        .iter()
        .filter(|device| device.current.is_some());
    let told = told.count();
    let (usb, others): (Vec<_>, Vec<_>) = drives(hardware).partition(|drive| is_on_usb(drive));
    others.into_iter().chain(usb.into_iter().skip(told)).next()
}

/// What it has of drives that the board feeds, the one that it boots from included.
/// Cards in a slot are part of what was measured.
fn drives(hardware: &Hardware) -> impl Iterator<Item = &Card> {
    let fed = |drive: &&Card| !matches!(drive.medium, None | Some(Medium::Microsd | Medium::Emmc));
    let further = hardware.drives.iter().map(AsRef::as_ref);
    media::boot_card(hardware)
        .into_iter()
        .chain(further)
        .filter(fed)
}

/// Whether `drive` is on a USB port.
pub(super) fn is_on_usb(drive: &Card) -> bool {
    matches!(drive.medium, Some(Medium::Usb | Medium::Usb3))
}

/// What the node is given through its network cable, at most: as its hat's maker
/// says, else what the class or standard leaves on the side of the device.
pub(super) fn given_by_poe(feed: &PoeFeed, site: &Site<'_>) -> Option<Power> {
    let by_class = || Some(site.reference.class(feed.class?)?.device);
    let by_standard = || Some(site.reference.standard(feed.standard.as_deref()?)?.device);
    feed.gives().or_else(by_class).or_else(by_standard)
}

fn asked(intake: &Intake, spared: Current) -> Option<Power> {
    let share = intake
        .voltage
        .map(|volts| volts.at(spared))
        .unwrap_or_default();
    let asked = intake.asked()?;
    Some(Power::from_milli(
        asked.milli().saturating_sub(share.milli()),
    ))
}

fn current(intake: &Intake, spared: Current) -> Option<Current> {
    let current = intake.current.filter(|_| intake.power.is_none())?;
    Some(Current::from_milli(
        current.milli().saturating_sub(spared.milli()),
    ))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::file;
    use super::*;

    fn hardware(rest: &str) -> std::sync::Arc<Hardware> {
        let drive =
            |kind: &str| format!("[catalogue.cards.{kind}]\nname = \"{kind}\"\nkind = \"{kind}\"");
        let (usb, nvme) = (drive("usb3"), drive("nvme"));
        let nodes = format!(
            "[[nodes]]\nnames = \"node1\"\nboard = \"rpi5\"\nram = \"4GB\"\n{rest}\n{usb}\n{nvme}"
        );
        std::sync::Arc::clone(&bramble_testkit::cluster(&file(&nodes)).groups[1].hardware)
    }

    #[test]
    fn drives_take_power_from_the_board_wherever_they_are_attached() {
        let draws = |rest: &str| has_peripherals(&hardware(rest));
        assert!(draws("drives = [\"usb3\"]") && draws("card = \"usb3\""));
        assert!(draws("drives = [\"nvme\"]") && draws("card = \"nvme\""));
        assert!(draws("usb = [{ name = \"GPS\" }]"));
        assert!(!draws("card = \"sandisk-ultra-32GB\"") && !draws(""));
    }

    #[test]
    fn a_drive_whose_current_is_told_among_the_usb_devices_is_known() {
        let unknown = |rest: &str| has_unknown_draw(&hardware(rest));
        let told = "usb = [{ name = \"SSD\", current = \"900mA\" }]";
        assert!(unknown("drives = [\"usb3\"]") && unknown("usb = [{ name = \"GPS\" }]"));
        assert!(!unknown(told) && !unknown(&format!("drives = [\"usb3\"]\n{told}")));
        assert!(unknown(&format!("drives = [\"nvme\"]\n{told}")));
    }

    #[test]
    fn five_volts_and_a_little_more_are_the_same_and_twelve_are_not() {
        let volts = Voltage::from_milli;
        assert!(nearly(volts(5_000), volts(5_100)) && nearly(volts(5_100), volts(5_000)));
        assert!(!nearly(volts(5_000), volts(12_000)) && !nearly(volts(5_000), volts(9_000)));
    }
}
