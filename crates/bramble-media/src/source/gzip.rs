//! `.gz` files of several members, and with zeros after the last, as some that are
//! padded to whole blocks have. Not in here: one member, which the library unpacks.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// The members of a file, one after the other.
#[derive(Debug)]
pub(super) struct Members<R> {
    /// Nothing after the last.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Members<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            member: Some(GzDecoder::new(reader)),
        }
    }

    /// Goes on to the next member, if there is one.
    fn next(&mut self) -> io::Result<()> {
        let Some(ended) = self.member.take() else {
            return Ok(());
        };
        let mut reader = ended.into_inner();
        match reader.fill_buf()?.first() {
            None => Ok(()),
            Some(0) => only_zeros(&mut reader),
            Some(_) => {
                self.member = Some(GzDecoder::new(reader));
                Ok(())
            }
        }
    }
}

fn only_zeros(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let bytes = reader.fill_buf()?;
        let count = bytes.len();
        if count == 0 {
            return Ok(());
        }
        if bytes.iter().any(|byte| *byte != 0) {
            let what = "something that is not gzip follows its packed data";
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        reader.consume(count);
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let count = member.read(into)?;
            if count > 0 || into.is_empty() {
                return Ok(count);
            }
            self.next()?;
        }
        Ok(0)
    }
}
