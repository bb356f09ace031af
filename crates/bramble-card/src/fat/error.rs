//! Why something cannot be done with a FAT file system. Not in here: finding it out.

use std::io;

/// What is wrong with a volume, or with what is asked of it. Offsets are bytes from the
/// start of the volume.
#[derive(Debug, thiserror::Error)]
pub enum FatError {
    /// The volume could not be read.
    #[error("reading the FAT volume failed: {0}")]
    Read(#[from] io::Error),
    /// The first sector is none of a FAT file system that can be used.
    #[error("no FAT file system that can be used: {problem} (byte {at} of the volume)")]
    BootSector {
        /// What is wrong.
        problem: &'static str,
        /// Where the figure stands.
        at: u64,
    },
    /// The volume is shorter than its first sector tells.
    #[error("the FAT file system is {told} bytes long, but its volume has only {length}")]
    Short {
        /// What the first sector tells, in bytes.
        told: u64,
        /// How long the volume is, in bytes.
        length: u64,
    },
    /// The allocation table contradicts itself or a directory.
    #[error(
        "the FAT file system is damaged: {problem} (cluster {cluster}, byte {at} of the volume)"
    )]
    Chain {
        /// What is wrong.
        problem: &'static str,
        /// The number of the cluster.
        cluster: u32,
        /// Where its entry stands in the table.
        at: u64,
    },
    /// A name that a FAT file system cannot hold.
    #[error("`{name}` cannot be the name of a file: {problem}")]
    Name {
        /// The name.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Nothing is there.
    #[error("`{0}` is not there")]
    Absent(String),
    /// Something is there already.
    #[error("`{0}` is there already")]
    Exists(String),
    /// A directory where a file was meant.
    #[error("`{0}` is a directory")]
    IsDirectory(String),
    /// A file where a directory was meant.
    #[error("`{0}` is no directory")]
    NoDirectory(String),
    /// A directory with something in it cannot be removed.
    #[error("the directory `{0}` is not empty")]
    NotEmpty(String),
    /// A directory cannot be moved into itself.
    #[error("the directory `{0}` cannot be moved into itself")]
    IntoItself(String),
    /// The directory in which it was to be cannot take one more.
    #[error("there is no room for `{0}` in its directory")]
    DirectoryFull(String),
    /// A file is larger than was expected or than there can be.
    #[error("`{path}` has {size} bytes, more than {most}")]
    Large {
        /// The file.
        path: String,
        /// Its size in bytes.
        size: u64,
        /// What is allowed, in bytes.
        most: u64,
    },
    /// There is no room.
    #[error("the FAT file system is full: {missing} bytes are missing for `{path}`")]
    Full {
        /// What was to be written.
        path: String,
        /// How many bytes more would have to be free.
        missing: u64,
    },
}
