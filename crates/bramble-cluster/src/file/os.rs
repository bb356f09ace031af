//! `[os]`: what the nodes boot. Without effect yet; checked all the same. Not in
//! here: images and how they get on cards (`bramble-card`).

use crate::reader::{Section, Text};

/// The one image known by name.
const IMAGE: &str = "raspios-lite-arm64-trixie";
const BOOT: &[(&str, ())] = &[("card", ()), ("network", ())];

/// Reads `[os]`.
pub(super) fn read(root: &mut Section<'_>) {
    let Some(mut section) = root.table("os") else {
        return;
    };
    section.check("image", r#""raspios-lite-arm64-trixie""#, |value| {
        image(&value.text()?)
    });
    section.check("boot", r#""card""#, |value| value.text()?.choice(BOOT));
    section.finish();
}

/// A known name; anything with a `/` or an ending is a path or an address.
fn image(text: &Text<'_>) -> Option<()> {
    text.line()?;
    if text.value == IMAGE || text.value.contains(['/', '.']) {
        return Some(());
    }
    let title = format!("no image is called `{text}`");
    let help = format!("write `{IMAGE}`, a path such as `./raspios.img.xz`, or a URL");
    text.fail("unknown-image", title, "not a known image", help)
}
