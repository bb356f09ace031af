//! How many of a thing are enough. Not in here: for what.

/// The least number up to `most`, from `least` on, for which `is_enough` holds, where
/// more are never worse; otherwise one that is enough, and none if `most` is not.
pub(super) fn least(least: usize, most: usize, is_enough: impl Fn(usize) -> bool) -> Option<usize> {
    if !is_enough(most) {
        return None;
    }
    let (mut low, mut high) = (least, most);
    while low < high {
        let middle = usize::midpoint(low, high);
        if is_enough(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_number_that_is_enough_is_found() {
        for right in 1..20 {
            assert_eq!(least(1, 19, |count| count >= right), Some(right));
        }
        assert_eq!(least(1, 19, |_| false), None);
    }
}
