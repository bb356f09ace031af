//! A folder with an image in it, and the programs that pack one.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bramble_media::source::{Expected, Source, SourceError};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Runs a shell script in the folder.
    pub(crate) fn run(&self, script: &str) {
        let mut sh = Command::new("sh");
        let output = sh.args(["-euc", script]).current_dir(&self.folder).output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{script}: {said}");
    }

    /// The image packed by a script, which makes `packed` of `disk.img`.
    pub(crate) fn packed(&self, image: &[u8], script: &str) -> PathBuf {
        self.write("disk.img", image);
        self.run(script);
        self.path("packed")
    }
}

/// Bytes that look like those of an image: some that repeat, some that do not, zeros.
/// The start is no text and no archive.
pub(crate) fn image(length: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut bytes = vec![0; length];
    for (index, chunk) in bytes.chunks_mut(4096).enumerate() {
        for (at, byte) in chunk.iter_mut().enumerate() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = match index % 4 {
                0 => 0,
                1 => state.to_le_bytes()[4],
                _ => (at % 61).to_le_bytes()[0],
            };
        }
    }
    if let Some(first) = bytes.first_mut() {
        *first = 0xEB;
    }
    bytes
}

pub(crate) fn open(path: &Path) -> Result<Source, SourceError> {
    Source::open(path, Expected::default())
}

/// All that a source gives.
pub(crate) fn read(path: &Path, expected: Expected) -> Result<Vec<u8>, String> {
    let source = Source::open(path, expected).map_err(|error| error.to_string())?;
    read_source(source)
}

pub(crate) fn read_source(source: Source) -> Result<Vec<u8>, String> {
    let mut stream = source.stream().map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    stream
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    stream.finish().map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// All that a source gives of `bytes` that come by a pipe.
pub(crate) fn read_piped(
    place: &Place,
    bytes: &[u8],
    expected: Expected,
) -> Result<Vec<u8>, String> {
    let pipe = place.path("pipe");
    if !pipe.exists() {
        place.run("mkfifo pipe");
    }
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut pipe = fs::OpenOptions::new().write(true).open(&pipe).unwrap();
            // Whoever reads may stop early.
            pipe.write_all(bytes).ok();
        });
        read(&pipe, expected)
    })
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Whether a program is there. What packs an image is installed for the tests.
#[expect(clippy::print_stdout, reason = "a test that is skipped must say so")]
pub(crate) fn has(program: &str) -> bool {
    let mut sh = Command::new("sh");
    sh.args(["-c", "command -v \"$0\"", program]);
    let found = sh.stdout(Stdio::null()).status().unwrap().success();
    if !found {
        assert!(
            std::env::var_os("CI").is_none(),
            "{program} is not installed"
        );
        println!("skipped: {program} is not installed");
    }
    found
}
