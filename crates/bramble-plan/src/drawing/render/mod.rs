//! How a sheet is written as SVG. Not in here: where things stand (`layout`).

mod cable;
mod palette;
mod part;
mod style;
mod xml;

use super::layout::Sheet;
use xml::Escaped;

pub use palette::Scheme;

/// `sheet` as SVG in the colours of `scheme`.
pub(super) fn svg(sheet: &Sheet, scheme: Scheme) -> String {
    let (width, height) = (sheet.width, sheet.height);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"bramble-drawing\" \
         role=\"img\" aria-labelledby=\"bramble-drawing-title bramble-drawing-about\" \
         width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <title id=\"bramble-drawing-title\">{}</title>\n<desc id=\"bramble-drawing-about\">{}</desc>\n\
         <style>\n{}\n</style>\n\
         <rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n",
        Escaped(&sheet.title),
        Escaped(&sheet.about),
        style::sheet(scheme),
    );
    for part in &sheet.parts {
        part::frame(&mut svg, part);
    }
    for cable in &sheet.cables {
        cable::cable(&mut svg, cable);
    }
    for part in &sheet.parts {
        part::content(&mut svg, part);
    }
    svg.push_str("</svg>\n");
    svg
}
