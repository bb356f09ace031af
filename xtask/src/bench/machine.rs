//! The machine that figures are from, as far as they depend on it. Not in here:
//! its name.

use std::fmt;
use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::failure::Failure;

#[derive(Debug, Serialize)]
pub(super) struct Machine {
    processor: String,
    cores: usize,
    memory_gb: u64,
    kernel: String,
    /// How busy it was before: runnable processes, averaged over a minute.
    load_before: String,
}

impl Machine {
    pub(super) fn this() -> Result<Self, Failure> {
        let memory = read("/proc/meminfo")?;
        let kilobytes: u64 = value(&memory, "MemTotal")
            .and_then(|text| text.strip_suffix("kB")?.trim().parse().ok())
            .unwrap_or(0);
        let load = read("/proc/loadavg")?;
        Ok(Self {
            processor: value(&read("/proc/cpuinfo")?, "model name")
                .unwrap_or("unknown")
                .to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_gb: kilobytes * 1024 / 1_000_000_000,
            kernel: read("/proc/sys/kernel/osrelease")?.trim().to_owned(),
            load_before: load.split(' ').next().unwrap_or_default().to_owned(),
        })
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, {} cores, {} GB, Linux {}, load before {}",
            self.processor, self.cores, self.memory_gb, self.kernel, self.load_before
        )
    }
}

fn read(file: &str) -> Result<String, Failure> {
    let path = Path::new(file);
    fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error))
}

/// What follows the colon on the first line that begins with `name`.
fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_by_its_whole_name() {
        let text = "MemTotalX: 1 kB\nMemTotal:  2 kB\n";
        assert_eq!(value(text, "MemTotal"), Some("2 kB"));
    }
}
