//! Ansible and pyinfra asking the nodes the same as `bench/check.sh`. Not in here:
//! what each is given to do, which lies beside that script.

use super::again::{in_twin, ssh_config};
use super::figure::Figure;
use super::stand::{Stand, timed};
use crate::failure::Failure;
use crate::program;

const ROUNDS: usize = 3;

/// Those of them that are installed.
pub(super) fn measure(stand: &Stand) -> Vec<Figure> {
    let mut figures = Vec::new();
    for peer in ["ansible", "pyinfra"] {
        let program = if peer == "ansible" {
            "ansible-playbook"
        } else {
            peer
        };
        if !program::is_there(program) {
            println!("{peer} is not installed, and not measured");
            continue;
        }
        match rounds(stand, peer) {
            Ok(seconds) => {
                println!("{peer}: {seconds:.1?}");
                figures.push(Figure::seconds(format!("  peer: {peer}"), &seconds));
            }
            // Its failure says nothing of bramble, whose figures are at hand.
            Err(why) => println!("{peer} is not measured: {why}"),
        }
    }
    figures
}

fn rounds(stand: &Stand, peer: &str) -> Result<Vec<f64>, Failure> {
    let folder = stand.tree.join("bench/peers");
    let mut seconds = Vec::new();
    for _ in 0..ROUNDS {
        let mut run = in_twin(stand)?;
        run.current_dir(stand.folder())
            .env("SSH_CONFIG", ssh_config(stand)?);
        run.arg("sh")
            .arg(folder.join(format!("{peer}.sh")))
            .arg(&folder);
        seconds.push(timed(&mut run)?.seconds);
    }
    Ok(seconds)
}
