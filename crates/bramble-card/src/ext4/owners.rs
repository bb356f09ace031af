//! Whose the blocks in given bytes are, so that it can be told which files differ. Not in
//! here: what a file system has besides files (`metadata`).

use std::collections::BTreeSet;
use std::ops::Range;

use super::Ext4Error;
use super::directory::entries;
use super::inode::{Inode, Use};
use super::metadata::{Sought, names};
use super::volume::Volume;
use crate::ReadAt;

/// The inode of the directory that all paths begin at.
const ROOT: u32 = 2;
/// A path that is longer, in bytes, is not followed: the kernel opens none.
const LONGEST_PATH: usize = 4096;

/// Who has blocks in `ranges`, which are bytes of `volume`: files by their paths (all of
/// them, if there are several), and what belongs to no file by a name such as `the inode
/// table`. Bytes of blocks that nobody uses have no owner.
pub fn owners(volume: &impl ReadAt, ranges: &[Range<u64>]) -> Result<BTreeSet<String>, Ext4Error> {
    let volume = Volume::open(volume)?;
    let sought = Sought::new(ranges, volume.superblock.block_size);
    let parts = names(&volume, &sought)?;
    let mut owners: BTreeSet<_> = parts.into_iter().map(str::to_owned).collect();
    let found = search(&volume, &sought)?;
    let named = if found.owners.is_empty() {
        BTreeSet::new()
    } else {
        name(&volume, &found, &mut owners)?
    };
    owners.extend(
        found
            .owners
            .difference(&named)
            .map(|inode| without_a_name(*inode)),
    );
    Ok(owners)
}

/// Inodes, by their numbers.
#[derive(Debug, Default)]
struct Found {
    /// Those with blocks in the bytes that are asked about.
    owners: BTreeSet<u32>,
    directories: BTreeSet<u32>,
}

/// Looks through the inodes of all groups.
fn search<R: ReadAt>(volume: &Volume<'_, R>, sought: &Sought) -> Result<Found, Ext4Error> {
    let superblock = &volume.superblock;
    let mut found = Found::default();
    for index in 0..superblock.groups {
        let group = volume.group(index)?;
        if group.has_no_inodes(superblock) {
            continue;
        }
        let first = index
            .saturating_mul(superblock.inodes_per_group)
            .saturating_add(1);
        let numbers = (0..superblock.inodes_per_group).map(|number| first.saturating_add(number));
        let per_block = (superblock.block_size / superblock.inode_size) as usize;
        let numbers: Vec<u32> = numbers.collect();
        for (block, numbers) in (group.inode_table..).zip(numbers.chunks(per_block)) {
            let bytes = volume.block(block)?;
            let inodes = bytes.chunks_exact(superblock.inode_size as usize);
            for (number, inode) in numbers.iter().zip(inodes) {
                found.take(volume, sought, *number, &Inode::parse(inode))?;
            }
        }
    }
    Ok(found)
}

impl Found {
    fn take<R: ReadAt>(
        &mut self,
        volume: &Volume<'_, R>,
        sought: &Sought,
        number: u32,
        inode: &Inode,
    ) -> Result<(), Ext4Error> {
        if !inode.is_used() {
            return Ok(());
        }
        if inode.is_directory() {
            self.directories.insert(number);
        }
        inode.blocks(volume, &mut |_, blocks| {
            if sought.touches(&blocks) {
                self.owners.insert(number);
            }
            Ok(())
        })
    }
}

/// Goes through all directories, and adds the paths of those found to `paths`. Gives the
/// inodes that have one.
fn name<R: ReadAt>(
    volume: &Volume<'_, R>,
    found: &Found,
    paths: &mut BTreeSet<String>,
) -> Result<BTreeSet<u32>, Ext4Error> {
    let mut named = BTreeSet::new();
    if found.owners.contains(&ROOT) {
        named.insert(ROOT);
        paths.insert("/".to_owned());
    }
    let mut seen = BTreeSet::from([ROOT]);
    let mut open = vec![(ROOT, String::new())];
    while let Some((directory, above)) = open.pop() {
        each_entry(volume, directory, &mut |inode, name| {
            let is_open = found.directories.contains(&inode) && !seen.contains(&inode);
            if !is_open && !found.owners.contains(&inode) {
                return;
            }
            let path = format!("{above}/{}", String::from_utf8_lossy(name));
            if is_open && path.len() <= LONGEST_PATH {
                seen.insert(inode);
                open.push((inode, path.clone()));
            }
            if found.owners.contains(&inode) {
                named.insert(inode);
                paths.insert(path);
            }
        })?;
    }
    Ok(named)
}

/// Calls `each` for the names in a directory.
fn each_entry<R: ReadAt>(
    volume: &Volume<'_, R>,
    directory: u32,
    each: &mut dyn FnMut(u32, &[u8]),
) -> Result<(), Ext4Error> {
    let inode = Inode::parse(&volume.inode(directory)?);
    let mut read_entries = |block: &[u8]| {
        for entry in entries(block) {
            each(entry.inode, entry.name);
        }
    };
    if let Some(inline) = inode.inline_entries() {
        read_entries(inline);
        return Ok(());
    }
    inode.blocks(volume, &mut |purpose, blocks| {
        if purpose == Use::Content {
            for block in blocks {
                read_entries(&volume.block(block)?);
            }
        }
        Ok(())
    })
}

/// What is called so that has no path.
fn without_a_name(inode: u32) -> String {
    match inode {
        1 => "the list of bad blocks".to_owned(),
        3 | 4 => "the quotas".to_owned(),
        7 => "the place kept for growing".to_owned(),
        8 => "the journal".to_owned(),
        number => format!("inode {number}"),
    }
}
