//! Numbers with their nouns.

/// `1 node`, `2 nodes`.
pub fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn one_is_singular_and_none_is_plural() {
        assert_eq!(
            [count(0, "change"), count(1, "change")],
            ["0 changes", "1 change"]
        );
    }
}
