//! Building the base image when things go wrong, skipped without root. Not in here:
//! a build that goes well, which every test of a twin begins with.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{in_another_process, is_root, output, told_file};
use bramble_lab::{LabError, ensure_base};

/// What is in the cache, without the lock.
fn left(cache: &Path) -> Vec<String> {
    let entries = fs::read_dir(cache.join("base")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != ".lock").collect()
}

/// Whether any process was started with the path in its arguments.
fn is_used(path: &Path) -> bool {
    let path = path.to_str().unwrap();
    fs::read_dir("/proc").unwrap().flatten().any(|entry| {
        fs::read(entry.path().join("cmdline"))
            .is_ok_and(|words| String::from_utf8_lossy(&words).contains(path))
    })
}

#[test]
fn an_interrupted_build_leaves_nothing() {
    if !is_root() {
        return;
    }
    let cache = tempfile::tempdir().unwrap();
    let stop = AtomicBool::new(false);
    let mut watch = |event| {
        println!("{event:?}");
        stop.store(true, Ordering::Relaxed);
    };

    let outcome = ensure_base(cache.path(), &mut watch, &stop);

    assert!(matches!(outcome, Err(LabError::Interrupted)), "{outcome:?}");
    assert_eq!(left(cache.path()), Vec::<String>::new());
    assert!(!is_used(cache.path()));
}

/// Killed, or led astray, by the tests below; alone it does nothing.
#[test]
fn victim() {
    if let Some(cache) = told_file() {
        let outcome = ensure_base(&cache, &mut |_| {}, &AtomicBool::new(false));
        let error = outcome.unwrap_err();
        println!("{error}\n{}", error.remedy().unwrap());
    }
}

#[test]
fn a_build_whose_maker_was_killed_ends_and_is_swept_by_the_next() {
    if !is_root() {
        return;
    }
    let cache = tempfile::tempdir().unwrap();
    let mut maker = in_another_process("base::victim", cache.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    thread::sleep(Duration::from_secs(3));
    maker.kill().unwrap();
    maker.wait().unwrap();

    let start = Instant::now();
    while is_used(cache.path()) {
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "the build goes on"
        );
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(left(cache.path()).len(), 1);
    let outcome = ensure_base(cache.path(), &mut |_| {}, &AtomicBool::new(true));
    assert!(matches!(outcome, Err(LabError::Interrupted)), "{outcome:?}");
    assert_eq!(left(cache.path()), Vec::<String>::new());
}

#[test]
fn without_a_registry_the_error_names_the_remedy() {
    if !is_root() {
        return;
    }
    let cache = tempfile::tempdir().unwrap();
    let mut maker = in_another_process("base::victim", cache.path());

    let said = output(maker.env("BRAMBLE_DEBIAN_MIRROR", "http://127.0.0.1:9/debian")).unwrap();

    assert!(
        said.contains("mmdebstrap") && said.contains("127.0.0.1:9"),
        "{said}"
    );
    assert!(
        said.contains("see that this machine reaches a Debian registry"),
        "{said}"
    );
    assert_eq!(left(cache.path()), Vec::<String>::new());
}

#[test]
fn a_disk_too_small_is_told_before_the_build_begins() {
    const ON_SMALL_DISK: &str = "mount -t tmpfs -o size=64m tmpfs \"$1\" && shift && \"$@\"";
    if !is_root() {
        return;
    }
    let cache = tempfile::tempdir().unwrap();
    let maker = in_another_process("base::victim", cache.path());
    let mut alone = Command::new("unshare");
    alone
        .args(["--mount", "sh", "-c", ON_SMALL_DISK, "sh"])
        .arg(cache.path());
    alone.arg(maker.get_program()).args(maker.get_args());
    alone.envs(
        maker
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );

    let said = output(&mut alone).unwrap();

    assert!(said.contains("67 MB free, 1200 MB are needed"), "{said}");
    assert!(
        said.contains("make room on the file system that holds"),
        "{said}"
    );
}
