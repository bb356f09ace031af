//! A small cluster with seeds of its own, and looking into virtual nodes. Not in
//! here: what is expected of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use bramble_card::{Seed, SeedFile};
use bramble_cluster::catalogue::Catalogue;
use bramble_cluster::file::{self, Vocabulary};
use bramble_cluster::{NodeName, Secret};
use bramble_lab::{BaseImage, Cards, LabError, Layout, Twin, WrittenCard, ensure_base};

/// Whether this process may run twins; says so if not.
pub(crate) fn is_root() -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        println!("skipped: a twin can only be run as root");
    }
    root
}

/// The image from the cache that the command uses, too.
pub(crate) fn base() -> BaseImage {
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or(home)
        .unwrap();
    let cache = cache.join("bramble");
    ensure_base(
        &cache,
        &mut |event| println!("{event:?}"),
        &AtomicBool::new(false),
    )
    .unwrap()
}

/// A twin that is removed with the value, however the test ends.
pub(crate) struct Running {
    pub(crate) twin: Twin,
    pub(crate) layout: Layout,
}

impl Drop for Running {
    fn drop(&mut self) {
        let removed = self.twin.down(&mut |_| {});
        if !std::thread::panicking() {
            removed.unwrap();
        }
    }
}

impl Running {
    pub(crate) fn up(file: &Path, layout: Layout) -> Self {
        let running = Self {
            twin: twin(file),
            layout,
        };
        up(&running.twin, &running.layout).unwrap();
        running
    }

    /// The same, of which some nodes boot from cards.
    pub(crate) fn up_with(
        file: &Path,
        layout: Layout,
        written: &BTreeMap<NodeName, WrittenCard>,
    ) -> Result<Self, LabError> {
        let running = Self {
            twin: twin(file),
            layout,
        };
        let stop = AtomicBool::new(false);
        up_from(&running.twin, &running.layout, written, &stop)?;
        Ok(running)
    }

    /// Runs `script` on a node when its first boot is over.
    pub(crate) fn on(&self, node: &str, script: &str) -> String {
        let start = Instant::now();
        while self.try_on(node, "cloud-init status --wait").is_err() {
            assert!(
                start.elapsed() < Duration::from_mins(1),
                "{node} does not boot"
            );
            std::thread::sleep(Duration::from_millis(100));
        }
        self.try_on(node, script)
            .unwrap_or_else(|error| panic!("{script} on {node}: {error}"))
    }

    pub(crate) fn try_on(&self, node: &str, script: &str) -> Result<String, String> {
        let pid = first_process(self.twin.id(), node).ok_or("the node is off")?;
        output(Command::new("nsenter").args(["-a", "-t", &pid, "sh", "-c", script]))
    }

    /// What the SSH server at an address says first to the operator.
    pub(crate) fn greeting(&self, address: &str) -> Result<String, String> {
        let network = format!("--net={}", self.twin.network().display());
        let script = format!("read -t 5 line < /dev/tcp/{address}/22 && echo \"$line\"");
        output(Command::new("nsenter").args([&network, "timeout", "5", "bash", "-c", &script]))
    }
}

pub(crate) fn twin(file: &Path) -> Twin {
    Twin::of(file, &"garden".parse().unwrap())
}

pub(crate) fn up(twin: &Twin, layout: &Layout) -> Result<(), LabError> {
    up_until(twin, layout, &AtomicBool::new(false))
}

pub(crate) fn up_until(twin: &Twin, layout: &Layout, stop: &AtomicBool) -> Result<(), LabError> {
    up_from(twin, layout, &BTreeMap::new(), stop)
}

fn up_from(
    twin: &Twin,
    layout: &Layout,
    written: &BTreeMap<NodeName, WrittenCard>,
    stop: &AtomicBool,
) -> Result<(), LabError> {
    let (base, seeds) = (base(), seeds(layout));
    let cards = Cards {
        base: &base,
        seeds: &seeds,
        written,
    };
    twin.up(layout, &cards, &mut |event| println!("{event:?}"), stop)
}

pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stderr))
    }
}

/// Runs the test called `name` of this file in a process of its own, so that it
/// can be killed.
pub(crate) fn in_another_process(name: &str, file: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", name, "--nocapture"])
        .env(VICTIM, file);
    command
}

/// The cluster file that a test was told by [`in_another_process`].
pub(crate) fn told_file() -> Option<PathBuf> {
    std::env::var_os(VICTIM).map(PathBuf::from)
}

const VICTIM: &str = "BRAMBLE_TEST_FILE";

/// The process that is the first inside a node.
fn first_process(id: &str, node: &str) -> Option<String> {
    let group = format!("bramble-{id}/{node}/payload/init.scope/cgroup.procs");
    let roots = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"];
    let text = roots
        .iter()
        .find_map(|root| fs::read_to_string(Path::new(root).join(&group)).ok())?;
    text.lines().next().map(ToOwned::to_owned)
}

/// A head, with an uplink over Wi-Fi behind a gateway, and workers.
pub(crate) fn layout(access: &str, workers: &str) -> Layout {
    let uplink = if access == "gateway" {
        "uplink = { wifi = \"Home\" }"
    } else {
        ""
    };
    let text = format!(
        "[cluster]
        name = \"garden\"
        [network]
        subnet = \"10.55.0.0/24\"
        access = \"{access}\"
        [storage]
        shared = [{{ on = \"head\", path = \"/srv/home\", mount = \"/home/shared\" }}]
        [head]
        name = \"head\"
        board = \"rpi4b\"
        ram = \"4GB\"
        {uplink}
        [[nodes]]
        names = \"{workers}\"
        board = \"rpi3bplus\""
    );
    let roles = &["gateway", "time", "storage", "scheduler", "worker"];
    let vocabulary = Vocabulary {
        catalogue: &Catalogue::builtin(),
        roles,
    };
    let reading = file::read(&text, &vocabulary);
    Layout::of(
        &reading
            .cluster
            .unwrap_or_else(|| panic!("{:#?}", reading.diagnostics)),
    )
}

pub(crate) fn seeds(layout: &Layout) -> BTreeMap<NodeName, Seed> {
    layout
        .nodes
        .iter()
        .map(|node| (node.name.clone(), seed(layout, &node.name)))
        .collect()
}

fn seed(layout: &Layout, name: &NodeName) -> Seed {
    let node = layout.nodes.iter().find(|node| &node.name == name).unwrap();
    let outside = &layout.outside;
    let way_out = format!(
        "routes: [{{to: default, via: {}}}], nameservers: {{addresses: [{}]}}",
        outside.gateway, outside.dns
    );
    let on_switch = match &node.uplink {
        None if layout.on_switch.is_some() => format!(", {way_out}"),
        _ => String::new(),
    };
    let uplink = node.uplink.as_ref().map_or_else(String::new, |uplink| {
        format!("  {uplink}: {{addresses: [{}], {way_out}}}\n", outside.head)
    });
    let address = node.address;
    let config = format!(
        "version: 2\nethernets:\n  eth0: {{addresses: [{address}/24]{on_switch}}}\n{uplink}"
    );
    let file = |name, content: String| SeedFile {
        name,
        content: Secret::new(content),
    };
    Seed {
        files: vec![
            file("meta-data", format!("instance-id: {name}-1\n")),
            file("network-config", config),
            file(
                "user-data",
                format!("#cloud-config\nhostname: {name}\nssh_pwauth: false\n"),
            ),
        ],
    }
}
