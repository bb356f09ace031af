//! The trial of this machine. Not in here: machines that fail it.

use bramble_lab::host::{check_host, missing_packages};

use crate::support::is_root;

#[test]
fn a_machine_that_runs_these_tests_passes_its_trial() {
    if !is_root() {
        return;
    }
    assert_eq!(
        missing_packages(),
        Vec::<&bramble_lab::host::HostPackage>::new()
    );
    check_host().unwrap();
}
