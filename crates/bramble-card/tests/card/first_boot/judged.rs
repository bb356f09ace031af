//! What cloud-init, netplan and a shell on the nodes say of the files.

use std::collections::BTreeMap;

use bramble_testkit::{BaseImage, skipped};

use super::{fitted, garden, trixie, ubuntu, written};

/// With everything that can be in them.
fn cases() -> [BTreeMap<String, String>; 3] {
    [
        written(&trixie(), &garden(), "head"),
        fitted(&trixie(), &garden(), "node1"),
        fitted(&ubuntu(), &garden(), "head"),
    ]
}

/// What `script` says of the files, which lie in `/seed`.
fn judge(script: &str) {
    let image = match BaseImage::find() {
        Ok(image) => image,
        Err(reason) => return skipped(&reason),
    };
    for files in cases() {
        let files: Vec<_> = files
            .iter()
            .map(|(name, text)| (format!("/seed/{name}"), text.as_str()))
            .collect();
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| (path.as_str(), *text))
            .collect();
        let ran = image.run(&files, script);
        assert!(ran.succeeded, "{}", ran.said);
    }
}

#[test]
fn cloud_init_takes_every_users_data() {
    judge("cloud-init schema -c /seed/user-data");
}

#[test]
fn netplan_takes_every_network() {
    judge(
        "mkdir -p /out/etc/netplan && { echo network:; sed 's/^/  /' /seed/network-config; } \
         >/out/etc/netplan/seed.yaml && chmod 600 /out/etc/netplan/seed.yaml \
         && netplan generate --root-dir /out && ls /out/run/systemd/network/*eth0*",
    );
}

#[test]
fn cloud_init_reads_the_instance_from_what_the_kernel_is_told() {
    judge(
        "python3 -c \"
from cloudinit.sources.DataSourceNoCloud import load_cmdline_data
from cloudinit import util
told, said = {}, util.load_yaml(open('/seed/meta-data').read())
assert load_cmdline_data(told, open('/seed/cmdline.txt').read())
assert told['instance-id'] == said['instance-id'], (told, said)
\"",
    );
}

#[test]
fn the_account_is_the_only_one_that_is_made() {
    judge(
        "python3 -c \"
from cloudinit.distros import fetch, ug_util
from cloudinit import util
data = util.load_yaml(open('/seed/user-data').read())
system = util.load_yaml(open('/etc/cloud/cloud.cfg').read())
image = {'users': [{'name': 'someone', 'uid': 1000}]}
distro = fetch('debian')('debian', system['system_info'], None)
merged = util.mergemanydict([data, image, system])
users, _ = ug_util.normalize_users_groups(merged, distro)
assert list(users) == ['pi'] and users['pi']['uid'] == 1000, users
assert 'sudo' in str(users['pi']['groups']), users
\"",
    );
}

/// The last command of the first boot, as the file itself has it.
#[test]
fn after_the_first_boot_nothing_secret_is_left_and_the_file_can_still_be_read() {
    judge(
        "mkdir -p /boot/firmware && cp /seed/user-data /boot/firmware/ && python3 -c \"
import subprocess, yaml
path = '/boot/firmware/user-data'
before = yaml.safe_load(open(path))
subprocess.run(before['runcmd'][-1], shell=True, check=True)
after, text = yaml.safe_load(open(path)), open(path).read()
assert 'PRIVATE' not in text and 'BEGIN OPENSSH PRIVATE' not in text, text
assert 'hash\\$' not in text and 'salt' not in text, text
assert after.pop('ssh_keys')['ed25519_public'] == before.pop('ssh_keys')['ed25519_public']
before['user'].pop('hashed_passwd', None)
assert after == before, after
\"",
    );
}
