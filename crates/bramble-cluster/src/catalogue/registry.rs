//! The catalogue's files, compiled in. Not in here: the figures, and how they
//! are read. Written by `UPDATE_REGISTRY=1 cargo test -p bramble-cluster listing`,
//! and held complete by the same test.

#[rustfmt::skip]
pub(super) const BOARDS: &[(&str, &str)] = &[
    ("bpi-cm4", include_str!("../../../../catalogue/boards/bpi-cm4.toml")),
    ("cm4", include_str!("../../../../catalogue/boards/cm4.toml")),
    ("cm5", include_str!("../../../../catalogue/boards/cm5.toml")),
    ("gmktec-g3-plus", include_str!("../../../../catalogue/boards/gmktec-g3-plus.toml")),
    ("jetson-orin-nano-super", include_str!("../../../../catalogue/boards/jetson-orin-nano-super.toml")),
    ("lattepanda-mu-n100", include_str!("../../../../catalogue/boards/lattepanda-mu-n100.toml")),
    ("macmini-late2012-i5", include_str!("../../../../catalogue/boards/macmini-late2012-i5.toml")),
    ("macmini-late2012-i7", include_str!("../../../../catalogue/boards/macmini-late2012-i7.toml")),
    ("macmini-m4", include_str!("../../../../catalogue/boards/macmini-m4.toml")),
    ("orangepi5", include_str!("../../../../catalogue/boards/orangepi5.toml")),
    ("orangepi5max", include_str!("../../../../catalogue/boards/orangepi5max.toml")),
    ("orangepi5plus", include_str!("../../../../catalogue/boards/orangepi5plus.toml")),
    ("radxa-cm5", include_str!("../../../../catalogue/boards/radxa-cm5.toml")),
    ("radxa-x4-n100", include_str!("../../../../catalogue/boards/radxa-x4-n100.toml")),
    ("rock5b", include_str!("../../../../catalogue/boards/rock5b.toml")),
    ("rock5c", include_str!("../../../../catalogue/boards/rock5c.toml")),
    ("rpi3b", include_str!("../../../../catalogue/boards/rpi3b.toml")),
    ("rpi3bplus", include_str!("../../../../catalogue/boards/rpi3bplus.toml")),
    ("rpi400", include_str!("../../../../catalogue/boards/rpi400.toml")),
    ("rpi4b", include_str!("../../../../catalogue/boards/rpi4b.toml")),
    ("rpi5", include_str!("../../../../catalogue/boards/rpi5.toml")),
    ("rpi500", include_str!("../../../../catalogue/boards/rpi500.toml")),
    ("rpizero2w", include_str!("../../../../catalogue/boards/rpizero2w.toml")),
    ("turing-rk1", include_str!("../../../../catalogue/boards/turing-rk1.toml")),
    ("vim3-basic", include_str!("../../../../catalogue/boards/vim3-basic.toml")),
    ("vim3-pro", include_str!("../../../../catalogue/boards/vim3-pro.toml")),
    ("vim4", include_str!("../../../../catalogue/boards/vim4.toml")),
];

#[rustfmt::skip]
pub(super) const CABLES: &[(&str, &str)] = &[
    ("usb-22awg-1ft", include_str!("../../../../catalogue/cables/usb-22awg-1ft.toml")),
];

#[rustfmt::skip]
pub(super) const CARDS: &[(&str, &str)] = &[
    ("sandisk-ultra-32GB", include_str!("../../../../catalogue/cards/sandisk-ultra-32GB.toml")),
];

#[rustfmt::skip]
pub(super) const CARRIERS: &[(&str, &str)] = &[
    ("cm4io", include_str!("../../../../catalogue/carriers/cm4io.toml")),
    ("cm5io", include_str!("../../../../catalogue/carriers/cm5io.toml")),
    ("compute-blade", include_str!("../../../../catalogue/carriers/compute-blade.toml")),
    ("deskpi-super4c", include_str!("../../../../catalogue/carriers/deskpi-super4c.toml")),
    ("deskpi-super6c", include_str!("../../../../catalogue/carriers/deskpi-super6c.toml")),
    ("sipeed-nanocluster", include_str!("../../../../catalogue/carriers/sipeed-nanocluster.toml")),
    ("turing-pi-2", include_str!("../../../../catalogue/carriers/turing-pi-2.toml")),
    ("x15-poe1", include_str!("../../../../catalogue/carriers/x15-poe1.toml")),
];

#[rustfmt::skip]
pub(super) const HATS: &[(&str, &str)] = &[
    ("52pi-ep0238", include_str!("../../../../catalogue/hats/52pi-ep0238.toml")),
    ("rpi-poe-hat", include_str!("../../../../catalogue/hats/rpi-poe-hat.toml")),
    ("rpi-poe-plus-hat", include_str!("../../../../catalogue/hats/rpi-poe-plus-hat.toml")),
    ("rpi5-poe-plus", include_str!("../../../../catalogue/hats/rpi5-poe-plus.toml")),
];

#[rustfmt::skip]
pub(super) const IMAGES: &[(&str, &str)] = &[
    ("debian-12", include_str!("../../../../catalogue/images/debian-12.toml")),
    ("debian-13", include_str!("../../../../catalogue/images/debian-13.toml")),
    ("raspios-lite-arm64-bookworm", include_str!("../../../../catalogue/images/raspios-lite-arm64-bookworm.toml")),
    ("raspios-lite-arm64-trixie", include_str!("../../../../catalogue/images/raspios-lite-arm64-trixie.toml")),
];

#[rustfmt::skip]
pub(super) const SUPPLIES: &[(&str, &str)] = &[
    ("anker-60w-6", include_str!("../../../../catalogue/supplies/anker-60w-6.toml")),
    ("hds-hdd10t-60w", include_str!("../../../../catalogue/supplies/hds-hdd10t-60w.toml")),
    ("psu-15w", include_str!("../../../../catalogue/supplies/psu-15w.toml")),
    ("psu-rpi5-5a", include_str!("../../../../catalogue/supplies/psu-rpi5-5a.toml")),
];

#[rustfmt::skip]
pub(super) const SWITCHES: &[(&str, &str)] = &[
    ("netgear-8-port", include_str!("../../../../catalogue/switches/netgear-8-port.toml")),
    ("tenda-teg1105p-4-63w", include_str!("../../../../catalogue/switches/tenda-teg1105p-4-63w.toml")),
    ("tplink-8-port", include_str!("../../../../catalogue/switches/tplink-8-port.toml")),
    ("tplink-tl-sg1005lp", include_str!("../../../../catalogue/switches/tplink-tl-sg1005lp.toml")),
    ("wifi-switch-4-port", include_str!("../../../../catalogue/switches/wifi-switch-4-port.toml")),
];

#[rustfmt::skip]
pub(super) const REFERENCE: [(&str, &str); 5] = [
    ("mac-prefixes", include_str!("../../../../catalogue/mac-prefixes.toml")),
    ("poe", include_str!("../../../../catalogue/poe.toml")),
    ("price-changes", include_str!("../../../../catalogue/price-changes.toml")),
    ("top500", include_str!("../../../../catalogue/top500.toml")),
    ("wires", include_str!("../../../../catalogue/wires.toml")),
];
