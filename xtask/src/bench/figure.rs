//! A measured figure beside its goal. Not in here: measuring.

use serde::Serialize;

/// Equal measurements of one thing.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Figure {
    what: String,
    unit: &'static str,
    median: f64,
    least: f64,
    most: f64,
    runs: usize,
    /// What it should not exceed; none for what is measured to compare.
    goal: Option<f64>,
}

impl Figure {
    /// Of what was measured at least once.
    pub(super) fn seconds(what: impl Into<String>, measured: &[f64]) -> Self {
        Self::of(what, "s", measured)
    }

    pub(super) fn milliseconds(what: impl Into<String>, measured: &[f64]) -> Self {
        Self::of(what, "ms", measured)
    }

    pub(super) fn megabytes(what: impl Into<String>, measured: &[f64]) -> Self {
        Self::of(what, "MB", measured)
    }

    /// How much of another figure one is.
    pub(super) fn ratio(what: impl Into<String>, measured: &[f64]) -> Self {
        Self::of(what, "x", measured)
    }

    fn of(what: impl Into<String>, unit: &'static str, measured: &[f64]) -> Self {
        let mut sorted = measured.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
        Self {
            what: what.into(),
            unit,
            median: at(sorted.len().saturating_sub(1) / 2),
            least: at(0),
            most: at(sorted.len().saturating_sub(1)),
            runs: sorted.len(),
            goal: None,
        }
    }

    pub(super) fn goal(self, most: f64) -> Self {
        Self {
            goal: Some(most),
            ..self
        }
    }

    pub(super) fn has_goal(&self) -> bool {
        self.goal.is_some()
    }

    fn verdict(&self) -> &'static str {
        match self.goal {
            Some(goal) if self.median <= goal => "met",
            Some(_) => "NOT MET",
            None => "",
        }
    }
}

pub(super) fn table<'a>(figures: impl IntoIterator<Item = &'a Figure>) -> String {
    let row = |figure: &Figure| {
        let shown = |value: f64| match figure.unit {
            "s" => format!("{value:.2}"),
            "ms" => format!("{value:.1}"),
            "x" => format!("{value:.3}"),
            _ => format!("{value:.0}"),
        };
        let goal = figure.goal.map(|goal| format!("{goal} {}", figure.unit));
        [
            figure.what.clone(),
            format!("{} {}", shown(figure.median), figure.unit),
            format!("{} .. {}", shown(figure.least), shown(figure.most)),
            figure.runs.to_string(),
            goal.unwrap_or_default(),
            figure.verdict().to_owned(),
        ]
    };
    let rows: Vec<_> = figures.into_iter().map(row).collect();
    let heading = ["what", "median", "range", "runs", "goal", "verdict"];
    crate::table::table(heading, &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_held_against_the_goal() {
        let figure = Figure::seconds("a", &[3.0, 1.0, 2.0]);
        assert!((figure.median - 2.0).abs() < f64::EPSILON);
        assert_eq!(figure.verdict(), "");
        assert_eq!(Figure::seconds("a", &[3.0, 1.0]).goal(1.0).verdict(), "met");
        assert_eq!(Figure::seconds("a", &[3.0]).goal(1.0).verdict(), "NOT MET");
    }
}
