//! Programs in turn, and what each takes. Not in here: the programs, and what the figures
//! are held against.

use std::process::Command;

use super::desk::Desk;
use crate::bench::figure::Figure;
use crate::bench::sample::Sample;
use crate::failure::Failure;

/// A program with its arguments, to be run again and again.
pub(super) struct Tool<'a> {
    what: String,
    typed: Box<dyn Fn() -> Command + 'a>,
}

impl<'a> Tool<'a> {
    pub(super) fn new(what: impl Into<String>, typed: impl Fn() -> Command + 'a) -> Self {
        Self {
            what: what.into(),
            typed: Box::new(typed),
        }
    }

    /// Runs it once; its words go to files.
    pub(super) fn once(&self, desk: &Desk) -> Result<Sample, Failure> {
        Sample::take(&self.what, (self.typed)(), &desk.path("out"))
    }
}

/// All runs of one program.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) what: String,
    pub(super) samples: Vec<Sample>,
    /// Why there are no more.
    pub(super) failed: Option<String>,
}

/// The programs in turn, so that what else this machine does befalls all, each as often
/// as `runs` says. `before` each run all is made equal. A program that fails is not run
/// again.
pub(super) fn rounds(
    desk: &Desk,
    runs: u8,
    tools: &[Tool<'_>],
    before: &dyn Fn() -> Result<(), Failure>,
) -> Vec<Measured> {
    let nothing = |tool: &Tool<'_>| Measured {
        what: tool.what.clone(),
        samples: Vec::new(),
        failed: None,
    };
    let mut all: Vec<_> = tools.iter().map(nothing).collect();
    for _ in 0..runs {
        for (tool, measured) in tools.iter().zip(&mut all) {
            if measured.failed.is_some() {
                continue;
            }
            match before().and_then(|()| tool.once(desk)) {
                Ok(sample) => measured.samples.push(sample),
                Err(why) => measured.failed = Some(why.to_string()),
            }
        }
    }
    all
}

impl Measured {
    fn all(&self, figure: fn(&Sample) -> f64) -> Vec<f64> {
        self.samples.iter().map(figure).collect()
    }

    pub(super) fn time(&self) -> Figure {
        Figure::seconds(self.what.clone(), &self.all(|it| it.seconds))
    }

    pub(super) fn cpu(&self) -> Figure {
        let what = format!("{}: processor time", self.what);
        Figure::seconds(what, &self.all(|it| it.cpu))
    }

    pub(super) fn memory(&self) -> Figure {
        let what = format!("{}: memory", self.what);
        Figure::megabytes(what, &self.all(|it| it.memory))
    }

    /// How much of the peer's time this one takes, round by round: what slows the machine
    /// down for a while slows both.
    pub(super) fn against(&self, peer: &Self) -> Figure {
        let pairs = self.samples.iter().zip(&peer.samples);
        let parts: Vec<_> = pairs
            .map(|(own, peer)| own.seconds / peer.seconds)
            .collect();
        Figure::ratio(format!("{} / {}", self.what, peer.what), &parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(what: &str, seconds: &[f64]) -> Measured {
        let sample = |seconds: &f64| Sample {
            seconds: *seconds,
            cpu: 0.0,
            memory: 0.0,
        };
        Measured {
            what: what.to_owned(),
            samples: seconds.iter().map(sample).collect(),
            failed: None,
        }
    }

    #[test]
    fn programs_are_compared_within_a_round() {
        let (own, peer) = (
            measured("own", &[2.0, 9.0]),
            measured("peer", &[1.0, 10.0, 5.0]),
        );
        let figure = own.against(&peer);
        assert_eq!(figure, Figure::ratio("own / peer", &[2.0, 0.9]));
    }
}
