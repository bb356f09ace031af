//! Small file systems with any damage: their free blocks are learnt, as a whole and while
//! they go by, and whose the others are. Nothing may panic, hang or read outside.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[allow(dead_code, reason = "the other half is for another target")]
#[path = "../../crates/bramble-card/tests/survey/damage.rs"]
mod damage;

fuzz_target!(|input: &[u8]| damage::read_all_ways(&damage::file_system(input)));
