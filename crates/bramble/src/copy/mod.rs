//! Files and trees, to nodes and back: read once, sent where they are lacking,
//! verified, and in their places whole or not at all.
//!
//! Out (`out`): `tree` reads what is here, `ask` asks the nodes what they have,
//! `listing` decides what each lacks, `archive` makes one stream for all that lack
//! the same, `deliver` sends it, along the trees of `relay`, to `receive.sh`. Not in
//! here: the command and its output (`commands/cp.rs`).

pub(crate) mod archive;
pub(crate) mod ask;
pub(crate) mod back;
mod crc;
pub(crate) mod deliver;
mod header;
mod item;
mod landing;
pub(crate) mod listing;
pub(crate) mod out;
pub(crate) mod place;
mod reading;
mod relay;
mod remote_tree;
pub(crate) mod talk;
pub(crate) mod tree;
mod unpack;

#[cfg(test)]
mod tests;
