//! Lines on the wire between bramble and the scripts it runs on a node.
//!
//! A record is one line of fields separated by the ASCII unit separator. That
//! byte is no IFS whitespace, so the shell's `read` keeps empty fields; and it
//! has no place in paths, unit names or base64.

use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;

/// Between two fields of a record.
pub const SEPARATOR: char = '\u{1f}';

/// One line of fields.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Record(Vec<String>);

impl Record {
    /// A record of `fields`. A line break or separator in one would change the
    /// meaning of the line, so the field is cut off there; callers pass names,
    /// paths and base64, which have neither.
    pub fn new<T: AsRef<str>>(fields: impl IntoIterator<Item = T>) -> Self {
        let tame = |field: T| {
            field
                .as_ref()
                .split(['\n', '\r', SEPARATOR])
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        Self(fields.into_iter().map(tame).collect())
    }

    /// Reads one line.
    pub fn parse(line: &str) -> Self {
        Self(line.split(SEPARATOR).map(str::to_owned).collect())
    }

    /// The fields.
    pub fn fields(&self) -> &[String] {
        &self.0
    }

    /// The field at `index`, or nothing where the line was shorter.
    pub fn field(&self, index: usize) -> &str {
        self.0.get(index).map_or("", String::as_str)
    }

    /// The record as a line, with its line break.
    pub fn line(&self) -> String {
        let mut line = self.0.join("\u{1f}");
        line.push('\n');
        line
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" | "))
    }
}

/// Bytes as one field.
pub fn encode(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Bytes in hexadecimal, as `sha256sum` writes a digest.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

/// The bytes of a field; nothing where it is no base64.
pub fn decode(field: &str) -> Option<Vec<u8>> {
    BASE64.decode(field).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_fields_survive_the_wire() {
        let record = Record::new(["file", "/etc/hosts", "", "", "root"]);
        assert_eq!(Record::parse(record.line().trim_end_matches('\n')), record);
    }

    #[test]
    fn a_field_cannot_smuggle_a_second_line() {
        assert_eq!(Record::new(["a\nservice"]).line(), "a\n");
    }
}
