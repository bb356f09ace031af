//! An SVG as pixels, with fonts that come with the command: a machine without
//! fonts draws the same. Not in here: what is drawn.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::exit::Exit;
use crate::failure::Failure;

/// `DejaVu Sans` and its bold face, reduced to the letters of Latin, Greek and
/// Cyrillic script; their licence lies beside them.
const FONTS: [&[u8]; 2] = [
    include_bytes!("../../../assets/DejaVuSans.ttf"),
    include_bytes!("../../../assets/DejaVuSans-Bold.ttf"),
];

/// Most pixels of a side: with more, a picture takes a gigabyte of memory.
const MOST: u32 = 16_384;

/// `svg` as a PNG with `scale` pixels for each unit.
pub(super) fn png(svg: &str, scale: u8) -> Result<Vec<u8>, Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::new(Exit::Host, format!("cannot draw the PNG: {error}"))
            .hint("draw an SVG instead: `bramble draw -o cluster.svg`")
    };
    let mut options = Options {
        font_family: "DejaVu Sans".to_owned(),
        ..Options::default()
    };
    let fonts = Arc::make_mut(&mut options.fontdb);
    for font in FONTS {
        fonts.load_font_data(font.to_vec());
    }
    let tree = Tree::from_str(svg, &options).map_err(|error| failed(&error))?;
    let size = tree.size().to_int_size();
    let side = size.width().max(size.height());
    if side * u32::from(scale) > MOST {
        return Err(too_large(side, scale));
    }
    let (width, height) = (
        size.width() * u32::from(scale),
        size.height() * u32::from(scale),
    );
    let mut pixels = Pixmap::new(width, height).ok_or_else(|| failed(&"it has no size"))?;
    let transform = Transform::from_scale(f32::from(scale), f32::from(scale));
    resvg::render(&tree, transform, &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| failed(&error))
}

fn too_large(side: u32, scale: u8) -> Failure {
    let message = format!(
        "a PNG of {} pixels is too large: a side can have {MOST}",
        side * u32::from(scale)
    );
    let hint = match MOST / side {
        0 => "draw an SVG instead: `bramble draw -o cluster.svg`".to_owned(),
        most => format!("choose `--scale {most}`, or draw an SVG, which is sharp at any size"),
    };
    Failure::new(Exit::Usage, message).hint(hint)
}
