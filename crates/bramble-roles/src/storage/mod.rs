//! Shared directories: NFS server and clients.

use bramble_cluster::cluster::Share;
use bramble_converge::Key;
use bramble_converge::resource::{Directory, File, Packages, Service};

use crate::context::{Context, Wants};
use crate::role::Role;
use crate::template::fill;

pub(crate) const ROLE: Role = Role {
    name: "storage",
    assigned: true,
    about: include_str!("role.md"),
    wants,
};

/// Said where a kernel has no NFS, as on the twin's nodes.
const NO_NFS: &str = "this kernel has no NFS: shared directories are what the host shares";

const EXPORTS: &str = "/etc/exports.d/bramble.exports";

fn wants(context: &Context<'_>, wants: &mut Wants) {
    let (own, others): (Vec<_>, Vec<_>) = context
        .cluster
        .shares
        .iter()
        .partition(|share| share.on == context.node.name);
    if !own.is_empty() {
        serve(context, &own, wants);
    }
    if !others.is_empty() {
        use_others(context, &others, wants);
    }
}

fn serve(context: &Context<'_>, shares: &[&Share], wants: &mut Wants) {
    let user = &context.cluster.user;
    let held_outside = context.own_facts().is_some_and(|facts| !facts.nfs_server);
    for share in shares {
        // What the host shares needs no device here, and there is none.
        if let Some(device) = share.device.as_ref().filter(|_| !held_outside) {
            mount(
                context,
                wants,
                &Mount {
                    what: device,
                    place: &share.path,
                    options: "defaults",
                },
            );
        }
        wants.add(Directory::new(&share.path, 0o755, format!("{user}:{user}")));
    }
    if held_outside {
        wants.note(NO_NFS);
        return;
    }
    for share in shares.iter().filter(|share| share.mount != share.path) {
        mount(
            context,
            wants,
            &Mount {
                what: &share.path,
                place: &share.mount,
                options: "bind",
            },
        );
    }
    wants.add(Packages::new(["nfs-kernel-server"]));
    let subnet = context.cluster.network.subnet;
    let line = |share: &&Share| format!("{} {subnet}(rw,sync,no_subtree_check)\n", share.path);
    let exports: String = shares.iter().map(line).collect();
    let exports = wants.add(File::new(
        EXPORTS,
        format!("# {}\n{exports}", context.header()),
    ));
    wants.add(
        Service::running("nfs-server.service")
            .reads([exports])
            .reloads(),
    );
}

fn use_others(context: &Context<'_>, shares: &[&Share], wants: &mut Wants) {
    if context.own_facts().is_some_and(|facts| !facts.nfs_client) {
        wants.note(NO_NFS);
        return;
    }
    wants.add(Packages::new(["nfs-common"]));
    for share in shares {
        let what = format!("{}:{}", share.on, share.path);
        // A worker may start before the server: wait for it rather than fail.
        let options = "nfsvers=4.2,hard,noatime,_netdev";
        mount(
            context,
            wants,
            &Mount {
                what: &what,
                place: &share.mount,
                options,
            },
        );
    }
}

struct Mount<'a> {
    what: &'a str,
    place: &'a str,
    options: &'a str,
}

/// Mounted at first use, by a pair of systemd units.
fn mount(context: &Context<'_>, wants: &mut Wants, mount: &Mount<'_>) {
    let name = unit_name(mount.place);
    let holes = [
        ("header", context.header()),
        ("what", mount.what.to_owned()),
        ("where", mount.place.to_owned()),
        ("options", mount.options.to_owned()),
    ];
    let holes: Vec<_> = holes
        .iter()
        .map(|(hole, value)| (*hole, value.as_str()))
        .collect();
    let mut unit = |suffix: &str, template: &str| -> Key {
        wants.add(File::new(
            format!("/etc/systemd/system/{name}.{suffix}"),
            fill(template, &holes),
        ))
    };
    let reads = [
        unit("mount", include_str!("templates/share.mount")),
        unit("automount", include_str!("templates/share.automount")),
    ];
    wants.add(Service::running(format!("{name}.automount")).reads(reads));
}

/// The name of the unit that mounts at `path`, as `systemd-escape --path` makes
/// it: slashes become dashes, and what is neither letter, digit, `_`, `:` nor an
/// inner dot is written as its code.
fn unit_name(path: &str) -> String {
    let mut name = String::new();
    for (index, byte) in path.trim_matches('/').bytes().enumerate() {
        match byte {
            b'/' => name.push('-'),
            b'.' if index > 0 => name.push('.'),
            byte if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':' => {
                name.push(char::from(byte));
            }
            byte => name.extend(format!("\\x{byte:02x}").chars()),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::unit_name;

    #[test]
    fn a_unit_is_named_as_systemd_escape_does() {
        assert_eq!(unit_name("/home/shared"), "home-shared");
        assert_eq!(unit_name("/srv/my-data/.x"), r"srv-my\x2ddata-.x");
    }
}
