//! Everything about a board.

use bramble_cluster::catalogue::{
    Board, Connector, Ethernet, Heat, Intake, Load, MeasuredAt, PoeHeader, Speed, WakeUp,
};

use super::sheet::{Sheet, plain, several, yes};

pub(super) fn sheets(board: &Board) -> Vec<Sheet> {
    let mut sheets = vec![
        general(board),
        ethernet(&board.ethernet.clone().unwrap_or_default()),
        intake(&board.intake.clone().unwrap_or_default()),
        poe(&board.poe.clone().unwrap_or_default()),
        load("Power drawn", &board.load.clone().unwrap_or_default()),
    ];
    let on_usb = board.load_usb.as_ref();
    sheets.extend(on_usb.map(|figures| load("Power drawn, after the supply", figures)));
    sheets.push(speed(&board.speed.clone().unwrap_or_default()));
    sheets.push(heat(&board.heat.clone().unwrap_or_default()));
    sheets.push(wake(&board.wake.clone().unwrap_or_default()));
    sheets.extend(exclusions(board));
    sheets.extend(Sheet::prices(&board.prices));
    sheets
}

fn general(board: &Board) -> Sheet {
    let media: Vec<_> = board.media.iter().map(ToString::to_string).collect();
    let none = (!board.media.is_empty()).then(|| "none".to_owned());
    let mut sheet = Sheet::of(
        "Board",
        [
            ("chip", board.soc.clone()),
            ("processor", board.cpu.clone()),
            ("cores", plain(board.cores.as_ref())),
            ("memory", several(&board.memory)),
            ("soldered eMMC", several(&board.emmc).or(none)),
            ("storage", several(&media)),
            ("needs a carrier", yes(Some(board.module))),
            ("boots from the network", yes(board.network_boot)),
            ("real-time clock", yes(board.rtc)),
        ],
        board.source.as_ref(),
    );
    if let Some(aliases) = several(&board.aliases) {
        let note = board
            .alias_note
            .as_ref()
            .map_or(String::new(), |note| format!(": {note}"));
        sheet.add("also called", Some(format!("{aliases}{note}")));
    }
    sheet
}

fn ethernet(ethernet: &Ethernet) -> Sheet {
    if ethernet.port == Some(false) {
        let none = Some("none".to_owned());
        return Sheet::of("Ethernet", [("port", none)], ethernet.source.as_ref());
    }
    let measured = plain(ethernet.measured.as_ref());
    let why = ethernet
        .reason
        .as_ref()
        .map_or(String::new(), |why| format!(" ({why})"));
    let mut sheet = Sheet::of(
        "Ethernet",
        [
            ("rated", plain(ethernet.rated.as_ref())),
            ("measured", measured.map(|rate| format!("{rate}{why}"))),
        ],
        ethernet.source.as_ref(),
    );
    sheet.add("limited by its maker to", plain(ethernet.limit.as_ref()));
    sheet
}

fn intake(intake: &Intake) -> Sheet {
    let mut sheet = Sheet::of(
        "What its maker asks of a supply",
        [
            (
                "plug",
                intake.connector.map(|plug| connector(plug).to_owned()),
            ),
            ("voltage", plain(intake.voltage.as_ref())),
            ("current", plain(intake.current.as_ref())),
            ("power", plain(intake.asked().as_ref())),
            ("boots from", plain(intake.least.as_ref())),
            ("of it for USB devices", plain(intake.peripherals.as_ref())),
            ("typical by itself", plain(intake.typical.as_ref())),
            ("warns below", plain(intake.detector.as_ref())),
        ],
        intake.source.as_ref(),
    );
    let pd = intake.pd.then(|| "only by USB Power Delivery".to_owned());
    sheet.add("in full", pd);
    sheet
}

fn poe(poe: &PoeHeader) -> Sheet {
    let pins = [("pins for a hat", yes(poe.header))];
    let mut sheet = Sheet::of("Power over Ethernet", pins, poe.source.as_ref());
    sheet.add("needs at the least", poe.standard.clone());
    sheet
}

fn load(title: &'static str, load: &Load) -> Sheet {
    if let Some(proxy) = &load.proxy {
        let by = Some(format!("not measured; the figures of {proxy} stand in"));
        return Sheet::of(title, [("at all", by)], load.source.as_ref());
    }
    let at = load.at.map(|at| match at {
        MeasuredAt::Wall => "before the supply",
        MeasuredAt::Usb => "after the supply",
        MeasuredAt::Maker => "told by its maker",
    });
    Sheet::of(
        title,
        [
            ("idle", plain(load.idle.as_ref())),
            ("all cores busy", plain(load.stress.as_ref())),
            ("linear equations (HPL)", plain(load.hpl.as_ref())),
            ("measured", at.map(str::to_owned)),
        ],
        load.source.as_ref(),
    )
}

fn speed(speed: &Speed) -> Sheet {
    let mut sheet = Sheet::of(
        "Speed",
        [
            ("linear equations (HPL)", plain(speed.hpl.as_ref())),
            ("7-Zip, in MIPS", plain(speed.sevenzip.as_ref())),
        ],
        speed.source.as_ref(),
    );
    let variants = speed.by_memory.iter().map(|variant| {
        let power = variant
            .power
            .map_or(String::new(), |power| format!(" at {power}"));
        (
            format!("HPL with {}", variant.memory),
            Some(format!("{}{power}", variant.hpl)),
        )
    });
    sheet.figures.extend(variants);
    let note = speed.note.clone();
    sheet
        .figures
        .extend(note.map(|note| ("to know".to_owned(), Some(note))));
    sheet
}

fn heat(heat: &Heat) -> Sheet {
    let degrees = |value: Option<u32>| value.map(|value| format!("{value} degrees Celsius"));
    Sheet::of(
        "Heat",
        [
            ("slows down from", degrees(heat.throttles)),
            ("a little from", degrees(heat.soft_limit)),
            ("fan", heat.fan.clone()),
        ],
        heat.source.as_ref(),
    )
}

fn wake(wake: &WakeUp) -> Sheet {
    Sheet::of(
        "Starts again after a halt",
        [
            ("by GPIO3 (pin 5)", yes(wake.gpio3)),
            ("by a button of its own", yes(wake.power_button)),
            ("by the network", yes(wake.lan)),
        ],
        wake.source.as_ref(),
    )
}

fn exclusions(board: &Board) -> impl Iterator<Item = Sheet> {
    board.exclusions.iter().map(|exclusion| {
        let parts: Vec<_> = exclusion.parts.iter().map(ToString::to_string).collect();
        let (parts, reason) = (parts.join(" and "), Some(exclusion.reason.clone()));
        Sheet::of(
            "Not at the same time",
            [(parts.as_str(), reason)],
            exclusion.source.as_ref(),
        )
    })
}

/// The name of a plug.
pub(super) fn connector(connector: Connector) -> &'static str {
    match connector {
        Connector::UsbA => "USB-A",
        Connector::UsbC => "USB-C",
        Connector::MicroUsb => "micro-USB",
        Connector::Barrel => "a round plug",
    }
}
