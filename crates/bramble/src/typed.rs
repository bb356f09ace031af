//! Values that several verbs take, as they are typed. Not in here: the verbs.

use std::num::NonZeroUsize;

/// How many, where none would be nothing to do.
pub(crate) fn at_least_one(text: &str) -> Result<NonZeroUsize, String> {
    let wanted = |_| "wants a number of 1 or more".to_owned();
    text.parse().map_err(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_less_than_one_or_no_number_is_told_what_is_wanted() {
        assert_eq!(at_least_one("7").map(NonZeroUsize::get), Ok(7));
        for odd in ["0", "-1", "x", "", "1.5"] {
            assert_eq!(
                at_least_one(odd).unwrap_err(),
                "wants a number of 1 or more"
            );
        }
    }
}
