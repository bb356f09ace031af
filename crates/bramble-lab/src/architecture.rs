//! The kinds of processor that images are made for. Not in here: running the programs
//! of one on another.

use std::fmt;
use std::str::FromStr;

/// A kind of processor, as Debian names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    /// Most computers that are not single boards.
    Amd64,
    /// Boards since the Raspberry Pi 3, and emulators of them.
    Arm64,
}

/// A name that is none of an architecture's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no architecture that images are made for: write `arm64` or `amd64`")]
pub struct UnknownArchitecture(String);

impl Architecture {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Amd64, Self::Arm64];

    /// This machine's, if images are made for it.
    pub fn native() -> Option<Self> {
        match std::env::consts::ARCH {
            "x86_64" => Some(Self::Amd64),
            "aarch64" => Some(Self::Arm64),
            _ => None,
        }
    }

    /// As Debian writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
        }
    }

    pub(crate) fn is_native(self) -> bool {
        Self::native() == Some(self)
    }

    /// What QEMU calls its interpreter.
    pub(crate) fn qemu(self) -> &'static str {
        match self {
            Self::Amd64 => "qemu-x86_64",
            Self::Arm64 => "qemu-aarch64",
        }
    }

    /// What tells its programs from others, at byte 18 of an ELF file (`e_machine`).
    pub(crate) fn elf_machine(self) -> u16 {
        match self {
            Self::Amd64 => 62,
            Self::Arm64 => 183,
        }
    }
}

impl FromStr for Architecture {
    type Err = UnknownArchitecture;

    fn from_str(text: &str) -> Result<Self, UnknownArchitecture> {
        let known = Self::ALL.into_iter().find(|known| known.name() == text);
        known.ok_or_else(|| UnknownArchitecture(text.to_owned()))
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
