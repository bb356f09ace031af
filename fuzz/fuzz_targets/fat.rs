//! Any bytes as a FAT volume.
#![no_main]

#[path = "fat/any_volume.rs"]
mod any_volume;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    any_volume::look_and_edit(bytes);
});
