//! The shape of an answer: one of some choices, several of them, or a text. Not in
//! here: the questions.

use bramble_cluster::suggest::nearest;

use super::complaint::Complaint;
use super::resolved::View;
use super::text::alternatives;

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What an answer says: a short word.
    pub value: String,
    /// What follows from it, in one line.
    pub follows: String,
}

impl Choice {
    pub(super) fn new(value: impl Into<String>, follows: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            follows: follows.into(),
        }
    }
}

/// How a text is checked; what comes back is the text as it is kept.
pub(super) type Check = fn(&str, &View<'_>) -> Result<String, Complaint>;

/// A text of one's own.
#[derive(Clone)]
pub(super) struct Free {
    /// What it is, such as `a size, such as 64GB`.
    pub(super) hint: String,
    pub(super) check: Check,
}

impl Free {
    pub(super) fn new(hint: impl Into<String>, check: Check) -> Self {
        Self {
            hint: hint.into(),
            check,
        }
    }
}

/// What an answer may be.
pub(super) struct Form {
    /// What can be chosen, if anything.
    pub(super) choices: Vec<Choice>,
    /// Whether several can be chosen.
    pub(super) several: bool,
    /// What else can be said, if anything.
    pub(super) free: Option<Free>,
    /// What an empty answer means. It can always be taken.
    pub(super) default: String,
    /// Choices one might miss, each with the reason why it is not offered.
    pub(super) missing: Vec<String>,
}

impl Form {
    /// One of `choices`; the default if it is one of them, else the first.
    pub(super) fn one(choices: Vec<Choice>, default: &str) -> Self {
        let known = choices.iter().find(|choice| choice.value == default);
        let default = known.or(choices.first());
        Self {
            default: default.map_or_else(String::new, |choice| choice.value.clone()),
            choices,
            several: false,
            free: None,
            missing: Vec::new(),
        }
    }

    /// A text.
    pub(super) fn text(free: Free, default: impl Into<String>) -> Self {
        Self {
            choices: Vec::new(),
            several: false,
            free: Some(free),
            default: default.into(),
            missing: Vec::new(),
        }
    }

    /// The same, with a text of one's own besides the choices.
    pub(super) fn or(mut self, free: Free) -> Self {
        self.free = Some(free);
        self
    }

    /// The answer as it is kept. An empty one means the default.
    pub(super) fn accept(&self, answer: &str, view: &View<'_>) -> Result<String, Complaint> {
        let answer = answer.trim();
        if answer.is_empty() {
            return Ok(self.default.clone());
        }
        if self.several {
            return self.accept_several(answer);
        }
        match (self.chosen(answer), &self.free) {
            (Some(choice), _) => Ok(choice.value.clone()),
            (None, Some(free)) => (free.check)(answer, view),
            (None, None) => Err(self.no_choice(answer)),
        }
    }

    /// Digits as what stands under that number, so that a person can type either.
    pub(super) fn by_number(&self, answer: &str) -> Result<String, Complaint> {
        if self.choices.is_empty() {
            return Ok(answer.to_owned());
        }
        let words: Vec<_> = words(answer).collect();
        let word = |word: &&str| match word.parse::<usize>() {
            Ok(number) => self.numbered(number),
            Err(_) => Ok((*word).to_owned()),
        };
        // Only lists of words and numbers are taken apart: a key has blanks too.
        let digits = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
        if !(self.several || words.len() == 1 && words.iter().all(digits)) {
            return Ok(answer.to_owned());
        }
        let words: Result<Vec<_>, _> = words.iter().map(word).collect();
        Ok(words?.join(","))
    }

    fn numbered(&self, number: usize) -> Result<String, Complaint> {
        let choice = number
            .checked_sub(1)
            .and_then(|index| self.choices.get(index));
        choice.map(|choice| choice.value.clone()).ok_or_else(|| {
            let most = self.choices.len();
            Complaint::new(
                format!("there is no choice {number}"),
                format!("type a number from 1 to {most}, or a name"),
            )
        })
    }

    fn chosen(&self, answer: &str) -> Option<&Choice> {
        let same = |choice: &&Choice| choice.value.eq_ignore_ascii_case(answer);
        self.choices.iter().find(same)
    }

    /// In the order of the choices, each once.
    fn accept_several(&self, answer: &str) -> Result<String, Complaint> {
        let words: Vec<_> = words(answer).collect();
        let unknown = words.iter().find(|word| self.chosen(word).is_none());
        if let Some(unknown) = unknown {
            return Err(self.no_choice(unknown));
        }
        let meant = |choice: &&Choice| {
            words
                .iter()
                .any(|word| choice.value.eq_ignore_ascii_case(word))
        };
        let chosen: Vec<_> = self.choices.iter().filter(meant).collect();
        let values: Vec<_> = chosen.iter().map(|choice| choice.value.as_str()).collect();
        if values.is_empty() {
            return Ok(self.default.clone());
        }
        Ok(values.join(","))
    }

    fn no_choice(&self, answer: &str) -> Complaint {
        let known = || self.choices.iter().map(|choice| choice.value.as_str());
        let all: Vec<_> = known().map(str::to_owned).collect();
        let all = alternatives(&all);
        let short: String = answer.chars().take(40).collect();
        let remedy = match nearest(answer, known()) {
            Some(near) => format!("did you mean {near}? It can be {all}"),
            None => format!("it can be {all}"),
        };
        Complaint::new(format!("{short} is not one of the choices"), remedy)
    }
}

fn words(answer: &str) -> impl Iterator<Item = &str> {
    let between = |letter: char| letter == ',' || letter.is_whitespace();
    answer.split(between).filter(|word| !word.is_empty())
}
