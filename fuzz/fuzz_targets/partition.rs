//! Anything as a disk: its partition table is read, and what its partitions hold, as a
//! whole and while it goes by. Nothing may panic, hang or read outside.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[allow(dead_code, reason = "the other half is for another target")]
#[path = "../../crates/bramble-card/tests/survey/damage.rs"]
mod damage;

fuzz_target!(|input: &[u8]| damage::read_all_ways(&damage::disk(input)));
