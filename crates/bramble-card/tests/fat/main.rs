//! FAT volumes: by `mkfs.fat`, `fsck.fat` and mtools as judges, and damaged by hand.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]
#![expect(
    clippy::cast_possible_truncation,
    reason = "no volume of these tests is large"
)]

mod damaged;
mod edits;
mod fuzzed;
mod random;
mod reading;
mod room;
mod volume;
