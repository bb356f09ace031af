//! The plan of a cluster before it is bought, as text, Markdown and HTML. What it
//! says is put together once (`content`), as a document that the three write each
//! in its way. Not in here: what is planned (`bramble-plan`).

mod content;
mod document;
mod html;
mod markdown;
mod text;

use bramble_plan::Plan;

pub use content::summary;

/// The plan for a terminal of `width` columns, of which 60 to 120 are used: many nodes
/// as ranges.
pub fn text(plan: &Plan, width: usize) -> String {
    text::write(&content::document(plan), width.clamp(60, 120))
}

/// The plan as Markdown.
pub fn markdown(plan: &Plan) -> String {
    markdown::write(&content::document(plan))
}

/// The plan as one HTML page that needs nothing else: no script, no font, no
/// picture from elsewhere. `drawing` is the schematic, as SVG.
pub fn html(plan: &Plan, drawing: &str) -> String {
    html::write(&content::document(plan), drawing)
}
