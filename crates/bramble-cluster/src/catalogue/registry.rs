//! The catalogue's files, compiled in. Not in here: the figures, and how they
//! are read. A test holds this list complete.

pub(super) const BOARDS: &[(&str, &str)] = &[
    ("cm4", include_str!("../../../../catalogue/boards/cm4.toml")),
    ("cm5", include_str!("../../../../catalogue/boards/cm5.toml")),
    (
        "jetson-orin-nano-super",
        include_str!("../../../../catalogue/boards/jetson-orin-nano-super.toml"),
    ),
    (
        "rpi3b",
        include_str!("../../../../catalogue/boards/rpi3b.toml"),
    ),
    (
        "rpi3bplus",
        include_str!("../../../../catalogue/boards/rpi3bplus.toml"),
    ),
    (
        "rpi4b",
        include_str!("../../../../catalogue/boards/rpi4b.toml"),
    ),
    (
        "rpi5",
        include_str!("../../../../catalogue/boards/rpi5.toml"),
    ),
    (
        "rpizero2w",
        include_str!("../../../../catalogue/boards/rpizero2w.toml"),
    ),
    (
        "vim3-basic",
        include_str!("../../../../catalogue/boards/vim3-basic.toml"),
    ),
    (
        "vim3-pro",
        include_str!("../../../../catalogue/boards/vim3-pro.toml"),
    ),
];

pub(super) const CARDS: &[(&str, &str)] = &[(
    "sandisk-ultra-32GB",
    include_str!("../../../../catalogue/cards/sandisk-ultra-32GB.toml"),
)];

pub(super) const SUPPLIES: &[(&str, &str)] = &[
    (
        "anker-60w-6",
        include_str!("../../../../catalogue/supplies/anker-60w-6.toml"),
    ),
    (
        "hds-hdd10t-60w",
        include_str!("../../../../catalogue/supplies/hds-hdd10t-60w.toml"),
    ),
    (
        "psu-15w",
        include_str!("../../../../catalogue/supplies/psu-15w.toml"),
    ),
    (
        "psu-rpi5-5a",
        include_str!("../../../../catalogue/supplies/psu-rpi5-5a.toml"),
    ),
];

pub(super) const SWITCHES: &[(&str, &str)] = &[
    (
        "netgear-8-port",
        include_str!("../../../../catalogue/switches/netgear-8-port.toml"),
    ),
    (
        "tenda-teg1105p-4-63w",
        include_str!("../../../../catalogue/switches/tenda-teg1105p-4-63w.toml"),
    ),
    (
        "tplink-8-port",
        include_str!("../../../../catalogue/switches/tplink-8-port.toml"),
    ),
    (
        "tplink-tl-sg1005lp",
        include_str!("../../../../catalogue/switches/tplink-tl-sg1005lp.toml"),
    ),
];
