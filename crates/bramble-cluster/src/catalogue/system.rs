//! Operating systems, as images and as what a machine may run already.

use serde::Serialize;

use crate::reader::{Key, Kind, Section, names};
use crate::unit::Capacity;

/// An operating system.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Image {
    /// What the cluster file calls it: `raspios-lite-arm64-trixie`.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// Distribution and release, which decide the packages' versions: `debian 13`.
    pub release: Option<String>,
    /// For which processors: `arm64`.
    pub architecture: Option<String>,
    /// What it takes of a card.
    pub uses: Option<Capacity>,
    /// What reads its settings at the first boot.
    pub first_boot: Option<FirstBoot>,
    /// Where a list tells the address that it is downloaded from.
    pub os_list: Option<String>,
    /// Who says so.
    pub source: Option<String>,
}

impl Image {
    /// The image's file, if that is what the cluster file says: a path, no entry of the
    /// catalogue and no address.
    pub fn file(&self) -> Option<&str> {
        // What the catalogue knows has a name of its own.
        let is_path = self.name == self.id && !self.id.contains("://");
        is_path.then_some(self.id.as_str())
    }
}

/// What reads an image's settings at its first boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FirstBoot {
    /// cloud-init.
    CloudInit,
    /// Raspberry Pi OS before cloud-init: `custom.toml`, `firstrun.sh`.
    CustomToml,
    /// Nothing.
    None,
}

const FIRST_BOOTS: &[(&str, FirstBoot)] = &[
    ("cloud-init", FirstBoot::CloudInit),
    ("custom-toml", FirstBoot::CustomToml),
    ("none", FirstBoot::None),
];

/// The keys of an image.
pub(crate) const IMAGE: &[Key] = &[
    Key::new(
        "name",
        Kind::Text,
        r#""Raspberry Pi OS Lite (64-bit)""#,
        "what its maker calls it",
    )
    .required(),
    Key::new(
        "release",
        Kind::Text,
        r#""debian 13""#,
        "distribution and release, which decide the packages' versions",
    ),
    Key::new(
        "architecture",
        Kind::Text,
        r#""arm64""#,
        "for which processors, as Debian calls them",
    ),
    Key::new("uses", Kind::Text, r#""2GB""#, "what it takes of a card"),
    Key::new(
        "first_boot",
        Kind::Choice(|| names(FIRST_BOOTS)),
        r#""cloud-init""#,
        "what reads its settings at the first boot",
    ),
    Key::new(
        "os_list",
        Kind::Text,
        r#""https://downloads.raspberrypi.com/os_list_imagingutility_v4.json""#,
        "where a list in the format of Raspberry Pi Imager tells the address and SHA-256 of the image",
    ),
    Key::new("source", Kind::Text, r#""the maker's page""#, "who says so"),
];

/// Reads the image called `id`: what is not written is as in `base`.
pub(crate) fn read_image(
    id: &str,
    mut section: Section<'_>,
    base: Option<&Image>,
) -> Option<Image> {
    let base = base.cloned().unwrap_or_default();
    let name = section.name_or(base.name);
    let image = Image {
        id: id.to_owned(),
        name: name.clone().unwrap_or_default(),
        release: section.line("release").or(base.release),
        architecture: section.line("architecture").or(base.architecture),
        uses: section.quantity("uses").or(base.uses),
        first_boot: section
            .choice("first_boot", FIRST_BOOTS)
            .or(base.first_boot),
        os_list: section.line("os_list").or(base.os_list),
        source: section.line("source").or(base.source),
    };
    section.finish();
    name.map(|_| image)
}
