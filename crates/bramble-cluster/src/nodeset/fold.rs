//! The shortest text for a set of names. Not in here: reading it back (`pattern`),
//! and how names with several numbers are taken together (`blocks`).

use super::blocks::{self, Block};
use super::number;
use super::rows::Rows;
use super::shape::{self, GAP, Shape};

/// Folds the names of each shape; shapes in the order of their texts.
pub(super) fn fold<'a>(shapes: impl Iterator<Item = (&'a Shape, &'a Rows)>) -> String {
    let mut text = Vec::new();
    for (shape, rows) in shapes {
        if !text.is_empty() {
            text.push(b',');
        }
        match shape::dimensions(shape) {
            0 => text.extend_from_slice(shape),
            1 => {
                let runs: Vec<_> = rows.iter().map(|(_, run)| run).collect();
                write(shape, &vec![runs], &mut text);
            }
            _ => text.append(&mut shortest(shape, rows)),
        }
    }
    // Proof: letters, digits, `-` and brackets only.
    String::from_utf8(text).unwrap_or_default()
}

/// The shortest of the texts that this set can be given as.
fn shortest(shape: &[u8], rows: &Rows) -> Vec<u8> {
    let texts = blocks::partitions(rows).map(|blocks| {
        let mut text = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            if index > 0 {
                text.push(b',');
            }
            write(shape, block, &mut text);
        }
        text
    });
    texts.min_by_key(Vec::len).unwrap_or_default()
}

/// Writes names that have each number of an axis in its place, in brackets unless
/// there is only one.
fn write(shape: &[u8], axes: &Block, text: &mut Vec<u8>) {
    let mut axes = axes.iter();
    for &byte in shape {
        if byte != GAP {
            text.push(byte);
            continue;
        }
        let runs = axes.next().map_or(&[][..], Vec::as_slice);
        let single = matches!(runs, [(first, last)] if first == last);
        if !single {
            text.push(b'[');
        }
        number::write_runs(runs, text);
        if !single {
            text.push(b']');
        }
    }
}
