//! Cards written from images, on media with every fault that cards have.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]

mod courses;
mod faults;
mod memory;
mod share;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use bramble_card::Overlay;
use bramble_media::source::{Expected, Source};
use bramble_media::write::{Job, Written, write};
use bramble_media::{Image, Outcome, Taking};
use memory::Memory;

/// Where the only partition of a test's image begins, in bytes.
const PARTITION: usize = 1 << 20;

/// An image of `length` bytes with a partition table, and no two blocks alike.
fn image(length: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..length / 8)
        .flat_map(|index| {
            (index as u64)
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .to_le_bytes()
        })
        .collect();
    bytes.resize(length, 7);
    bytes[..512].fill(0);
    let sectors = |bytes: usize| u32::try_from(bytes / 512).unwrap().to_le_bytes();
    let entry = &mut bytes[446..462];
    // Of a type that nobody looks into.
    entry[4] = 0xda;
    entry[8..12].copy_from_slice(&sectors(PARTITION));
    entry[12..16].copy_from_slice(&sectors(length - PARTITION));
    bytes[510..512].copy_from_slice(&[0x55, 0xaa]);
    bytes
}

/// The image in a file of its own.
fn in_file(folder: &Path, bytes: &[u8]) -> PathBuf {
    let path = folder.join("system.img");
    std::fs::write(&path, bytes).unwrap();
    path
}

fn opened(path: &Path) -> Image {
    let source = Source::open(path, Expected::default()).unwrap();
    let keep: File = tempfile::tempfile().unwrap();
    Image::open(source, Taking::default(), keep, &AtomicBool::new(false)).unwrap()
}

/// What a node has of its own: some bytes at places of its own.
fn overlay(bytes: &[u8], own: &[(u64, &[u8])]) -> Overlay {
    let mut overlay = Overlay::default();
    for (offset, own) in own {
        overlay.lay(&bytes, *offset, own).unwrap();
    }
    overlay
}

fn job(card: &Memory, overlay: Overlay) -> Job {
    Job {
        medium: Box::new(card.clone()),
        overlay,
        device: true,
    }
}

fn written(image: Image, jobs: Vec<Job>) -> Outcome<Written> {
    write(image, jobs, true, &AtomicBool::new(false), &mut |_, _| {})
}
