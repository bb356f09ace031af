//! From the bytes of a source to those of the image: which unpacker has to do it. Not
//! in here: formats that need more than their library, and what errors mean (`fault`).

use std::io::{self, Read};
use std::sync::atomic::Ordering;

use bzip2::bufread::MultiBzDecoder;
use rustix::fs::{Advice, fadvise};

use super::digest::Hashing;
use super::fault::fault;
use super::file_reader::FileReader;
use super::gzip::Members;
use super::input::{Counted, Input, PipeReader, Place};
use super::outlet::{News, Outlet, Stop};
use super::{Packing, Plan, SourceError, xz, zip, zstandard};

/// What is to be unpacked.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) input: Input,
    pub(super) plan: Plan,
    pub(super) place: Place,
    /// Where the bytes are hashed as they are, if they come by a pipe.
    pub(super) hashing: Option<Hashing>,
}

/// Unpacks all of it. This is what the thread does.
pub(super) fn run(job: Job, mut outlet: Outlet) {
    let news = match unpack(job, &mut outlet) {
        Ok(()) if outlet.given == 0 => News::Failed(SourceError::Empty {
            name: outlet.name.clone(),
        }),
        Ok(()) => News::End,
        Err(Stop::Failed(error)) => News::Failed(error),
        Err(Stop::Unwanted) => return,
    };
    // The last to be sent: whether anybody reads it is theirs to decide.
    outlet.reader.send(news).ok();
}

fn unpack(job: Job, outlet: &mut Outlet) -> Result<(), Stop> {
    let Job {
        input,
        plan,
        place,
        hashing,
    } = job;
    match (input, plan) {
        (Input::File(file, _), Plan::Blocks(layout)) => {
            xz::unpack_blocks(&file, &layout, &place, outlet)
        }
        (Input::File(file, length), Plan::Entry(entry)) => {
            place.store(entry.at, Ordering::Relaxed);
            let reader = FileReader::new(&file, entry.at, length);
            let mut reader = Counted::new(reader, place);
            zip::unpack_entry(&mut reader, &entry, outlet)
        }
        (Input::File(file, length), Plan::InOrder) => {
            // Only speed depends on it.
            fadvise(&file, 0, None, Advice::Sequential).ok();
            let reader = FileReader::new(&file, 0, length);
            unpack_in_order(&mut Counted::new(reader, place), outlet)
        }
        (Input::Pipe(head, rest), _) => {
            let mut reader = Counted::new(PipeReader::new(head, rest, hashing), place);
            unpack_in_order(&mut reader, outlet)?;
            // The digest is that of all that comes.
            let rest = io::copy(&mut reader, &mut io::sink());
            rest.map_err(|error| fault(outlet, reader.at(), error))?;
            Ok(())
        }
    }
}

fn unpack_in_order<R: Read>(reader: &mut Counted<R>, outlet: &mut Outlet) -> Result<(), Stop> {
    let outcome = match outlet.packing {
        Packing::Raw => outlet.give_all(reader)?,
        Packing::Xz => give_all(xz::in_order(&mut *reader), outlet)?,
        Packing::Zstd => give_all(zstandard::in_order(&mut *reader), outlet)?,
        Packing::Gzip => outlet.give_all(&mut Members::new(&mut *reader))?,
        Packing::Bzip2 => outlet.give_all(&mut MultiBzDecoder::new(&mut *reader))?,
        Packing::Zip => return zip::unpack_in_order(reader, outlet),
    };
    outcome.map_err(|error| fault(outlet, reader.at(), error).into())
}

fn give_all(unpacked: io::Result<impl Read>, outlet: &mut Outlet) -> Result<io::Result<()>, Stop> {
    match unpacked {
        Ok(mut unpacked) => outlet.give_all(&mut unpacked),
        Err(error) => Ok(Err(error)),
    }
}
