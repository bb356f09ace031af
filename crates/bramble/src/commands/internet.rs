//! `bramble internet`: the workers' way out, for a time if wanted.

use bramble_cluster::cluster::Internet;
use bramble_roles::{WayOut, WayState};
use clap::Subcommand;
use serde_json::json;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{Choice, Target};
use crate::way_out;

/// Open or close the workers' way to the internet
///
/// With `internet = "on-demand"` in the cluster file, workers reach the internet
/// only after `bramble internet on`. A restart of the gateway closes the way.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  bramble internet on --for 30m\n  bramble internet off")]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Let workers out
    On {
        /// Only for so long: `90s`, `30m`, `2h`
        #[arg(long = "for", value_name = "TIME", value_parser = seconds)]
        limit: Option<u32>,
    },
    /// Keep workers in; connections that are open stop at once
    Off,
    /// Say whether the way is open, and for how long still
    Status,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let target = choice.target(console)?;
    let state = way_out::order(&target, &target.fleet, order(&args.action, &target)?)?;
    console.print_json(&json!({ "open": state.open, "left": state.left }));
    console.print_with_command(&format!("{}\n", sentence(&state)));
    Ok(Exit::Done)
}

/// What the policy in the cluster file does not allow is refused.
fn order(action: &Action, target: &Target) -> Result<WayOut, Failure> {
    let policy = target.cluster.network.internet;
    match (action, policy) {
        (Action::Status, _) => Ok(WayOut::Show),
        (Action::On { .. }, Internet::Never) | (Action::Off, Internet::Always) => {
            let word = if policy == Internet::Never {
                "never"
            } else {
                "always"
            };
            Err(Failure::new(
                Exit::Usage,
                format!(
                    "{} says `internet = \"{word}\"`",
                    target.folder.file().display()
                ),
            )
            .hint("set it to \"on-demand\" and run `bramble up`"))
        }
        (Action::On { limit }, _) => Ok(WayOut::Open(*limit)),
        (Action::Off, _) => Ok(WayOut::Close),
    }
}

fn sentence(state: &WayState) -> String {
    match (state.open, state.left.as_str()) {
        (false, _) => "workers cannot reach the internet".to_owned(),
        (true, "") => "workers can reach the internet until `bramble internet off`".to_owned(),
        (true, left) => format!("workers can reach the internet for another {left}"),
    }
}

fn seconds(text: &str) -> Result<u32, String> {
    let example = || format!("`{text}` is no time: write `90s`, `30m` or `2h`");
    let (number, factor) = match text.split_at_checked(text.len().saturating_sub(1)) {
        Some((number, "s")) => (number, 1),
        Some((number, "m")) => (number, 60),
        Some((number, "h")) => (number, 3600),
        _ => return Err(example()),
    };
    let number: u32 = number.parse().map_err(|_| example())?;
    number
        .checked_mul(factor)
        .filter(|&seconds| seconds > 0)
        .ok_or_else(example)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_time_has_a_unit() {
        assert_eq!(seconds("30m"), Ok(1800));
        for wrong in ["", "30", "0s", "m", "é", "99999999h"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
