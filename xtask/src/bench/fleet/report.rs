//! What was measured, as tables. Not in here: measuring, and the figures of the twin,
//! which have a table of their own.

use serde::Serialize;

use super::measure::Measured;
use crate::bench::sample::Sample;
use crate::table::table;

/// One row of what is to be reached, with all that was measured for it.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    pub(super) title: String,
    pub(super) measured: Vec<Measured>,
    pub(super) claims: Vec<Claim>,
    /// What one must know to read the figures.
    pub(super) notes: Vec<String>,
}

impl Outcome {
    pub(super) fn new(title: impl Into<String>, measured: Vec<Measured>) -> Self {
        Self {
            title: title.into(),
            measured,
            claims: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub(super) fn claim(&mut self, claim: Claim) {
        self.claims.push(claim);
    }

    /// How much of the peer's figure ours is, and that it should be no more than
    /// the goal.
    pub(super) fn ratio(&mut self, figure: Kind, ours: &str, peer: &str, goal: Option<f64>) {
        let part = self.median(figure, ours).zip(self.median(figure, peer));
        self.claim(Claim {
            what: format!("{}: {ours} / {peer}", figure.name()),
            value: part.map(|(ours, peer)| ours / peer),
            unit: "x",
            goal,
        });
    }

    /// That ours should be no more than the goal.
    pub(super) fn most(&mut self, figure: Kind, ours: &str, goal: f64) {
        self.claim(Claim {
            what: format!("{}: {ours}", figure.name()),
            value: self.median(figure, ours),
            unit: figure.unit(),
            goal: Some(goal),
        });
    }

    fn median(&self, figure: Kind, what: &str) -> Option<f64> {
        let measured = self.measured.iter().find(|it| it.what == what)?;
        measured.median(figure.of())
    }
}

/// A figure of a run.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Wall,
    Cpu,
    Memory,
}

impl Kind {
    fn of(self) -> fn(&Sample) -> f64 {
        match self {
            Self::Wall => |it| it.seconds,
            Self::Cpu => |it| it.cpu,
            Self::Memory => |it| it.memory,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Wall => "time",
            Self::Cpu => "client CPU",
            Self::Memory => "memory",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Wall | Self::Cpu => "s",
            Self::Memory => "MB",
        }
    }
}

/// A figure and what it should not exceed, if it is there to be held against
/// anything.
#[derive(Debug, Serialize)]
pub(super) struct Claim {
    pub(super) what: String,
    /// None if it could not be measured.
    pub(super) value: Option<f64>,
    pub(super) unit: &'static str,
    pub(super) goal: Option<f64>,
}

impl Claim {
    fn verdict(&self) -> &'static str {
        match (self.value, self.goal) {
            (None, _) => "not measured",
            (Some(_), None) => "",
            (Some(value), Some(goal)) if value <= goal => "met",
            (Some(_), Some(_)) => "NOT MET",
        }
    }
}

/// All that is to be reached, in one table.
pub(super) fn promised(rows: &[Outcome]) -> String {
    let claims = rows.iter().flat_map(|row| {
        let claim = |claim| claim_row(&row.title, claim);
        row.claims.iter().map(claim)
    });
    let rows: Vec<_> = claims.collect();
    table(["work", "figure", "reached", "goal", "verdict"], &rows)
}

fn claim_row(title: &str, claim: &Claim) -> [String; 5] {
    let value = |value: f64| format!("{} {}", digits(value), claim.unit);
    [
        title.to_owned(),
        claim.what.clone(),
        claim.value.map(value).unwrap_or_default(),
        claim.goal.map(value).unwrap_or_default(),
        claim.verdict().to_owned(),
    ]
}

/// Three digits that count.
fn digits(value: f64) -> String {
    match value {
        value if value.abs() >= 100.0 => format!("{value:.0}"),
        value if value.abs() >= 10.0 => format!("{value:.1}"),
        value if value.abs() >= 1.0 => format!("{value:.2}"),
        value if value.abs() >= 0.1 || value == 0.0 => format!("{value:.3}"),
        value => format!("{value:.4}"),
    }
}

/// Everything that was measured for one row.
pub(super) fn shown(row: &Outcome) -> String {
    let mut text = format!("{}\n", row.title);
    if !row.measured.is_empty() {
        let rows: Vec<_> = row.measured.iter().map(measured_row).collect();
        let heading = ["what", "median", "range", "CPU", "memory", "runs"];
        text.push_str(&table(heading, &rows));
    }
    let failed = row.measured.iter().filter_map(|it| {
        let why = it.failed.as_ref()?;
        Some(format!("{} failed: {why}\n", it.what))
    });
    text.extend(failed);
    text.extend(row.notes.iter().map(|note| format!("{note}\n")));
    text
}

/// How one program did.
fn measured_row(measured: &Measured) -> [String; 6] {
    let median = |figure: Kind| {
        let median = measured.median(figure.of());
        median
            .map(|median| format!("{} {}", digits(median), figure.unit()))
            .unwrap_or_default()
    };
    let sorted = measured.sorted(Kind::Wall.of());
    let range = sorted.first().zip(sorted.last());
    let range = range.map(|(least, most)| format!("{} .. {}", digits(*least), digits(*most)));
    [
        measured.what.clone(),
        median(Kind::Wall),
        range.unwrap_or_default(),
        median(Kind::Cpu),
        median(Kind::Memory),
        measured.samples.len().to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(what: &str, seconds: &[f64]) -> Measured {
        let sample = |seconds: &f64| Sample {
            seconds: *seconds,
            cpu: seconds / 2.0,
            memory: 20.0,
        };
        Measured {
            what: what.to_owned(),
            samples: seconds.iter().map(sample).collect(),
            failed: seconds.is_empty().then(|| "not found".to_owned()),
        }
    }

    fn outcome() -> Outcome {
        let all = [
            ("ours", &[0.4, 0.5, 0.6][..]),
            ("peer", &[1.0]),
            ("none", &[]),
        ];
        let all = all.map(|(what, seconds)| measured(what, seconds));
        Outcome::new("a row", all.into())
    }

    #[test]
    fn a_ratio_is_of_medians_and_held_against_its_goal() {
        let mut outcome = outcome();
        outcome.ratio(Kind::Wall, "ours", "peer", Some(0.5));
        outcome.ratio(Kind::Wall, "ours", "peer", Some(0.49));
        outcome.ratio(Kind::Wall, "ours", "peer", None);
        outcome.ratio(Kind::Wall, "ours", "none", Some(0.5));
        let verdicts: Vec<_> = outcome.claims.iter().map(Claim::verdict).collect();
        assert_eq!(verdicts, ["met", "NOT MET", "", "not measured"]);
    }

    #[test]
    fn one_that_failed_is_shown_with_its_reason() {
        let text = shown(&outcome());
        assert!(
            text.contains("ours  0.500 s  0.400 .. 0.600  0.250 s"),
            "{text}"
        );
        assert!(text.contains("none failed: not found"), "{text}");
    }

    #[test]
    fn figures_are_shown_with_three_digits_that_count() {
        let shown = [0.0, 0.012_34, 0.123_4, 1.234, 12.34, 1234.5].map(digits);
        assert_eq!(shown, ["0.000", "0.0123", "0.123", "1.23", "12.3", "1234"]);
    }
}
