//! Node sets held against `ClusterShell`, expression for expression. Not in here: what
//! this project defines beyond it, which the unit tests have.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use bramble_cluster::nodeset::{PlainNames, parse};

/// Debian's interpreter, which sees Debian's package `clustershell`.
const PYTHON: &str = "/usr/bin/python3";

/// Prints for each line the fold and the names, or nothing where it is refused.
const PEER: &str = r#"
import sys
from ClusterShell.NodeSet import NodeSet, RESOLVER_NOGROUP
for line in sys.stdin:
    try:
        nodes = NodeSet(line.rstrip("\n"), resolver=RESOLVER_NOGROUP)
        print(str(nodes), " ".join(nodes), sep="\t")
    except Exception:
        print("refused")
"#;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    /// A number, a range or steps, sometimes padded.
    fn item(&mut self) -> String {
        let first = self.below(13);
        let last = first + self.below(9);
        let width = [1, 1, 1, 2, 3][self.below(5)];
        let step = 1 + self.below(3);
        match self.below(4) {
            0 => format!("{first:0width$}"),
            // The peer takes a padded range only if both ends have its width.
            1 if last < 10 || width != 1 || first > 0 => {
                format!("{first:0width$}-{last:0width$}/{step}")
            }
            _ => format!("{first:0width$}-{last:0width$}"),
        }
    }

    fn number(&mut self) -> String {
        let items: Vec<_> = (0..=self.below(3)).map(|_| self.item()).collect();
        match self.below(3) {
            0 => self.below(30).to_string(),
            _ => format!("[{}]", items.join(",")),
        }
    }

    fn pattern(&mut self, numbers: usize) -> String {
        let mut pattern = self.of(&["node", "n", "a-b", "gpu"]).to_owned();
        for at in 0..numbers {
            pattern += &self.number();
            if at + 1 < numbers {
                pattern += self.of(&["n", "n", "-c"]);
            }
        }
        pattern + self.of(&["", "", "", "-ib"])
    }

    fn expression(&mut self, numbers: usize) -> String {
        let mut expression = self.pattern(numbers);
        for _ in 0..self.below(6) {
            expression += self.of(&[",", ",", "!", "&", "^"]);
            expression += &self.pattern(numbers);
        }
        expression
    }
}

/// What the peer makes of each expression: its fold and the names.
fn peer(expressions: &[String]) -> Option<Vec<Option<(String, String)>>> {
    let mut child = Command::new(PYTHON)
        .args(["-c", PEER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take().unwrap();
    let text = expressions.join("\n") + "\n";
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let _closed_early = writer.join().unwrap();
    if !output.status.success() {
        return None;
    }
    let answers = String::from_utf8(output.stdout).unwrap();
    let answer = |line: &str| {
        let (fold, names) = line.split_once('\t')?;
        Some((fold.to_owned(), names.to_owned()))
    };
    Some(answers.lines().map(answer).collect())
}

/// Our fold, the peer's, for each expression that both take; the names are the same.
fn folds(numbers: usize, count: usize) -> Option<Vec<(String, String)>> {
    let mut dice = Dice(numbers as u64);
    let expressions: Vec<_> = (0..count).map(|_| dice.expression(numbers)).collect();
    let Some(answers) = peer(&expressions) else {
        bramble_testkit::skipped("ClusterShell is not installed (apt-get install clustershell)");
        return None;
    };
    assert_eq!(answers.len(), count);
    let mut folds = Vec::new();
    for (expression, answer) in expressions.iter().zip(answers) {
        let Some((fold, names)) = answer else {
            continue;
        };
        let ours = parse(expression, &PlainNames);
        let ours = ours.unwrap_or_else(|error| panic!("{expression}: {error}"));
        let our_names: BTreeSet<_> = ours.iter().map(|name| name.to_string()).collect();
        let names: BTreeSet<_> = names.split_whitespace().map(str::to_owned).collect();
        assert_eq!(our_names, names, "{expression}");
        let read_back = parse(&ours.fold(), &PlainNames);
        assert!(
            ours.is_empty() || read_back == Ok(ours.clone()),
            "{expression}"
        );
        folds.push((ours.fold(), fold));
    }
    assert!(folds.len() > count / 2, "most are taken: {}", folds.len());
    Some(folds)
}

#[test]
fn names_with_one_number_fold_to_the_same_text() {
    for (ours, theirs) in folds(1, 3_000).unwrap_or_default() {
        assert_eq!(ours, theirs);
    }
    for (ours, theirs) in folds(0, 200).unwrap_or_default() {
        assert_eq!(ours, theirs);
    }
}

#[test]
fn names_with_several_numbers_fold_to_a_text_that_is_no_longer() {
    for numbers in [2, 3] {
        for (ours, theirs) in folds(numbers, 500).unwrap_or_default() {
            assert!(ours.len() <= theirs.len(), "{ours} is longer than {theirs}");
        }
    }
}
