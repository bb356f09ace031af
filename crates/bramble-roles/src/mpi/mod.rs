//! `OpenMPI`, on the cluster's own network.

use bramble_converge::resource::{File, Packages};

use crate::context::{Context, Wants};
use crate::role::Role;
use crate::template::fill;

pub(crate) const ROLE: Role = Role {
    name: "mpi",
    assigned: false,
    about: include_str!("role.md"),
    wants,
};

fn wants(context: &Context<'_>, wants: &mut Wants) {
    if !context.node.has_role("worker") && !context.node.has_role("scheduler") {
        return;
    }
    wants.add(Packages::new(["openmpi-bin", "python3-mpi4py"]));
    let subnet = context.cluster.network.subnet.to_string();
    let crowded = if context
        .own_facts()
        .is_some_and(|facts| facts.kernel_cores < facts.cores)
    {
        "# More ranks than cores: a rank that waits lets the others run.\nmpi_yield_when_idle = 1\n"
    } else {
        ""
    };
    let holes = [
        ("header", &*context.header()),
        ("subnet", &subnet),
        ("crowded", crowded),
    ];
    let library = fill(include_str!("templates/openmpi-mca-params.conf"), &holes);
    wants.add(File::new("/etc/openmpi/openmpi-mca-params.conf", library));
    let launcher = fill(include_str!("templates/prte-mca-params.conf"), &holes);
    wants.add(File::new("/etc/openmpi/prte-mca-params.conf", launcher));
}
