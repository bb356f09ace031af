//! `[os]`: what the nodes boot. Not in here: how it gets on cards
//! (`bramble-card`).

use std::sync::Arc;

use super::known::Known;
use crate::catalogue::Image;
use crate::cluster::Boot;
use crate::reader::{Key, Kind, Section, Text, names};
use crate::suggest;

/// The image that Raspberry Pis boot unless the file says otherwise.
const IMAGE: &str = "raspios-lite-arm64-trixie";

const BOOTS: &[(&str, Boot)] = &[("card", Boot::Card), ("network", Boot::Network)];

/// The keys of `[os]`.
pub(super) const KEYS: &[Key] = &[
    Key::new(
        "image",
        Kind::Text,
        r#""raspios-lite-arm64-trixie""#,
        "an image of the catalogue, a path, or a URL",
    )
    .or("\"raspios-lite-arm64-trixie\""),
    Key::new(
        "boot",
        Kind::Choice(|| names(BOOTS)),
        r#""card""#,
        "what the nodes boot from",
    )
    .or("\"card\""),
];

/// `[os]` as it is written.
#[derive(Debug, Default)]
pub(super) struct OsTable {
    pub(super) image: Option<Arc<Image>>,
    pub(super) boot: Boot,
}

/// Reads `[os]`.
pub(super) fn read(section: Option<Section<'_>>, known: &Known<'_>) -> OsTable {
    let default = || known.images.builtin(IMAGE).cloned().map(Arc::new);
    let Some(mut section) = section else {
        return OsTable {
            image: default(),
            boot: Boot::Card,
        };
    };
    let image = section.get("image");
    let image = image.map(|value| image_of(&value.text()?, known));
    let boot = section.choice("boot", BOOTS).unwrap_or_default();
    section.finish();
    OsTable {
        image: image.unwrap_or_else(default),
        boot,
    }
}

/// A known image; anything with a `/` or an ending is a path or an address, and
/// of what is in it nothing is known yet.
pub(super) fn image_of(text: &Text<'_>, known: &Known<'_>) -> Option<Arc<Image>> {
    let line = text.line()?;
    if known.images.has(&line) {
        return known.images.find(text);
    }
    if !line.contains(['/', '.']) {
        let near = suggest::remedy(&line, known.images.ids());
        let near = near.map(|near| format!("{near}; ")).unwrap_or_default();
        let help = format!("{near}or write a path such as `./raspios.img.xz`, or a URL");
        let title = format!("no image is called `{text}`");
        return text.fail("unknown-image", title, "not a known image", help);
    }
    Some(Arc::new(Image {
        id: line.clone(),
        name: line,
        ..Image::default()
    }))
}
