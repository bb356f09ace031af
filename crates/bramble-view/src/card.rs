//! How cards look while they are written and compared. Not in here: what happens to
//! them, and how fast.

use std::time::Duration;

use crate::copy::size;
use crate::style::Label;

/// What is done with a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// It is written.
    Writing,
    /// It is read back or compared.
    Reading,
    /// All of it is right.
    Done,
    /// It was given up.
    Failed,
}

/// One card under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Whose it is, and where it is: `node1 sdb`.
    pub name: String,
    /// What is done with it.
    pub doing: Doing,
    /// How far that is, in bytes.
    pub position: u64,
    /// How far it goes, in bytes.
    pub total: u64,
    /// How long this has been done.
    pub since: Duration,
}

/// How many characters a bar has.
const WIDTH: u64 = 20;

impl Bar {
    /// One line, no longer than a narrow terminal; `name` as wide as the widest.
    fn line(&self, width: usize) -> String {
        let (word, label) = match self.doing {
            Doing::Writing => ("writing", Label::Command),
            Doing::Reading => ("reading", Label::Command),
            Doing::Done => ("done", Label::Good),
            Doing::Failed => ("failed", Label::Bad),
        };
        let name = &self.name;
        let painted = label.paint(format!("{word:<7}"));
        if matches!(self.doing, Doing::Done | Doing::Failed) {
            return format!("{name:<width$}  {painted}");
        }
        let full = self.share(WIDTH);
        let bar: String = (0..WIDTH)
            .map(|place| if place < full { '█' } else { '░' })
            .collect();
        let percent = self.share(100);
        let pace = self.pace();
        format!("{name:<width$}  {painted}  {bar} {percent:>3} %{pace}")
    }

    /// How far it is, in parts of `whole`.
    fn share(&self, whole: u64) -> u64 {
        let done = u128::from(self.position.min(self.total)) * u128::from(whole);
        u64::try_from(done / u128::from(self.total.max(1))).unwrap_or(whole)
    }

    /// `  38 MB/s  0:31 left`, once that can be known.
    fn pace(&self) -> String {
        let millis = self.since.as_millis();
        if millis < 500 || self.position == 0 {
            return String::new();
        }
        let left = u128::from(self.total.saturating_sub(self.position));
        let left = left * millis / u128::from(self.position) / 1000;
        let speed = speed(self.position, self.since);
        format!("  {speed:>9}  {}:{:02} left", left / 60, left % 60)
    }
}

/// All cards under way, a line each.
pub fn bars(bars: &[Bar]) -> Vec<String> {
    let width = bars.iter().map(|bar| bar.name.chars().count()).max();
    let width = width.unwrap_or_default();
    bars.iter().map(|bar| bar.line(width)).collect()
}

/// `38 MB/s`.
pub fn speed(bytes: u64, took: Duration) -> String {
    let millis = took.as_millis().max(1);
    let speed = u64::try_from(u128::from(bytes) * 1000 / millis).unwrap_or(u64::MAX);
    format!("{}/s", size(speed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(doing: Doing, position: u64, seconds: u64) -> Bar {
        Bar {
            name: "node1 sdb".to_owned(),
            doing,
            position,
            total: 4_000_000_000,
            since: Duration::from_secs(seconds),
        }
    }

    #[test]
    fn a_bar_tells_how_far_how_fast_and_how_long_still() {
        let line = bar(Doing::Writing, 1_000_000_000, 25).line(10);
        let line = anstream_free(&line);
        assert_eq!(
            line,
            "node1 sdb   writing  █████░░░░░░░░░░░░░░░  25 %    40 MB/s  1:15 left"
        );
        assert!(line.chars().count() < 78);
    }

    #[test]
    fn at_its_beginning_and_end_a_bar_promises_nothing() {
        let begun = anstream_free(&bar(Doing::Reading, 0, 0).line(9));
        assert!(begun.ends_with("  0 %"), "{begun}");
        let ended = anstream_free(&bar(Doing::Failed, 7, 3).line(9));
        assert_eq!(ended, "node1 sdb  failed ");
    }

    #[test]
    fn a_card_without_length_or_past_it_does_not_divide_by_nothing() {
        let mut odd = bar(Doing::Writing, 5, 9);
        odd.total = 0;
        assert!(odd.line(9).contains("100 %") || odd.line(9).contains("0 %"));
    }

    /// Without styles.
    fn anstream_free(line: &str) -> String {
        let mut plain = String::new();
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('\u{1b}') {
            plain.push_str(before);
            rest = after.split_once('m').map_or("", |(_, rest)| rest);
        }
        plain + rest
    }
}
