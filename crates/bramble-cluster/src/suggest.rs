//! What was probably meant by a word nobody knows. Not in here: who knows which
//! words.

/// Most words that can be read as a list.
const MOST: usize = 20;
/// Most words worth listing after one of them was suggested.
const MOST_AFTER_NEAR: usize = 6;

/// A known word near enough to `word` to be worth suggesting. Of several the
/// nearest, and of equally near ones one that begins alike, and the shortest of those.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    // Comparing costs the product of both lengths.
    if length > 100 {
        return None;
    }
    // One slip in a short word, a third of the letters in a long one. What is
    // written otherwise (case, separators) or cut short is always near.
    let limit = if length < 6 { 1 } else { length / 3 };
    let plain = |text: &str| {
        text.to_lowercase()
            .replace(['_', ' '], "-")
            .replace('+', "plus")
    };
    let meant = plain(word);
    let distance = |candidate: &str| {
        let candidate = plain(candidate);
        let cut_short = length > 2 && candidate.starts_with(&meant);
        let slips = strsim::osa_distance(&meant, &candidate);
        if cut_short { slips.min(limit) } else { slips }
    };
    known
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(slips, candidate)| *slips <= limit && *slips < candidate.chars().count())
        .min_by_key(|(slips, candidate)| {
            let another_beginning = !plain(candidate).starts_with(&meant);
            let length = candidate.len().abs_diff(word.len());
            (*slips, another_beginning, length)
        })
        .map(|(_, candidate)| candidate)
}

/// `a`, `b` or `c`: all of `known`, unless there are too many to be read.
pub(crate) fn list<'a>(known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let quoted: Vec<_> = known.into_iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((only, [])) => Some(only.clone()),
        Some((last, first)) if quoted.len() <= MOST => {
            Some(format!("{} or {last}", first.join(", ")))
        }
        _ => None,
    }
}

/// What to do about `word`: the nearest of `known`, and all of them if they can
/// be read. Nothing if neither helps.
pub(crate) fn remedy<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    let count = known.clone().into_iter().count();
    let few = (2..=MOST_AFTER_NEAR).contains(&count);
    match (nearest(word, known.clone()), list(known)) {
        (Some(near), Some(all)) if few => Some(format!("did you mean `{near}`? It can be {all}")),
        (Some(near), _) => Some(format!("did you mean `{near}`?")),
        (None, all) => all.map(|all| format!("it can be {all}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_suggested_if_it_is_near() {
        let boards = ["rpi3b", "rpi3bplus", "rpi4b", "vim3-basic"];
        assert_eq!(nearest("rpi4", boards), Some("rpi4b"));
        assert_eq!(nearest("rpi4", ["rpi400", "rpi5", "rpi4b"]), Some("rpi4b"));
        assert_eq!(nearest("RPI_4B", boards), Some("rpi4b"));
        assert_eq!(nearest("vim3 basic", boards), Some("vim3-basic"));
        assert_eq!(nearest("rpi3b+", boards), Some("rpi3bplus"));
        assert_eq!(nearest("vim3", boards), Some("vim3-basic"));
        assert_eq!(nearest("toaster", boards), None);
        assert_eq!(nearest("a", ["on"]), None);
    }

    #[test]
    fn a_short_list_is_told_and_a_long_one_is_not() {
        assert_eq!(list(["a"]).as_deref(), Some("`a`"));
        assert_eq!(list(["a", "b", "c"]).as_deref(), Some("`a`, `b` or `c`"));
        assert_eq!(list([]), None);
        assert_eq!(list(["a"; 21]), None);
    }

    #[test]
    fn a_remedy_names_the_nearest_and_a_few_others() {
        let told = |word, known: &[&str]| remedy(word, known.iter().copied());
        assert_eq!(
            told("of", &["on", "off"]).as_deref(),
            Some("did you mean `off`? It can be `on` or `off`")
        );
        assert_eq!(
            told("x9", &["on", "off"]).as_deref(),
            Some("it can be `on` or `off`")
        );
        assert_eq!(
            told("offf", &["off"; 9]).as_deref(),
            Some("did you mean `off`?")
        );
        assert_eq!(told("toaster", &["off"; 21]), None);
    }
}
