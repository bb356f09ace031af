//! Bringing up the twin: what this machine must have, the base image, the nodes,
//! and their first boot.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use bramble_card::Seed;
use bramble_cluster::event::{Event, Stage};
use bramble_cluster::{Cluster, NodeName, Secrets};
use bramble_converge::NodeFailure;
use bramble_lab::host::{self, HostPackage};
use bramble_lab::{Cards, Layout, Twin, WrittenCard};

use crate::cluster_folder::ClusterFolder;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{self, Target};
use crate::{keeper, keyring};

/// A first boot takes seconds; on a machine that is busy with other things,
/// minutes.
const FIRST_BOOT_LIMIT: Duration = Duration::from_mins(3);

/// Makes sure that this machine can run a twin: asks before it installs what is
/// missing, unless `yes` says that it may.
pub(crate) fn prepare_host(yes: bool, console: &mut Console) -> Result<(), Failure> {
    host::check_root()?;
    let missing = host::missing_packages();
    if !missing.is_empty() {
        install(&missing, yes, console)?;
    }
    Ok(host::check_host()?)
}

fn install(missing: &[&HostPackage], yes: bool, console: &mut Console) -> Result<(), Failure> {
    let names: Vec<_> = missing.iter().map(|package| package.name).collect();
    console.say("The twin needs packages that this machine does not have:");
    for HostPackage { name, purpose, .. } in missing {
        console.say(&format!("  {name:<24} {purpose}"));
    }
    let command = format!(
        "apt-get install --no-install-recommends {}",
        names.join(" ")
    );
    let allowed = yes || console.ask("Install them now?").unwrap_or(false);
    if !allowed {
        return Err(
            Failure::new(Exit::Host, "packages are missing on this machine")
                .hint(format!("install them: `{command}`"))
                .hint("or let bramble do it: the same command with `--yes`"),
        );
    }
    timed(Stage::HostPackages, console, |console| {
        host::install(missing, &mut |event| console.event(&event)).map_err(Failure::from)
    })
}

/// Ends the twin, and before that the process that keeps connections to it.
pub(crate) fn take_down(
    twin: &Twin,
    folder: &ClusterFolder,
    console: &mut Console,
) -> Result<(), Failure> {
    keeper::of(folder, reach::TWIN)?.retire();
    twin.down(&mut |event| console.event(&event))?;
    keyring::adopt_none(folder, reach::TWIN)?;
    folder.forget(reach::TWIN)
}

/// Boots the twin of `cluster` and waits until its nodes answer. Those that are in
/// `written` boot from that card.
pub(crate) fn boot(
    folder: ClusterFolder,
    cluster: Cluster,
    written: &BTreeMap<NodeName, WrittenCard>,
    stop: &Arc<AtomicBool>,
    console: &mut Console,
) -> Result<Target, Failure> {
    keyring::adopt_none(&folder, reach::TWIN)?;
    let secrets = keyring::open(&folder, &cluster, reach::TWIN)?;
    let base = timed(Stage::BaseImage, console, |console| {
        Ok(bramble_lab::ensure_base(
            &cache()?,
            &mut |event| console.event(&event),
            stop,
        )?)
    })?;
    let layout = Layout::of(&cluster);
    let seeds = seeds(&cluster, &secrets, &layout);
    let cards = Cards {
        base: &base,
        seeds: &seeds,
        written,
    };
    let twin = Twin::of(folder.file(), &cluster.name);
    for other in Twin::recorded(folder.file()) {
        take_down(&other, &folder, console)?;
    }
    timed(Stage::Start, console, |console| {
        Ok(twin.up(&layout, &cards, &mut |event| console.event(&event), stop)?)
    })?;
    let target = Target::of(folder, cluster, true, stop)?;
    match first_boot(&target, console) {
        Ok(()) => Ok(target),
        Err(failure) => {
            // A twin that did not come up whole is in the way of the next try, which
            // removes what cannot be removed now.
            twin.down(&mut |_| {}).ok();
            Err(failure)
        }
    }
}

fn first_boot(target: &Target, console: &mut Console) -> Result<(), Failure> {
    let nodes: BTreeSet<NodeName> = target
        .cluster
        .nodes
        .iter()
        .map(|node| node.name.clone())
        .collect();
    timed(Stage::FirstBoot, console, |console| {
        let late = target
            .fleet
            .wait_ready(&nodes, FIRST_BOOT_LIMIT, &mut |node| {
                console.event(&Event::NodeReady { node: node.clone() });
            });
        let Some((node, reason)) = late.into_iter().next() else {
            return Ok(());
        };
        let exit = Exit::of(&NodeFailure::Unreachable(reason.clone()));
        Err(Failure::new(
            exit,
            format!("{node} did not come up: {reason}"),
        ))
    })
}

fn seeds(cluster: &Cluster, secrets: &Secrets, layout: &Layout) -> BTreeMap<NodeName, Seed> {
    let outside = bramble_card::order::Outside::Virtual {
        node: layout.outside.head,
        gateway: layout.outside.gateway,
        dns: layout.outside.dns,
    };
    cluster
        .nodes
        .iter()
        .filter_map(|node| {
            Some((
                node.name.clone(),
                Seed::of(cluster, node, secrets, &outside)?,
            ))
        })
        .collect()
}

/// Carries out a stage and tells how long it took.
pub(crate) fn timed<T>(
    stage: Stage,
    console: &mut Console,
    work: impl FnOnce(&mut Console) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let started = Instant::now();
    console.event(&Event::StageStarted { stage });
    let done = work(console)?;
    console.event(&Event::StageFinished {
        stage,
        took: started.elapsed(),
    });
    Ok(done)
}

/// Where base images are kept: the XDG cache directory.
fn cache() -> Result<PathBuf, Failure> {
    folder("XDG_CACHE_HOME", ".cache")
}

/// Where the example cluster of `bramble try` is kept: the XDG state directory.
pub(crate) fn state() -> Result<PathBuf, Failure> {
    folder("XDG_STATE_HOME", ".local/state")
}

fn folder(variable: &str, otherwise: &str) -> Result<PathBuf, Failure> {
    let set = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    set(variable)
        .or_else(|| set("HOME").map(|home| home.join(otherwise)))
        .map(|base| base.join("bramble"))
        .ok_or_else(|| {
            Failure::new(
                Exit::Host,
                format!("neither {variable} nor HOME names a directory"),
            )
            .hint(format!("set {variable} to where bramble may keep files"))
        })
}
