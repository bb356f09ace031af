//! Any text as a block map: it is read, and an image is held against it. What is mapped
//! must be in order and inside the image.
#![no_main]

use bramble_card::bmap::{Bmap, BmapCheck};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(bmap) = Bmap::parse(text) else {
        return;
    };
    let mut before = 0;
    for mapped in bmap.ranges.iter() {
        assert!(before <= mapped.bytes.start && mapped.bytes.start < mapped.bytes.end);
        assert!(mapped.bytes.end <= bmap.image_size);
        before = mapped.bytes.end;
    }
    let unmapped = bmap.unmapped(&(0..u64::MAX));
    let free: u64 = unmapped.iter().map(|range| range.end - range.start).sum();
    assert_eq!(free + bmap.mapped_bytes(), bmap.image_size);
    let mut check = BmapCheck::new(bmap);
    drop(check.see(&[1; 5000]));
    drop(check.finish());
});
