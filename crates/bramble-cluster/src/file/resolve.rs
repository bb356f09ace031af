//! The tables joined into one cluster. Not in here: reading them, and the rules
//! about addresses and roles (`addresses`, `roles`).

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use toml::Spanned;

use super::draft::Draft;
use super::known::WORKER;
use super::roles::SCHEDULER;
use super::spec::Spec;
use super::storage::ShareEntry;
use super::{addresses, draft, identity, roles, ways};
use crate::cluster::{Cluster, Cost, Engine, Group, Hardware, Jobs, Network, Node, Place, Share};
use crate::diagnostic::{Diagnostic, Label};
use crate::reader::Report;
use crate::suggest;

/// The cluster, unless something is missing; then `report` says what.
pub(super) fn resolve(spec: &Spec, report: &Report<'_>) -> Option<Cluster> {
    let drafts = draft::drafts(&spec.groups, report)?;
    roles::check(spec, &drafts, report);
    let shares = shares(spec, &drafts, report);
    identity::check(&spec.identities, &drafts, all_named(spec), report);
    let subnet = spec.network.subnet.as_ref()?;
    let access = ways::access(spec, report);
    let router = ways::router(
        spec.network.router.as_ref(),
        *subnet.get_ref(),
        &drafts,
        report,
    );
    let taken = addresses::Taken {
        router,
        dhcp: spec.network.dhcp.as_ref(),
    };
    let addresses = addresses::assign(subnet, &taken, &drafts, report);
    let hardware = hardware(spec)?;
    let nodes: Option<Vec<_>> = drafts
        .iter()
        .zip(addresses)
        .map(|(draft, address)| node(spec, draft, address?, &hardware))
        .collect();
    let name = spec.cluster.name.clone()?;
    let domain = spec
        .network
        .domain
        .clone()
        .unwrap_or_else(|| format!("{name}.lan"));
    Some(Cluster {
        user: spec.cluster.user.clone().or_else(|| "pi".parse().ok())?,
        authorized_keys: spec.cluster.authorized_keys.clone(),
        timezone: spec
            .cluster
            .timezone
            .clone()
            .unwrap_or_else(|| "Etc/UTC".to_owned()),
        network: Network {
            subnet: *subnet.get_ref(),
            access,
            router,
            dhcp: spec.network.dhcp.as_ref().map(|range| *range.get_ref()),
            switch: spec.network.switch.clone(),
            switches: spec.network.switches,
            internet: spec.network.internet,
            domain,
        },
        purpose: spec.cluster.purpose.clone(),
        cost: Cost {
            currency: spec.cluster.currency,
            rates: spec.cost.rates.clone(),
            electricity: spec.electricity,
            rented: spec.cost.rented,
        },
        boot: spec.os.boot,
        time: spec.time,
        shares: shares?,
        room_per_node: spec.storage.per_node,
        scheduler: engine(spec, &drafts),
        jobs: Jobs {
            memory: spec.scheduler.job_memory,
            tasks_per_node: spec.scheduler.tasks_per_node,
        },
        power: spec.power.clone(),
        parts: spec.parts.clone(),
        groups: groups(&drafts, &hardware),
        nodes: nodes?,
        name,
    })
}

/// What each group is made of, with the operating system that all have unless
/// they say otherwise; nothing if one could not be read.
fn hardware(spec: &Spec) -> Option<Vec<Arc<Hardware>>> {
    let complete = |hardware: &Arc<Hardware>| {
        if hardware.image.is_some() || spec.os.image.is_none() {
            return Arc::clone(hardware);
        }
        Arc::new(Hardware {
            image: spec.os.image.clone(),
            ..Hardware::clone(hardware)
        })
    };
    let groups = spec.groups.iter();
    groups
        .map(|group| group.hardware.as_ref().map(complete))
        .collect()
}

/// The groups, each with the range of its nodes.
fn groups(drafts: &[Draft<'_>], hardware: &[Arc<Hardware>]) -> Vec<Group> {
    let first = |group: usize| drafts.partition_point(|draft| draft.group_index < group);
    let group = |(index, hardware): (usize, &Arc<Hardware>)| Group {
        nodes: first(index)..first(index + 1),
        hardware: Arc::clone(hardware),
    };
    hardware.iter().enumerate().map(group).collect()
}

fn node(
    spec: &Spec,
    draft: &Draft<'_>,
    address: Ipv4Addr,
    hardware: &[Arc<Hardware>],
) -> Option<Node> {
    let group = draft.group;
    let place = match (draft.group_index, group.place_of(WORKER)) {
        (0, _) => Place::Head,
        (_, Some(_)) => Place::Worker,
        (_, None) => Place::Auxiliary,
    };
    let roles = group.roles.as_ref()?;
    let (mac, serial) = identity::of(&spec.identities, draft.name.as_str());
    Some(Node {
        name: draft.name.clone(),
        address,
        place,
        hardware: Arc::clone(hardware.get(draft.group_index)?),
        roles: roles.iter().map(|role| role.get_ref().clone()).collect(),
        uplink: group.uplink.clone(),
        mac,
        serial,
    })
}

/// The engine as given, or the only one there is if a node is to schedule.
fn engine(spec: &Spec, drafts: &[Draft<'_>]) -> Option<Engine> {
    let given = spec
        .scheduler
        .engine
        .as_ref()
        .map(|engine| *engine.get_ref());
    let wanted = drafts
        .iter()
        .any(|draft| draft.group.place_of(SCHEDULER).is_some());
    given.or(wanted.then_some(Engine::Slurm))
}

fn shares(spec: &Spec, drafts: &[Draft<'_>], report: &Report<'_>) -> Option<Vec<Share>> {
    let mut mounts: BTreeMap<&str, &Spanned<String>> = BTreeMap::new();
    let all_named = all_named(spec);
    for share in &spec.storage.shares {
        if let Some(on) = share.on.as_ref().filter(|_| all_named) {
            check_node(on, drafts, report);
        }
        let Some(mount) = &share.mount else { continue };
        if let Some(first) = mounts.insert(mount.get_ref(), mount) {
            let title = format!("two shares have the mount `{}`", mount.get_ref());
            let diagnostic = Diagnostic::error(
                "duplicate-mount",
                title,
                Label::new(mount.span(), "again here"),
            )
            .with_secondary(Label::new(first.span(), "first here"))
            .with_help("give one of them another mount");
            report.push(diagnostic);
        }
    }
    spec.storage.shares.iter().map(share).collect()
}

/// Whether every node's name could be read: one that could not may be the one that is
/// missing.
fn all_named(spec: &Spec) -> bool {
    spec.complete && spec.groups.iter().all(|group| group.names.is_some())
}

fn check_node(on: &Spanned<String>, drafts: &[Draft<'_>], report: &Report<'_>) {
    let name = on.get_ref();
    let names = drafts.iter().map(|draft| draft.name.as_str());
    if names.clone().any(|known| known == name) {
        return;
    }
    let title = format!("no node is called `{name}`");
    let help =
        suggest::remedy(name, names).unwrap_or_else(|| "name a node of this file".to_owned());
    let label = Label::new(on.span(), "no such node");
    report.push_missing(Diagnostic::error("unknown-node", title, label).with_help(help));
}

fn share(entry: &ShareEntry) -> Option<Share> {
    Some(Share {
        on: entry.on.as_ref()?.get_ref().parse().ok()?,
        path: entry.path.clone()?,
        mount: entry.mount.as_ref()?.get_ref().clone(),
        device: entry.device.clone(),
    })
}
