//! Node sets from standard input, in words, as many as there are. Not in here: what
//! a word means.

use std::io::Read;

use bramble_cluster::nodeset::{Gatherer, Names};

use super::add;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::refusal;

/// How much is read at once, in bytes.
const BLOCK: usize = 256 * 1024;
/// Longest word, in bytes: a million names that do not fold are shorter.
const LONGEST: usize = 64 * 1024 * 1024;

/// Adds what all words of `input` name.
pub(super) fn read(
    mut input: impl Read,
    all: &mut Gatherer,
    names: &dyn Names,
) -> Result<(), Failure> {
    let mut buffer = vec![0; BLOCK];
    // How much of the buffer holds what was read and not yet added, and its line.
    let (mut filled, mut line) = (0, 1);
    loop {
        if filled == buffer.len() {
            grow(&mut buffer, line)?;
        }
        let read = input.read(&mut buffer[filled..]).map_err(|error| {
            Failure::new(Exit::Host, format!("cannot read standard input: {error}"))
        })?;
        filled += read;
        let fresh = &buffer[filled - read..filled];
        let end = fresh.iter().rposition(u8::is_ascii_whitespace);
        let whole = match end {
            // The input has ended, and so has the last word.
            None if read == 0 => filled,
            None => continue,
            Some(end) => filled - read + end + 1,
        };
        line = add_words(&buffer[..whole], line, all, names)?;
        if read == 0 {
            return Ok(());
        }
        buffer.copy_within(whole..filled, 0);
        filled -= whole;
    }
}

fn grow(buffer: &mut Vec<u8>, line: usize) -> Result<(), Failure> {
    if buffer.len() >= LONGEST {
        let most = LONGEST / 1024 / 1024;
        let message = format!("standard input, line {line}: a word of more than {most} MiB");
        return Err(
            Failure::new(Exit::Usage, message).hint("separate names by white space or line ends")
        );
    }
    buffer.resize(buffer.len() * 2, 0);
    Ok(())
}

/// Adds the words of `block`, which begins in `line`, and says in which it ends.
fn add_words(
    block: &[u8],
    line: usize,
    all: &mut Gatherer,
    names: &dyn Names,
) -> Result<usize, Failure> {
    let lines = |block: &[u8]| {
        block
            .iter()
            .map(|&byte| usize::from(byte == b'\n'))
            .sum::<usize>()
    };
    let mut at = 0;
    for word in block.split(u8::is_ascii_whitespace) {
        if !word.is_empty() {
            add_word(word, all, names)
                .map_err(|failure| refusal::at_line(&failure, line + lines(&block[..at])))?;
        }
        at += word.len() + 1;
    }
    Ok(line + lines(block))
}

/// Adds a name, or what an expression names.
fn add_word(word: &[u8], all: &mut Gatherer, names: &dyn Names) -> Result<(), Failure> {
    if all
        .add_name(word)
        .map_err(|problem| refusal::of(&problem))?
    {
        return Ok(());
    }
    let word =
        str::from_utf8(word).map_err(|_| Failure::new(Exit::Usage, "this is no UTF-8 text"))?;
    add(word, all, names)
}
