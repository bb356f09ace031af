//! What each disk is used for. Not in here: reading it, and what follows from it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::blocks::Number;
use super::machine::Machine;
use super::mounts::Mount;
use super::processes::{View, Writer};
use super::shown::shown;
use super::{Content, Use};

/// Where that is mounted without which this machine does not run.
const SYSTEM: &[&str] = &[
    "/",
    "/home",
    "/nix",
    "/nix/store",
    "/opt",
    "/root",
    "/srv",
    "/sysroot",
    "/usr",
    "/var",
    "/var/lib",
    "/var/log",
];

/// The same, with all that is mounted below. In a container, files of `/etc` are what
/// shows of the machine's own disk.
const SYSTEM_BELOW: &[&str] = &["/boot", "/efi", "/etc"];

/// The process whose view of the mounts is the machine's.
const INIT: u32 = 1;

/// Everything that is used, with all the devices that it lies on.
#[derive(Debug)]
pub(super) struct Uses<'a> {
    machine: &'a Machine,
    found: Vec<(BTreeSet<String>, Use)>,
    /// File systems by their numbers, which may be no device's.
    systems: Vec<(BTreeSet<String>, Number)>,
}

impl<'a> Uses<'a> {
    pub(super) fn of(machine: &'a Machine) -> Self {
        let mut uses = Self {
            machine,
            found: Vec::new(),
            systems: Vec::new(),
        };
        for view in &machine.views {
            for mount in &view.mounts {
                uses.mount(view, mount);
            }
        }
        for area in &machine.swaps {
            let devices = match machine.device(area) {
                Some(device) => BTreeSet::from([device.to_owned()]),
                None => machine.devices_under(area),
            };
            uses.add(&devices, Use::Swap { area: area.clone() });
        }
        for writer in &machine.writers {
            uses.writer(writer);
        }
        uses.add(&machine.booted, Use::Booted);
        uses
    }

    /// What `disk` is used for, the gravest first.
    pub(super) fn on(&self, disk: &str) -> Vec<Use> {
        let found = self
            .found
            .iter()
            .filter(|(devices, _)| devices.contains(disk));
        let mut uses: Vec<_> = found.map(|(_, found)| found.clone()).collect();
        uses.extend(self.holders(disk));
        uses.extend(self.members(disk));
        let mut seen = BTreeSet::new();
        // Many namespaces see one mount. This process's own view is first.
        uses.retain(|one| seen.insert(without_process(one)));
        uses.sort_by_key(gravity);
        uses
    }

    /// The numbers of everything that lies on `disk`.
    pub(super) fn numbers(&self, disk: &str) -> Vec<Number> {
        let blocks = &self.machine.blocks;
        let devices = blocks.by_name.iter().filter_map(|(name, block)| {
            let below = blocks.down([name.as_str()]);
            below.contains(disk).then_some(block.number)
        });
        let systems = self
            .systems
            .iter()
            .filter(|(devices, _)| devices.contains(disk));
        let numbers: BTreeSet<_> = devices.chain(systems.map(|(_, number)| *number)).collect();
        numbers.into_iter().collect()
    }

    fn mount(&mut self, view: &View, mount: &Mount) {
        let devices = self.machine.devices_of(&view.mounts, mount);
        let own = view.process.is_none_or(|process| process == INIT);
        let at = mount.point.clone();
        let process = view.process;
        let found = if own && is_system(&at) {
            Use::SystemDisk { at }
        } else {
            Use::Mounted { at, process }
        };
        let below = self.machine.blocks.down(devices.iter().map(String::as_str));
        self.systems.push((below, mount.number));
        self.add(&devices, found);
    }

    fn writer(&mut self, writer: &Writer) {
        let Some(device) = self.machine.device(&writer.node) else {
            return;
        };
        let devices = BTreeSet::from([device.to_owned()]);
        let program = shown(&writer.program).unwrap_or_default();
        self.add(
            &devices,
            Use::OpenBy {
                process: writer.process,
                program,
            },
        );
    }

    fn add(&mut self, devices: &BTreeSet<String>, found: Use) {
        let below = self.machine.blocks.down(devices.iter().map(String::as_str));
        if !below.is_empty() {
            self.found.push((below, found));
        }
    }

    /// What is made of `disk`, what lies on others first: so it has to be taken apart.
    fn holders(&self, disk: &str) -> Vec<Use> {
        let blocks = &self.machine.blocks;
        let mut holders: Vec<_> = self
            .machine
            .holdings
            .iter()
            .filter(|(name, _)| *name != disk)
            .map(|(name, holding)| (blocks.down([name.as_str()]), holding))
            .filter(|(below, _)| below.contains(disk))
            .collect();
        holders.sort_by_key(|(below, _)| std::cmp::Reverse(below.len()));
        let uses = holders.into_iter().map(|(_, (what, name))| Use::Holder {
            what: *what,
            name: name.clone(),
        });
        uses.collect()
    }

    fn members(&self, disk: &str) -> Vec<Use> {
        let parts = self.machine.blocks.with_parts(disk);
        let contents = parts.filter_map(|(name, _)| member(name, self.machine.contents.get(name)?));
        contents.collect()
    }
}

fn without_process(one: &Use) -> Use {
    match one {
        Use::Mounted { at, .. } => Use::Mounted {
            at: at.clone(),
            process: None,
        },
        other => other.clone(),
    }
}

fn member(name: &str, content: &Content) -> Option<Use> {
    let device = name.to_owned();
    match content.kind.as_deref()? {
        "LVM2_member" => Some(Use::LvmMember { device }),
        "zfs_member" => Some(Use::ZfsMember {
            device,
            pool: content.label.clone(),
        }),
        kind if kind.ends_with("_raid_member") => Some(Use::RaidMember { device }),
        _ => None,
    }
}

fn is_system(at: &Path) -> bool {
    SYSTEM.iter().any(|place| at == Path::new(place))
        || SYSTEM_BELOW.iter().any(|place| at.starts_with(place))
}

/// By what stands in the way most, and mounts so that what is mounted in another comes
/// before it: so they have to be unmounted.
fn gravity(found: &Use) -> (u8, std::cmp::Reverse<PathBuf>) {
    let (rank, at) = match found {
        Use::SystemDisk { .. } => (0, None),
        Use::Booted => (1, None),
        Use::Mounted { at, .. } => (2, Some(at.clone())),
        Use::Swap { .. } => (3, None),
        Use::Holder { .. } => (4, None),
        Use::LvmMember { .. } | Use::RaidMember { .. } | Use::ZfsMember { .. } => (5, None),
        Use::OpenBy { .. } => (6, None),
    };
    (rank, std::cmp::Reverse(at.unwrap_or_default()))
}
