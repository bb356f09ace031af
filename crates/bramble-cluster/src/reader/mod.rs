//! TOML read by hand, so that everything wrong with it is told in one go and
//! with its exact place. Not in here: what the keys mean (`file`, `catalogue`).
//!
//! A table's keys are listed once, as [`Key`]s. A reader asks a [`Section`] for
//! them by name and ends with [`Section::finish`], which tells about all others.

mod key;
mod report;
mod section;
mod syntax;
mod text;
mod value;

pub(crate) use key::{Key, Kind, joined, names};
pub(crate) use report::Report;
pub(crate) use section::Section;
pub(crate) use syntax::parse;
pub(crate) use text::{Text, name_remedy};
pub(crate) use value::Value;
