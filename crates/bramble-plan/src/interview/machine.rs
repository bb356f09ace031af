//! The interview as a state machine: a step, an answer, the next step, and back.
//! Not in here: what is asked (`questions`) and what is written (`cluster_file`).

use std::collections::BTreeMap;

use bramble_cluster::file::{self, Vocabulary};

use super::answers_file::{self, AnswerError, AnswerNote};
use super::complaint::Complaint;
use super::form::{Choice, Form};
use super::question::Question;
use super::resolved::{Given, View, resolve};
use super::{Defaults, cluster_file, questionnaire, questions};

/// An interview that is going on.
#[derive(Debug, Clone)]
pub struct Interview<'a> {
    vocabulary: Vocabulary<'a>,
    defaults: Defaults,
    given: Given,
    /// What every step that is asked answers, given or proposed.
    values: BTreeMap<&'static str, String>,
    /// The step that is next, among all there are.
    at: usize,
}

/// A step as it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its key in an answers file.
    pub id: &'static str,
    /// Which of the twelve questions it belongs to; none for what comes before.
    pub number: Option<u8>,
    /// What that question is about, in a word or two.
    pub topic: &'static str,
    /// The question.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// More for those who ask.
    pub more: &'static str,
    /// What can be chosen, if anything.
    pub choices: Vec<Choice>,
    /// Whether several can be chosen.
    pub several: bool,
    /// What can be typed besides the choices, if anything.
    pub free: Option<String>,
    /// What an empty answer means.
    pub default: String,
    /// What one might miss among the choices, each with the reason.
    pub missing: Vec<String>,
}

/// What follows from an answer that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consequence {
    /// The answer as it is kept.
    pub answer: String,
    /// What follows from it, if there is anything to say.
    pub text: Option<String>,
}

impl<'a> Interview<'a> {
    /// At its first step.
    pub fn new(vocabulary: Vocabulary<'a>, defaults: Defaults) -> Self {
        let values = resolve(vocabulary, &defaults, &Given::new());
        Self {
            vocabulary,
            defaults,
            given: Given::new(),
            values,
            at: 0,
        }
    }

    /// The step to answer now; none after the last.
    pub fn step(&self) -> Option<Step> {
        let (question, form) = self.now()?;
        Some(Step {
            id: question.id,
            number: question.number,
            topic: question.topic,
            title: question.title,
            why: question.why,
            more: question.more,
            choices: form.choices,
            several: form.several,
            free: form.free.map(|free| free.hint),
            // Somebody who came back finds what was said.
            default: self.values.get(question.id).cloned().unwrap_or_default(),
            missing: form.missing,
        })
    }

    /// Answers the step with the name or number of a choice, several of them
    /// with commas between, or a text; the empty text takes the default.
    pub fn answer(&mut self, answer: &str) -> Result<Consequence, Complaint> {
        let Some((question, form)) = self.now() else {
            return Err(Complaint::new(
                "everything is answered",
                "go back to change something",
            ));
        };
        let answer = if answer.trim().is_empty() {
            self.values.get(question.id).cloned().unwrap_or_default()
        } else {
            let answer = form.by_number(answer.trim())?;
            form.accept(&answer, &self.view(&before(&self.values, question.id)))?
        };
        self.take(question.id, answer.clone())?;
        let text = (question.follows)(&self.view(&self.values)).or_else(|| {
            let told = |one: &&Choice| one.value == answer && !one.follows.is_empty();
            let chosen = form.choices.iter().find(told);
            chosen.map(|choice| format!("{}: {}", choice.value, choice.follows))
        });
        self.at = self.following(self.at + 1);
        Ok(Consequence { answer, text })
    }

    /// Goes to the step before; what was answered is its default then. False at
    /// the first.
    pub fn back(&mut self) -> bool {
        let asked =
            |at: &usize| questions::at(*at).is_some_and(|one| self.values.contains_key(one.id));
        match (0..self.at).rev().find(asked) {
            Some(at) => {
                self.at = at;
                true
            }
            None => false,
        }
    }

    /// The cluster file, with the default for what was not answered.
    pub fn file(&self) -> String {
        cluster_file::write(&self.view(&self.values))
    }

    /// Takes the answers of a file; steps that are not in it keep their default.
    /// What had no effect is told. With any error nothing is taken.
    pub fn read_answers(&mut self, text: &str) -> Result<Vec<AnswerNote>, Vec<AnswerError>> {
        let (given, notes) = answers_file::read(text, self.vocabulary, &self.defaults)?;
        self.values = resolve(self.vocabulary, &self.defaults, &given);
        self.given = given;
        Ok(notes)
    }

    /// An answers file to fill in: every step with its choices and its default.
    pub fn questions(&self) -> String {
        questionnaire::write(self.vocabulary, &self.defaults)
    }

    /// Keeps an answer, unless that makes an error in a file that had none.
    fn take(&mut self, id: &'static str, answer: String) -> Result<(), Complaint> {
        let mut given = self.given.clone();
        given.insert(id, answer);
        let values = resolve(self.vocabulary, &self.defaults, &given);
        if self.error(&self.values).is_none()
            && let Some(complaint) = self.error(&values)
        {
            return Err(complaint);
        }
        self.given = given;
        self.values = values;
        Ok(())
    }

    /// The first error in the file that would be written.
    fn error(&self, values: &BTreeMap<&'static str, String>) -> Option<Complaint> {
        let text = cluster_file::write(&self.view(values));
        let reading = file::read(&text, &self.vocabulary);
        let error = reading.diagnostics.iter().find(|one| one.is_error());
        error.map(Complaint::of)
    }

    fn now(&self) -> Option<(&'static Question, Form)> {
        let question = questions::at(self.at)?;
        let form = (question.form)(&self.view(&before(&self.values, question.id)))?;
        Some((question, form))
    }

    fn view<'v>(&'v self, values: &'v BTreeMap<&'static str, String>) -> View<'v> {
        View {
            vocabulary: self.vocabulary,
            defaults: &self.defaults,
            values,
        }
    }

    /// The first step from `at` that is asked.
    fn following(&self, at: usize) -> usize {
        let end = questions::all().count();
        let asked =
            |at: &usize| questions::at(*at).is_some_and(|one| self.values.contains_key(one.id));
        (at..end).find(asked).unwrap_or(end)
    }
}

/// The answers of the steps before `id`: all that a question may look at.
pub(super) fn before(
    values: &BTreeMap<&'static str, String>,
    id: &str,
) -> BTreeMap<&'static str, String> {
    let earlier = questions::all()
        .map(|one| one.id)
        .take_while(|one| *one != id);
    earlier
        .filter_map(|one| Some((one, values.get(one)?.clone())))
        .collect()
}
