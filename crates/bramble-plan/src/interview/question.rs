//! One step of the interview as a value. Not in here: which there are (`questions`).

use super::form::Form;
use super::resolved::View;

/// One step of the interview.
pub(super) struct Question {
    /// Its key in an answers file.
    pub(super) id: &'static str,
    /// Which of the twelve it belongs to; none for what comes before them.
    pub(super) number: Option<u8>,
    /// The twelve in a word or two: `power`.
    pub(super) topic: &'static str,
    /// The question.
    pub(super) title: &'static str,
    /// Why it matters, in one or two lines.
    pub(super) why: &'static str,
    /// More for those who ask.
    pub(super) more: &'static str,
    /// What can be answered; nothing if the answers before leave the step out.
    pub(super) form: fn(&View<'_>) -> Option<Form>,
    /// What follows from the answer, where the choice itself does not say it.
    pub(super) follows: fn(&View<'_>) -> Option<String>,
}
