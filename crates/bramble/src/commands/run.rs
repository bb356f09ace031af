//! `bramble run`: one command on many nodes at once.

use std::collections::BTreeMap;

use bramble_cluster::event::Event;
use bramble_cluster::{NodeName, Secret};
use bramble_converge::script::quote;
use bramble_converge::{Answers, Request, Transport as _};
use bramble_view::answers::folded;
use bramble_view::count;
use serde_json::json;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::Choice;

/// Run a command on nodes at the same time
///
/// Equal answers are shown once, under the set of nodes that gave them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bramble run @worker -- uptime
  bramble run 'node[1-3]' -- cat /etc/hosts
  bramble run @all -- sh -c 'uname -r; nproc'")]
pub(crate) struct Args {
    /// Which nodes: `node[1-3]`, `@worker`, `@all!node2`
    nodes: String,
    /// The command with its arguments; one argument alone is a line for the shell
    #[arg(required = true, last = true)]
    command: Vec<String>,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let target = choice.target(console)?;
    let nodes = target.select(&args.nodes)?;
    let request = Request {
        command: line(&args.command),
        input: Secret::new(Vec::new()),
    };
    let requests = nodes
        .iter()
        .map(|node| (node.clone(), request.clone()))
        .collect();
    let answers = target.fleet.exchange(requests, &mut |_, _| {});
    show(&answers, console);
    Ok(exit(&answers))
}

/// One argument is a line for the shell, as with `ssh`; several keep their
/// bounds.
fn line(command: &[String]) -> String {
    match command {
        [line] => line.clone(),
        words => words
            .iter()
            .map(|word| quote(word))
            .collect::<Vec<_>>()
            .join(" "),
    }
}

fn show(answers: &Answers, console: &mut Console) {
    let mut texts: BTreeMap<NodeName, String> = BTreeMap::new();
    let mut complaints: BTreeMap<NodeName, String> = BTreeMap::new();
    let mut records = Vec::new();
    for (node, answer) in answers {
        match answer {
            Ok(answer) => {
                let output = String::from_utf8_lossy(&answer.output).into_owned();
                let complaint = String::from_utf8_lossy(&answer.complaint).into_owned();
                records.push(json!({
                    "node": node, "status": answer.status, "output": output, "complaint": complaint,
                }));
                texts.insert(node.clone(), output);
                if !complaint.is_empty() {
                    complaints.insert(node.clone(), complaint);
                }
            }
            Err(reason) => {
                records.push(json!({ "node": node, "unreachable": reason.to_string() }));
                console.event(&Event::NodeFailed {
                    node: node.clone(),
                    reason: reason.to_string(),
                });
            }
        }
    }
    console.print_json(&records);
    console.print(&folded(&texts));
    if !complaints.is_empty() {
        console.say(folded(&complaints).trim_end());
    }
    let failed: Vec<_> = answers
        .iter()
        .filter_map(|(node, answer)| Some((node, answer.as_ref().ok()?.status)))
        .filter(|(_, status)| *status != 0)
        .map(|(node, status)| format!("{node} ({status})"))
        .collect();
    if !failed.is_empty() {
        console.say(&format!(
            "failed on {}: {}",
            count(failed.len(), "node"),
            failed.join(", ")
        ));
    }
}

fn exit(answers: &Answers) -> Exit {
    let worst = |answer: &Result<bramble_converge::Answer, _>| match answer {
        Ok(answer) if answer.status == 0 => Exit::Done,
        Ok(_) => Exit::Failed,
        Err(bramble_converge::Unreachable::Interrupted) => Exit::Interrupted,
        Err(_) => Exit::Unreachable,
    };
    answers.values().map(worst).max().unwrap_or(Exit::Done)
}

#[cfg(test)]
mod tests {
    use bramble_converge::{Answer, Unreachable};

    use super::*;

    fn words(words: &[&str]) -> String {
        line(
            &words
                .iter()
                .map(|&word| word.to_owned())
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn one_word_is_a_line_for_the_shell_and_several_keep_their_bounds() {
        assert_eq!(words(&["uname -r; nproc"]), "uname -r; nproc");
        assert_eq!(words(&["sh", "-c", "echo $HOME"]), "'sh' '-c' 'echo $HOME'");
        assert_eq!(words(&["echo", "it's"]), r"'echo' 'it'\''s'");
    }

    #[test]
    fn the_worst_answer_decides_how_the_command_ends() {
        let ended = |status| {
            Ok(Answer {
                status,
                output: Vec::new(),
                complaint: Vec::new(),
            })
        };
        let lost = || Err(Unreachable::Lost("reset".to_owned()));
        let of = |answers: Vec<Result<Answer, Unreachable>>| {
            let names = (1..).map(|at: u32| format!("node{at}").parse().unwrap());
            exit(&names.zip(answers).collect())
        };
        assert_eq!(of(vec![ended(0), ended(0)]), Exit::Done);
        assert_eq!(of(vec![ended(0), ended(7)]), Exit::Failed);
        assert_eq!(of(vec![lost(), ended(7)]), Exit::Unreachable);
        assert_eq!(
            of(vec![lost(), Err(Unreachable::Interrupted)]),
            Exit::Interrupted
        );
        assert_eq!(of(vec![]), Exit::Done);
    }
}
