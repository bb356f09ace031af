//! How the estimate stands against the fastest computers of their time, and the
//! answer to the question that everybody asks. Not in here: the estimate (`speed`).

use bramble_cluster::catalogue::{Reference, Top500List};
use bramble_cluster::unit::FlopRate;
use serde::Serialize;

use crate::speed::Speed;

/// How an estimate stands on the TOP500 lists, as far as they are known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    /// What is compared: the speed of the workers that were measured.
    pub estimate: FlopRate,
    /// The newest list that it would have led, with the computer that did.
    pub led: Option<Listed>,
    /// The newest list that it would have been on, with the computer that came last.
    pub listed: Option<Listed>,
    /// The newest list there is.
    pub newest: Listed,
    /// Whether this is a super computer, in a sentence or two.
    pub answer: String,
}

/// A list, and who had a place on it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listed {
    /// Year and month: `1993-06`.
    pub date: String,
    /// The first's speed.
    pub first: FlopRate,
    /// What the first was called.
    pub first_name: Option<String>,
    /// The speed of number 500.
    pub last: FlopRate,
}

impl Standing {
    /// How the workers of `speed` stand; absent if none of them was ever measured.
    pub fn of(speed: &Speed, reference: &Reference) -> Option<Self> {
        let estimate = Some(speed.workers.hpl).filter(|_| speed.workers.nodes > 0)?;
        let lists = &reference.top500;
        let newest = Listed::of(lists.last()?);
        let led = lists.iter().rfind(|list| list.first < estimate);
        let listed = lists.iter().rfind(|list| list.last <= estimate);
        let (led, listed) = (led.map(Listed::of), listed.map(Listed::of));
        Some(Self {
            answer: answer(estimate, [led.as_ref(), listed.as_ref()], &newest),
            estimate,
            led,
            listed,
            newest,
        })
    }
}

impl Listed {
    fn of(list: &Top500List) -> Self {
        Self {
            date: list.date.clone(),
            first: list.first,
            first_name: list.first_name.clone(),
            last: list.last,
        }
    }
}

/// Whether that is a super computer.
fn answer(estimate: FlopRate, [led, listed]: [Option<&Listed>; 2], newest: &Listed) -> String {
    let Some(listed) = listed else {
        return "No, and it never would have been one: it is slower than the last of the first \
                TOP500 list, of June 1993. It is a compute cluster, and works as the large ones do."
            .to_owned();
    };
    if listed.date == newest.date {
        let month = month(&newest.date);
        return format!("Yes: it would be on the TOP500 list of {month}, the newest there is.");
    }
    let then = match led {
        Some(led) if led.date == listed.date => {
            format!(
                "the fastest of the world on every TOP500 list up to {}",
                month(&led.date)
            )
        }
        Some(led) => format!(
            "the fastest of the world up to {} and one of the TOP500 up to {}",
            month(&led.date),
            month(&listed.date)
        ),
        None => format!("one of the TOP500 up to {}", month(&listed.date)),
    };
    let times = newest.last.as_f64() / estimate.as_f64();
    format!(
        "It would have been: {then}. Today it is a compute cluster that works as super computers \
         do: number 500 of {} is {} times as fast.",
        month(&newest.date),
        rounded(times)
    )
}

/// `June 1993` of `1993-06`.
pub fn month(date: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let parts = date.split_once('-');
    let named = parts.and_then(|(year, month)| {
        let number: usize = month.get(..2)?.parse().ok()?;
        Some(format!("{} {year}", MONTHS.get(number.checked_sub(1)?)?))
    });
    named.unwrap_or_else(|| date.to_owned())
}

/// Two digits that count, with the thousands apart: `13,000`.
fn rounded(times: f64) -> String {
    if times < 10.0 {
        return format!("{times:.1}");
    }
    let unit = 10_f64.powf(times.log10().floor() - 1.0);
    let plain = format!("{:.0}", (times / unit).round() * unit);
    let mut text = String::new();
    for (place, digit) in plain.chars().enumerate() {
        if place > 0 && (plain.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speed::Estimate;

    fn standing(gigaflops: &str) -> Standing {
        let hpl = gigaflops.parse().unwrap();
        let workers = Estimate {
            nodes: 1,
            hpl,
            ..Estimate::default()
        };
        let speed = Speed {
            workers,
            with_head: None,
            left_out: Vec::new(),
        };
        Standing::of(&speed, &Reference::builtin()).unwrap()
    }

    fn dates(standing: &Standing) -> [Option<&str>; 2] {
        [&standing.led, &standing.listed].map(|list| Some(list.as_ref()?.date.as_str()))
    }

    #[test]
    fn the_last_list_that_it_would_have_led_and_been_on_is_found() {
        assert_eq!(dates(&standing("59.7Gflop/s")), [None, Some("2000-11")]);
        assert_eq!(
            dates(&standing("59.8Gflop/s")),
            [Some("1993-06"), Some("2000-11")]
        );
        assert_eq!(
            dates(&standing("211.014Gflop/s")),
            [Some("1995-11"), Some("2002-11")]
        );
        assert_eq!(dates(&standing("0.422Gflop/s")), [None, Some("1993-06")]);
        assert_eq!(dates(&standing("0.421Gflop/s")), [None, None]);
    }

    #[test]
    fn the_question_is_answered_honestly() {
        assert!(
            standing("0.3Gflop/s")
                .answer
                .starts_with("No, and it never would")
        );
        let today = "Today it is a compute cluster that works as super computers do: number 500 of \
                     June 2026 is";
        assert_eq!(
            standing("23.778Gflop/s").answer,
            format!(
                "It would have been: one of the TOP500 up to November 1998. {today} 110,000 times as fast."
            )
        );
        assert_eq!(
            standing("211.014Gflop/s").answer,
            format!(
                "It would have been: the fastest of the world up to November 1995 and one of the \
                 TOP500 up to November 2002. {today} 13,000 times as fast."
            )
        );
        assert_eq!(
            standing("3Pflop/s").answer,
            "Yes: it would be on the TOP500 list of June 2026, the newest there is."
        );
    }

    #[test]
    fn nobody_is_compared_who_was_not_measured() {
        let speed = Speed {
            workers: Estimate::default(),
            with_head: None,
            left_out: Vec::new(),
        };
        assert_eq!(Standing::of(&speed, &Reference::builtin()), None);
    }

    #[test]
    fn factors_are_rounded_to_what_can_be_said() {
        let told = [5.04, 12.4, 12_345.0, 111_876.0].map(rounded);
        assert_eq!(told, ["5.0", "12", "12,000", "110,000"]);
    }
}
