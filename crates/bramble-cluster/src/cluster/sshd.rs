//! Who gets in by SSH. Cards carry the file, since the server would have to be started
//! anew at the first boot otherwise, just when somebody comes by it; converging keeps it.

use super::Cluster;

impl Cluster {
    /// Where a node has what [`sshd_file`](Self::sshd_file) says: the first value that
    /// sshd finds holds, and this is read before the files of other hands.
    pub const SSHD_FILE: &'static str = "/etc/ssh/sshd_config.d/10-bramble.conf";

    /// What every node's SSH server is told: keys alone let somebody in, and never as
    /// root.
    pub fn sshd_file(&self) -> String {
        format!(
            "# {}
# The first value that sshd finds holds, and this file is read early.
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
",
            self.file_header()
        )
    }
}
