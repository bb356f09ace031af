//! Bytes by their place, as an image has them. Not in here: where they come from.

use std::io;

/// What can be read at any place.
pub trait ReadAt {
    /// How many bytes there are.
    fn length(&self) -> u64;

    /// Fills `into` with what lies from `offset` on. Reading past the end is an
    /// error of the kind [`io::ErrorKind::UnexpectedEof`].
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()>;

    /// `length` bytes from `offset` on. The caller sees to it that `length` is
    /// bounded: it may come from an image that lies.
    fn bytes_at(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let end = offset.checked_add(length as u64);
        if end.is_none_or(|end| end > self.length()) {
            return Err(past_the_end());
        }
        let mut bytes = vec![0; length];
        self.read_at(offset, &mut bytes)?;
        Ok(bytes)
    }
}

impl ReadAt for [u8] {
    fn length(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).map_err(|_| past_the_end())?;
        let end = start.checked_add(into.len()).ok_or_else(past_the_end)?;
        into.copy_from_slice(self.get(start..end).ok_or_else(past_the_end)?);
        Ok(())
    }
}

impl ReadAt for Vec<u8> {
    fn length(&self) -> u64 {
        self.as_slice().length()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.as_slice().read_at(offset, into)
    }
}

impl<T: ReadAt + ?Sized> ReadAt for &T {
    fn length(&self) -> u64 {
        (**self).length()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        (**self).read_at(offset, into)
    }
}

/// A part of something, such as a partition of a disk.
#[derive(Debug, Clone, Copy)]
pub struct Stretch<R> {
    whole: R,
    start: u64,
    length: u64,
}

impl<R: ReadAt> Stretch<R> {
    /// The `length` bytes of `whole` that begin at `start`; fewer if it ends before.
    pub fn new(whole: R, start: u64, length: u64) -> Self {
        let length = length.min(whole.length().saturating_sub(start));
        Self {
            whole,
            start,
            length,
        }
    }
}

impl<R: ReadAt> ReadAt for Stretch<R> {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        let end = offset.checked_add(into.len() as u64);
        if end.is_none_or(|end| end > self.length) {
            return Err(past_the_end());
        }
        self.whole.read_at(self.start + offset, into)
    }
}

/// A place in a slice; past the end of every slice if it cannot be one.
pub fn place(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The error of a read that goes past the end.
pub fn past_the_end() -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        "what is looked for lies past the end",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_ends_where_it_was_told_to() {
        let whole = *b"0123456789";
        let stretch = Stretch::new(&whole[..], 2, 4);
        assert_eq!(stretch.bytes_at(1, 3).unwrap(), b"345");
        assert!(stretch.bytes_at(1, 4).is_err());
        assert!(stretch.bytes_at(u64::MAX, 1).is_err());
        assert_eq!(Stretch::new(&whole[..], 8, 4).length(), 2);
        assert_eq!(Stretch::new(&whole[..], 11, 4).length(), 0);
    }
}
