//! The catalogue as text: lists of what there is, and everything about one item,
//! each figure with who says so. Not in here: finding items (`bramble-plan`).

mod board;
mod list;
mod parts;
mod sheet;

use bramble_plan::search::Item;

pub use list::list;

/// Everything about `item`; what is unknown is said to be.
pub fn show(item: &Item<'_>) -> String {
    let sheets = match item {
        Item::Board(board) => board::sheets(board),
        Item::Card(card) => parts::card(card),
        Item::Supply(supply) => parts::supply(supply),
        Item::Switch(switch) => parts::switch(switch),
        Item::Hat(hat) => parts::hat(hat),
        Item::Carrier(carrier) => parts::carrier(carrier),
        Item::Cable(cable) => parts::cable(cable),
        Item::Image(image) => parts::image(image),
    };
    sheet::text(item, &sheets)
}
