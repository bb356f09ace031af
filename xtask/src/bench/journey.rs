//! `bramble try` from start to result, with and without a base image in the cache,
//! and its end. Not in here: the cluster while it stands.

use serde_json::Value;

use super::figure::Figure;
use super::stand::{Ran, Stand, json, timed};
use crate::failure::Failure;

const GOAL: f64 = 60.0;
const GOAL_UNCACHED: f64 = 300.0;
const GOAL_DOWN: f64 = 5.0;

/// Finding an image in the cache takes less than this, making one far more.
const FOUND: f64 = 5.0;

/// The seconds of a journey.
#[derive(Debug)]
struct Journey {
    whole: f64,
    /// In their order.
    stages: Vec<(String, f64)>,
}

/// So many journeys; the cluster of the last stands afterwards.
pub(super) fn cached(stand: &Stand, many: u8) -> Result<Vec<Figure>, Failure> {
    let mut journeys = Vec::new();
    while journeys.len() < usize::from(many) {
        if !journeys.is_empty() {
            stand.down()?;
        }
        let journey = journey(&timed(&mut stand.bramble(&["try", "--yes"]))?)?;
        if journey.of("base-image") > FOUND {
            println!("there was no base image: this journey does not count");
            stand.down()?;
            continue;
        }
        println!("try: {:.1} s", journey.whole);
        journeys.push(journey);
    }
    let mut figures = vec![whole("try", &journeys).goal(GOAL)];
    figures.extend(stages(&journeys));
    Ok(figures)
}

/// One journey with an empty cache, and its end.
pub(super) fn uncached(stand: &Stand) -> Result<Vec<Figure>, Failure> {
    let cache = stand.folder().join("cache");
    let mut command = stand.bramble(&["try", "--yes"]);
    let journey = journey(&timed(command.env("XDG_CACHE_HOME", &cache))?)?;
    stand.down()?;
    println!("try without cache: {:.1} s", journey.whole);
    let image = journey.of("base-image");
    Ok(vec![
        whole("try without cache", &[journey]).goal(GOAL_UNCACHED),
        Figure::seconds("  of that base-image", &[image]),
    ])
}

/// The end of the cluster that stands.
pub(super) fn down(stand: &Stand) -> Result<Figure, Failure> {
    let twin = stand.twin()?;
    let ran = stand.down()?;
    println!("lab down: {:.2} s", ran.seconds);
    let left = super::rest::left_of(&twin);
    if left.is_empty() {
        return Ok(Figure::seconds("lab down", &[ran.seconds]).goal(GOAL_DOWN));
    }
    Err(Failure::new(format!(
        "`lab down` left {}: that is a defect of bramble-lab",
        left.join(", ")
    )))
}

fn journey(ran: &Ran) -> Result<Journey, Failure> {
    let said = json(ran)?;
    let stage = |stage: &Value| {
        let name = stage["stage"].as_str()?.to_owned();
        Some((name, stage["seconds"].as_f64()?))
    };
    let stages = said["stages"].as_array().into_iter().flatten();
    Ok(Journey {
        whole: ran.seconds,
        stages: stages.filter_map(stage).collect(),
    })
}

fn whole(what: &str, journeys: &[Journey]) -> Figure {
    let seconds: Vec<_> = journeys.iter().map(|journey| journey.whole).collect();
    Figure::seconds(what, &seconds)
}

/// The parts of `try`, each over all journeys.
fn stages(journeys: &[Journey]) -> Vec<Figure> {
    let names = journeys.iter().take(1).flat_map(|first| &first.stages);
    let figure = |(stage, _): &(String, f64)| {
        let seconds: Vec<_> = journeys.iter().map(|journey| journey.of(stage)).collect();
        Figure::seconds(format!("  of that {stage}"), &seconds)
    };
    names.map(figure).collect()
}

impl Journey {
    /// The seconds of a stage; it may not have been needed.
    fn of(&self, stage: &str) -> f64 {
        let found = self.stages.iter().find(|(name, _)| name == stage);
        found.map_or(0.0, |(_, seconds)| *seconds)
    }
}
