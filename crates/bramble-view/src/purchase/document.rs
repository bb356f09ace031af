//! What all forms of the plan are written from. Not in here: what it says.

use bramble_plan::plan::Found;

use crate::grid::Grid;

/// A plan as a document.
#[derive(Debug)]
pub(super) struct Document<'a> {
    /// The cluster's name.
    pub(super) title: &'a str,
    /// The figures to remember.
    pub(super) figures: Vec<Figure>,
    /// What the rules found.
    pub(super) findings: &'a [Found],
    /// The rest.
    pub(super) sections: Vec<Section>,
}

/// A figure to remember.
#[derive(Debug)]
pub(super) struct Figure {
    /// What it is: `nodes`.
    pub(super) what: &'static str,
    /// How much: `6`.
    pub(super) value: String,
    /// Both in a few words: `6 nodes`.
    pub(super) said: String,
}

/// A part with a heading.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug)]
pub(super) enum Block {
    /// Figures in columns.
    Table(Grid),
    /// A paragraph.
    Text(String),
    /// A paragraph of less weight.
    Note(String),
    /// Who says so, numbered from 1.
    Sources(Vec<String>),
}
