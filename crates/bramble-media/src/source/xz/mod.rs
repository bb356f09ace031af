//! `.xz` files: in order, or block by block on several threads. Not in here: what an
//! index says (`index`), and the order in which blocks are given on (`lanes`).

mod index;
mod lanes;

use std::fs::File;
use std::io::{self, BufRead, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use liblzma::bufread::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};
use rustix::fs::{Advice, fadvise};

pub(super) use index::{Layout, layout};

use super::SourceError;
use super::fault::fault;
use super::file_reader::FileReader;
use super::input::{Counted, Place};
use super::outlet::{Outlet, Stop};
use super::packing::WINDOW_MIB;
use super::piece::{PIECE, Shelf};
use index::Block;
use lanes::{Lanes, Step};

/// What is unpacked ahead of its turn, in bytes: half a block as `xz -6` makes them. With
/// more a second thread would wait less, but the whole program is meant to go with
/// 64 MiB.
const AHEAD: usize = 12 << 20;

/// How many pieces wait of what is unpacked on one thread.
const ALONE: usize = 4;

/// All streams of a file, one after the other.
pub(super) fn in_order<R: BufRead>(reader: R) -> io::Result<impl Read> {
    Ok(XzDecoder::new_stream(reader, decoder()?))
}

fn decoder() -> io::Result<Stream> {
    // The most that is needed for a dictionary of that size.
    let limit = (WINDOW_MIB + 8) << 20;
    Ok(Stream::new_stream_decoder(limit, CONCATENATED)?)
}

/// Unpacks blocks on as many threads as have something to do, and gives them on in
/// their order.
pub(super) fn unpack_blocks(
    file: &Arc<File>,
    layout: &Layout,
    place: &Place,
    outlet: &mut Outlet,
) -> Result<(), Stop> {
    let threads = threads(layout);
    let lanes = Lanes::new(if threads > 1 { AHEAD / PIECE } else { ALONE });
    let next = AtomicUsize::new(0);
    let shelf = outlet.shelf.clone();
    let work = || {
        let _stop = lanes.stop_if_panicking();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(block) = layout.blocks.get(index) else {
                break;
            };
            if !unpack_block(file, block, &shelf, |step| lanes.put(index, step)) {
                break;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            let thread = thread::Builder::new().name("unpack-block".to_owned());
            if let Err(error) = thread.spawn_scoped(scope, work) {
                lanes.stop();
                return Err(fault(outlet, 0, error).into());
            }
        }
        let outcome = give_on(layout, &lanes, place, outlet);
        lanes.stop();
        outcome
    })
}

/// As many as there is memory for: what is unpacked ahead of its turn has to be kept,
/// and a thread that has no room for it would only wait.
fn threads(layout: &Layout) -> u64 {
    let cores = thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let largest = layout.blocks.iter().map(|block| block.raw).max();
    let largest = largest.unwrap_or(0).max(1);
    let ahead = (AHEAD as u64 + largest / 2) / largest;
    cores.min(1 + ahead).min(layout.blocks.len() as u64)
}

/// Gives the pieces of a block to `put`, which says whether to go on. To the unpacker,
/// the block is a file of its own: it then checks all that it would check in the whole.
fn unpack_block(
    file: &Arc<File>,
    block: &Block,
    shelf: &Shelf,
    put: impl Fn(Step) -> bool,
) -> bool {
    // Threads that read at several places keep the system from seeing that each reads on.
    fadvise(
        file,
        block.at,
        block.packed.try_into().ok(),
        Advice::WillNeed,
    )
    .ok();
    let before = block.before();
    let bytes = Cursor::new(before)
        .chain(FileReader::new(file, block.at, block.at + block.packed))
        .chain(Cursor::new(block.after()));
    let mut reader = Counted::new(bytes, Place::default());
    let mut unpacked = match decoder() {
        Ok(decoder) => XzDecoder::new_stream(&mut reader, decoder),
        Err(error) => return put(Step::Failed(block.at, error)),
    };
    loop {
        let (piece, outcome) = shelf.read(&mut unpacked);
        let is_last = piece.len() < PIECE;
        if !piece.is_empty() && !put(Step::Piece(piece)) {
            return false;
        }
        if let Err(error) = outcome {
            let into_block = unpacked.get_ref().at().saturating_sub(before.len() as u64);
            put(Step::Failed(block.at + into_block, error));
            return false;
        }
        if is_last {
            return put(Step::End);
        }
    }
}

fn give_on(layout: &Layout, lanes: &Lanes, place: &Place, outlet: &mut Outlet) -> Result<(), Stop> {
    for (index, block) in layout.blocks.iter().enumerate() {
        place.store(block.at, Ordering::Relaxed);
        loop {
            match lanes.take(index) {
                Some(Step::Piece(piece)) => outlet.give(piece)?,
                Some(Step::End) => break,
                Some(Step::Failed(at, error)) => return Err(fault(outlet, at, error).into()),
                None => {
                    let name = outlet.name.clone();
                    return Err(SourceError::CutShort { name }.into());
                }
            }
        }
        place.store(block.at + block.packed, Ordering::Relaxed);
    }
    Ok(())
}
