//! The nodes' operating system as the twin's cache has it, to ask its programs
//! what they think of a configuration. Whatever a program writes goes to a layer
//! that ends with it. Not in here: making the image.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bramble_converge::script::quote;
use tempfile::TempDir;

/// An image in the cache.
#[derive(Debug)]
pub struct BaseImage {
    root: PathBuf,
}

/// How a program ended.
#[derive(Debug)]
pub struct Ran {
    /// Whether with status 0.
    pub succeeded: bool,
    /// What it printed on both outputs.
    pub said: String,
}

/// Enters a copy of the image, with mounts, network, host name and processes of
/// its own: it sees no others, and what it starts ends with it. Arguments: image,
/// files, a place to work in, script.
const ENTER: &str = r#"
mount -t tmpfs tmpfs "$3" && mkdir "$3/up" "$3/work" "$3/root" &&
	mount -t overlay -o "lowerdir=$1,upperdir=$3/up,workdir=$3/work" overlay "$3/root" &&
	cp -R -- "$2/." "$3/root" &&
	mount -t proc proc "$3/root/proc" && mount --rbind /dev "$3/root/dev" &&
	exec chroot "$3/root" /bin/sh -c "$4" 2>&1
"#;

/// Enters the image itself, which is read-only, with this machine's `/tmp`.
/// Arguments: image, then those of its shell.
const ENTER_READING: &str = r#"image=$1
shift
mount --bind "$image" "$image" && mount -o remount,ro,bind "$image" &&
	mount --bind /tmp "$image/tmp" && mount -t proc proc "$image/proc" &&
	mount --rbind /dev "$image/dev" && exec chroot "$image" /bin/sh "$@"
"#;

impl BaseImage {
    /// The command of the image's own shell, for
    /// [`LocalShell`](crate::LocalShell). It sees `/tmp` as this machine does, and
    /// can write nowhere else.
    pub fn shell(&self) -> String {
        let enter = quote(ENTER_READING);
        let image = quote(&self.root.display().to_string());
        format!("unshare --mount -- /bin/sh -c {enter} enter {image}")
    }

    /// An image from the cache; otherwise the reason why there is none to use.
    pub fn find() -> Result<Self, String> {
        if !Path::new("/proc/self").exists() || !is_root() {
            return Err("entering the base image needs root".to_owned());
        }
        let cache = std::env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
            .ok_or("neither XDG_CACHE_HOME nor HOME is set")?;
        let shelf = cache.join("bramble/base");
        let images = fs::read_dir(&shelf).into_iter().flatten().flatten();
        images
            .map(|image| image.path())
            .filter(|image| image.join("complete").exists())
            .max_by_key(|image| {
                fs::metadata(image.join("complete"))
                    .and_then(|it| it.modified())
                    .ok()
            })
            .map(|image| Self {
                root: image.join("root"),
            })
            .ok_or_else(|| {
                format!(
                    "no base image in {}: make one with `bramble try`",
                    shelf.display()
                )
            })
    }

    /// Runs a shell script in a copy of the image that also has `files`, each a
    /// path and its content. It has a network of its own, with nothing in it.
    ///
    /// # Panics
    ///
    /// If the copy cannot be made.
    pub fn run(&self, files: &[(&str, &str)], script: &str) -> Ran {
        let added = TempDir::new().unwrap();
        for (path, content) in files {
            let path = added.path().join(path.trim_start_matches('/'));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let place = TempDir::new().unwrap();
        let output = Command::new("unshare")
            .args([
                "--mount",
                "--net",
                "--uts",
                "--pid",
                "--fork",
                "--kill-child",
                "--",
            ])
            .args(["/bin/sh", "-c", ENTER, "enter"])
            .args([&self.root, added.path(), place.path()])
            .arg(script)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(
            complaint.is_empty(),
            "cannot enter the base image: {complaint}"
        );
        Ran {
            succeeded: output.status.success(),
            said,
        }
    }
}

fn is_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.starts_with("Uid:\t0\t0\t"))
}
