//! The account, its keys, and how SSH lets it in.

use bramble_cluster::cluster::USER_ID;
use bramble_cluster::{Cluster, Secret};
use bramble_converge::resource::{Directory, File, Service, User};

use crate::context::{Context, Wants};
use crate::role::Role;

pub(crate) const ROLE: Role = Role {
    name: "account",
    assigned: false,
    about: include_str!("role.md"),
    wants,
};

fn wants(context: &Context<'_>, wants: &mut Wants) {
    let user = &context.cluster.user;
    wants.add(User::new(user.clone(), USER_ID));
    let sudoers = format!(
        "# {}\n{user} ALL=(ALL:ALL) NOPASSWD:ALL\n",
        context.header()
    );
    wants.add(File::new("/etc/sudoers.d/90-bramble", sudoers).mode(0o440));
    keys(context, wants);
    wants.add(File::new("/etc/ssh/ssh_known_hosts", known_hosts(context)));
    let login = File::new(Cluster::SSHD_FILE, context.cluster.sshd_file());
    let login = wants.add(login);
    wants.add(Service::running("ssh.service").reads([login]).reloads());
}

fn keys(context: &Context<'_>, wants: &mut Wants) {
    let user = context.cluster.user.as_str();
    let owner = format!("{user}:{user}");
    let home = format!("/home/{user}/.ssh");
    let between = &context.secrets.between;
    wants.add(Directory::new(&home, 0o700, &owner));
    let authorized: String = [&context.secrets.owner.public, &between.public]
        .into_iter()
        .chain(&context.cluster.authorized_keys)
        .fold(String::new(), |text, key| text + key.trim_end() + "\n");
    let authorized = format!("# {}\n{authorized}", context.header());
    wants.add(
        File::new(format!("{home}/authorized_keys"), authorized)
            .mode(0o600)
            .owner(&owner),
    );
    // Under a name of its own: the account may have keys already.
    let private = Secret::new(between.private.expose().clone().into_bytes());
    wants.add(File::secret(format!("{home}/id_bramble"), private).owner(&owner));
    let public = format!("{}\n", between.public.trim_end());
    wants.add(File::new(format!("{home}/id_bramble.pub"), public).owner(&owner));
    wants.add(File::new(
        "/etc/ssh/ssh_config.d/bramble.conf",
        ways(context),
    ));
}

/// With which key the account goes to the other nodes.
fn ways(context: &Context<'_>) -> String {
    let domain = &context.cluster.network.domain;
    let nodes = context.cluster.nodes.iter();
    let names = nodes.fold(String::new(), |text, node| {
        let (name, address) = (&node.name, node.address);
        text + &format!("Host {name} {name}.{domain} {address}\n\tIdentityFile ~/.ssh/id_bramble\n")
    });
    format!("# {}\n{names}", context.header())
}

fn known_hosts(context: &Context<'_>) -> String {
    let domain = &context.cluster.network.domain;
    let line = |node: &bramble_cluster::Node| {
        let key = context.secrets.hosts.get(&node.name)?.pinned();
        let key: Vec<_> = key.split_whitespace().take(2).collect();
        let name = &node.name;
        Some(format!(
            "{name},{name}.{domain},{} {}\n",
            node.address,
            key.join(" ")
        ))
    };
    let lines: String = context.cluster.nodes.iter().filter_map(line).collect();
    format!("# {}\n{lines}", context.header())
}
