//! What tells one board from all others of its kind: its hardware address and its
//! serial number. Not in here: which node a board is (`file::identity`), and looking
//! for boards.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// Why a text is no hardware address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MacError {
    /// Not six pairs of hexadecimal digits.
    #[error("it is not six pairs of hexadecimal digits, such as `dc:a6:32:01:02:03`")]
    Shape,
    /// An address that many listen to, or none has.
    #[error("no single board has it: it is for all or for a group of them")]
    Shared,
}

/// Why a text is no serial number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SerialError {
    /// Nothing, or more than a maker writes.
    #[error("it has from 4 to 64 characters")]
    Length,
    /// A character that would mean something else in a path or a configuration.
    #[error("`{0}` cannot stand in it: it has letters, digits, `-`, `_` and `.`")]
    Character(char),
    /// What makers leave in place of a number.
    #[error("it is what boards say that were given none")]
    Placeholder,
}

/// The hardware address of a board's Ethernet interface, of one board alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddress([u8; 6]);

/// The serial number of a board, as it says it of itself. Boards of the same make
/// differ in it; letters count as they are written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct SerialNumber(String);

impl MacAddress {
    /// The six bytes.
    pub fn bytes(self) -> [u8; 6] {
        self.0
    }

    /// Whether software made it up, as for virtual machines, bridges and phones that
    /// hide: it may be another one tomorrow (IEEE 802: the bit of locally administered
    /// addresses).
    pub fn is_made_up(self) -> bool {
        self.0[0] & 2 != 0
    }

    /// With dashes, as Raspberry Pi's boot loader asks for files: `dc-a6-32-01-02-03`.
    pub fn dashed(self) -> String {
        self.to_string().replace(':', "-")
    }
}

impl FromStr for MacAddress {
    type Err = MacError;

    /// Pairs joined by `:` or by `-`, in capitals or not.
    fn from_str(text: &str) -> Result<Self, MacError> {
        let separator = if text.contains('-') { '-' } else { ':' };
        let mut bytes = [0; 6];
        let mut pairs = text.split(separator);
        for byte in &mut bytes {
            let pair = pairs.next().ok_or(MacError::Shape)?;
            let digits = pair.len() == 2 && pair.bytes().all(|digit| digit.is_ascii_hexdigit());
            *byte = u8::from_str_radix(pair, 16)
                .ok()
                .filter(|_| digits)
                .ok_or(MacError::Shape)?;
        }
        if pairs.next().is_some() {
            return Err(MacError::Shape);
        }
        if bytes[0] & 1 == 1 || bytes == [0; 6] {
            return Err(MacError::Shared);
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            let separator = if place == 0 { "" } else { ":" };
            write!(f, "{separator}{byte:02x}")?;
        }
        Ok(())
    }
}

impl Serialize for MacAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What firmware says where nobody entered a number, in lower case.
const PLACEHOLDERS: &[&str] = &["none", "default", "unknown", "n-a", "not-specified"];

impl SerialNumber {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last eight digits of a Raspberry Pi's number in lower case: the folder in
    /// which its boot loader looks for its files. Absent for numbers of another shape.
    pub fn boot_folder(&self) -> Option<String> {
        let digits = self.0.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !digits || !matches!(self.0.len(), 8 | 16) {
            return None;
        }
        Some(self.0[self.0.len() - 8..].to_ascii_lowercase())
    }
}

impl FromStr for SerialNumber {
    type Err = SerialError;

    fn from_str(text: &str) -> Result<Self, SerialError> {
        if !(4..=64).contains(&text.len()) {
            return Err(SerialError::Length);
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if let Some(odd) = text.chars().find(|&c| !allowed(c)) {
            return Err(SerialError::Character(odd));
        }
        let lower = text.to_ascii_lowercase();
        let alike = lower.bytes().all(|byte| byte == lower.as_bytes()[0]);
        if alike || PLACEHOLDERS.contains(&lower.as_str()) {
            return Err(SerialError::Placeholder);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hardware_address_is_read_in_every_way_that_it_is_printed_in() {
        let address: MacAddress = "dc:a6:32:01:02:0f".parse().unwrap();
        assert_eq!("DC-A6-32-01-02-0F".parse(), Ok(address));
        assert_eq!(address.to_string(), "dc:a6:32:01:02:0f");
        assert_eq!(address.dashed(), "dc-a6-32-01-02-0f");
        assert!(!address.is_made_up());
        assert!(
            "1a:9a:f2:27:82:84"
                .parse::<MacAddress>()
                .unwrap()
                .is_made_up()
        );
    }

    #[test]
    fn what_is_no_single_boards_address_is_refused() {
        for odd in [
            "",
            "dc:a6:32:01:02",
            "dc:a6:32:01:02:03:04",
            "dc:a6:32:1:2:3",
            "dca632010203",
            "dc:a6-32:01:02:03",
            "dc:a6:32:01:02:+3",
            "dc:a6:32:01:02:gg",
        ] {
            assert_eq!(odd.parse::<MacAddress>(), Err(MacError::Shape), "{odd}");
        }
        for odd in [
            "ff:ff:ff:ff:ff:ff",
            "01:00:5e:00:00:fb",
            "00:00:00:00:00:00",
        ] {
            assert_eq!(odd.parse::<MacAddress>(), Err(MacError::Shared), "{odd}");
        }
    }

    #[test]
    fn the_boot_folder_is_the_end_of_a_raspberry_pis_number() {
        let folder = |serial: &str| serial.parse::<SerialNumber>().unwrap().boot_folder();
        assert_eq!(folder("10000000ABCDEF01").as_deref(), Some("abcdef01"));
        assert_eq!(folder("abcdef01").as_deref(), Some("abcdef01"));
        assert_eq!(folder("C07JK0AADWYL"), None);
        assert_eq!(folder("abcdef0123"), None);
    }

    #[test]
    fn what_firmware_says_without_a_number_is_none() {
        for odd in ["0000000000000000", "None", "Default", "xxxxxxxx"] {
            let read = odd.parse::<SerialNumber>();
            assert_eq!(read, Err(SerialError::Placeholder), "{odd}");
        }
        assert_eq!("1".parse::<SerialNumber>(), Err(SerialError::Length));
        assert_eq!(
            "../../etc".parse::<SerialNumber>(),
            Err(SerialError::Character('/'))
        );
    }
}
