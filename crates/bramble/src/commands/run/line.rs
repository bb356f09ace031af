//! The line that the account's shell is given: what was typed, with its
//! environment, as root if wanted. Not in here: who runs it.

use std::str::FromStr;

use bramble_converge::script::quote;

use crate::exit::Exit;
use crate::failure::Failure;

/// Bytes that the line may have once it is quoted. Linux takes no argument over
/// 128 KiB.
const LONGEST: usize = 120 << 10;

/// Becomes the program that comes first on standard input.
const LOAD: &str = include_str!("load.sh");

/// What is to be run on a node.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// The command, or the arguments of the script.
    pub(super) words: &'a [String],
    /// Bytes of the script that comes first on standard input, if one does.
    pub(super) script: Option<u64>,
    /// What the environment has besides.
    pub(super) environment: Vec<(&'a str, String)>,
    pub(super) root: Option<Root>,
}

/// How the command becomes root's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    /// At once, or not at all.
    WithoutPassword,
    /// Somebody is there to be asked.
    MayAsk,
}

/// A variable as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    /// What it is called.
    pub(super) name: String,
    /// What it is; without it, what it is here.
    pub(super) value: Option<String>,
}

impl Line<'_> {
    /// The text for the shell.
    pub(super) fn text(&self) -> Result<String, Failure> {
        let mut line = match self.script {
            Some(size) => {
                let load = ["sh".to_owned(), "-c".to_owned(), LOAD.to_owned()];
                let size = ["bramble".to_owned(), size.to_string()];
                words(load.iter().chain(&size).chain(self.words))
            }
            None => command(self.words),
        };
        if !self.environment.is_empty() {
            let set = |(name, value): &(&str, String)| format!(" {name}={}", quote(value));
            let all: String = self.environment.iter().map(set).collect();
            line = format!("export{all}; {line}");
        }
        let line = match self.root {
            Some(Root::WithoutPassword) => format!("sudo -n -- sh -c {}", quote(&line)),
            Some(Root::MayAsk) => format!("sudo -- sh -c {}", quote(&line)),
            None => line,
        };
        if quote(&line).len() > LONGEST {
            return Err(Failure::new(
                Exit::Usage,
                format!("the command is too long for a node: {} bytes", line.len()),
            )
            .hint("put it in a file, and use `--script FILE`"));
        }
        Ok(line)
    }
}

/// One argument is a line for the shell, as with `ssh`; several keep their
/// bounds.
fn command(command: &[String]) -> String {
    match command {
        [line] => line.clone(),
        several => words(several.iter()),
    }
}

fn words<'a>(words: impl Iterator<Item = &'a String>) -> String {
    let quoted: Vec<_> = words.map(|word| quote(word)).collect();
    quoted.join(" ")
}

impl FromStr for Variable {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text, None),
        };
        let first = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
        let good = name.bytes().next().is_some_and(first)
            && name
                .bytes()
                .all(|byte| first(byte) || byte.is_ascii_digit());
        if !good {
            return Err(format!(
                "`{name}` is no name of a variable: letters, digits and `_` make one"
            ));
        }
        Ok(Self {
            name: name.to_owned(),
            value,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::process::{Command, Output, Stdio};

    use super::*;

    fn line(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    fn plain(words: &[String]) -> Line<'_> {
        Line {
            words,
            script: None,
            environment: Vec::new(),
            root: None,
        }
    }

    /// What a shell makes of it, as the account's shell on a node does.
    fn run(line: &Line<'_>, input: &[u8]) -> Output {
        let mut shell = Command::new("sh")
            .args(["-c", &line.text().unwrap()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A shell that reads nothing may be gone by now.
        drop(shell.stdin.take().unwrap().write_all(input));
        shell.wait_with_output().unwrap()
    }

    fn printed(line: &Line<'_>, input: &[u8]) -> String {
        let output = run(line, input);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn one_word_is_a_line_for_the_shell_and_several_keep_their_bounds() {
        let text = |words: &[&str]| plain(&line(words)).text().unwrap();
        assert_eq!(text(&["uname -r; nproc"]), "uname -r; nproc");
        assert_eq!(text(&["sh", "-c", "echo $HOME"]), "'sh' '-c' 'echo $HOME'");
    }

    #[test]
    fn words_arrive_as_they_were_typed() {
        let words = line(&[
            "printf",
            "<%s>",
            "a b",
            "$HOME `id`",
            "it's",
            "\"",
            "x\ny",
            "",
            "\\",
        ]);
        assert_eq!(
            printed(&plain(&words), b""),
            "<a b><$HOME `id`><it's><\"><x\ny><><\\>"
        );
    }

    #[test]
    fn the_environment_is_there_for_the_whole_line() {
        let words = line(&["printf %s \"$A\"; sh -c 'printf %s \"$B\"'"]);
        let with = Line {
            environment: vec![("A", "it's $HOME\n".to_owned()), ("B", String::from("2"))],
            ..plain(&words)
        };
        assert_eq!(printed(&with, b""), "it's $HOME\n2");
    }

    #[test]
    fn a_script_takes_its_own_bytes_and_leaves_the_rest_to_be_read() {
        let script = b"#!/bin/sh\nprintf '<%s>' \"$@\"; cat\nexit 3\n";
        let words = line(&["a b", "it's"]);
        let with = Line {
            script: Some(script.len() as u64),
            ..plain(&words)
        };
        let output = run(&with, &[&script[..], b"the rest\n"].concat());
        assert_eq!(output.stdout, b"<a b><it's>the rest\n");
        assert_eq!(output.status.code(), Some(3));
    }

    #[test]
    fn a_script_runs_by_its_first_line_and_leaves_nothing() {
        let script = b"#!/usr/bin/env -S sed -n 2p\nsecond line\n";
        let folder = tempfile::TempDir::new().unwrap();
        let with = Line {
            script: Some(script.len() as u64),
            environment: vec![("TMPDIR", folder.path().display().to_string())],
            ..plain(&[])
        };
        assert_eq!(printed(&with, script), "second line\n");
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn a_script_without_such_a_line_is_one_for_sh() {
        let script = b"printf '<%s>' \"$1\"\n";
        let words = line(&["a b"]);
        let with = Line {
            script: Some(script.len() as u64),
            ..plain(&words)
        };
        assert_eq!(printed(&with, script), "<a b>");
    }

    #[test]
    fn half_a_script_is_not_run_and_leaves_nothing() {
        let folder = tempfile::TempDir::new().unwrap();
        let with = Line {
            script: Some(100),
            environment: vec![("TMPDIR", folder.path().display().to_string())],
            ..plain(&[])
        };
        let output = run(&with, b"#!/bin/sh\necho half\n");
        assert_eq!(output.status.code(), Some(126));
        assert_eq!(output.stdout, b"");
        assert_eq!(output.stderr, b"the script did not arrive whole\n");
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn root_gets_the_line_with_its_environment() {
        let words = line(&["echo \"$A\" it\\'s"]);
        let with = Line {
            environment: vec![("A", "1 2".to_owned())],
            root: Some(Root::WithoutPassword),
            ..plain(&words)
        };
        let text = with.text().unwrap();
        let rest = text.strip_prefix("sudo -n -- ").unwrap();
        let output = Command::new("sh").args(["-c", rest]).output().unwrap();
        assert_eq!(output.stdout, b"1 2 it's\n");
    }

    #[test]
    fn a_line_that_no_node_would_take_is_refused() {
        let words = line(&[&"x".repeat(LONGEST)]);
        let failure = plain(&words).text().unwrap_err();
        assert_eq!(failure.exit(), Exit::Usage);
    }

    #[test]
    fn a_variable_has_a_name_that_shells_know() {
        let variable: Variable = "A_1=x=y".parse().unwrap();
        assert_eq!(variable.value.as_deref(), Some("x=y"));
        assert_eq!("HOME".parse::<Variable>().unwrap().value, None);
        for bad in ["", "=x", "1A=x", "A-B=x", "A B=x", "A;id=x", "\u{f6}=x"] {
            assert!(bad.parse::<Variable>().is_err(), "{bad}");
        }
    }
}
