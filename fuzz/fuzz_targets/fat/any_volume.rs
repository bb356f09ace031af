//! Any bytes as a FAT volume, with zeros after them: everything in it is listed, read and
//! edited. Nothing may panic or take long, nothing may be changed outside of the volume,
//! and what was written must be read back as it was. Not in here: where the bytes come
//! from, which is a fuzzer, or what it has found before.

use std::io;

use bramble_card::ReadAt;
use bramble_card::fat::{Fat, FatError, Modified};

/// How long every volume is, in bytes: FAT16 has at least two MiB.
const LENGTH: u64 = 4 << 20;

/// The most that is read of a file.
const MOST: u64 = 1 << 20;

/// Bytes with zeros after them.
#[derive(Clone)]
struct Padded<'a>(&'a [u8]);

impl ReadAt for Padded<'_> {
    fn length(&self) -> u64 {
        LENGTH
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        let end = offset.checked_add(into.len() as u64);
        if end.is_none_or(|end| end > LENGTH) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let rest = self.0.get(offset as usize..).unwrap_or_default();
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        into[count..].fill(0);
        Ok(())
    }
}

/// Lists, reads and edits, and says whether the bytes were a volume.
pub(crate) fn look_and_edit(bytes: &[u8]) -> bool {
    let Ok(mut fat) = Fat::open(Padded(bytes)) else {
        return false;
    };
    drop(fat.label());
    let Ok(paths) = paths(&fat) else {
        return true;
    };
    for (path, _) in &paths {
        drop(fat.read(path, MOST));
    }
    drop(fat.owners(&[0..700, LENGTH - 1..LENGTH + 9]));
    edit(&mut fat, &paths);
    let end = fat.geometry().length;
    for (offset, bytes) in fat.changes() {
        assert!(offset + bytes.len() as u64 <= end, "{offset}");
    }
    // Only a sound volume is edited, and it stays sound.
    if fat.changes().next().is_some() {
        fat.owners(&[]).expect("every chain ends and is one file's");
    }
    true
}

/// The paths of what is in the root and one level below, and whether each is a directory.
fn paths(fat: &Fat<Padded>) -> Result<Vec<(String, bool)>, FatError> {
    let mut paths = Vec::new();
    for entry in fat.list("")? {
        paths.push((entry.name.clone(), entry.is_directory));
        if entry.is_directory && paths.len() < 100 {
            for below in fat.list(&entry.name).unwrap_or_default() {
                paths.push((format!("{}/{}", entry.name, below.name), below.is_directory));
            }
        }
    }
    paths.truncate(20);
    Ok(paths)
}

/// Writes a file, which can be read then.
fn write(fat: &mut Fat<Padded>, path: &str, content: &[u8]) {
    if fat.write(path, content, Modified::default()).is_ok() {
        let read = fat.read(path, MOST).expect("what was written is there");
        assert_eq!(read.as_deref(), Some(content), "{path}");
    }
}

fn edit(fat: &mut Fat<Padded>, paths: &[(String, bool)]) {
    let content = [7; 2500];
    write(fat, "a new file", &content);
    write(fat, "NEW.TXT", b"");
    for (number, (path, is_directory)) in paths.iter().enumerate() {
        match number % 4 {
            0 if *is_directory => write(fat, &format!("{path}/below"), &content),
            0 => write(fat, path, &content),
            1 => drop(fat.rename(path, "another name")),
            2 => drop(fat.remove(path)),
            _ => drop(fat.make_directory(&format!("{path}/deeper"), Modified::default())),
        }
    }
}
