//! Which cable runs along which lane of a channel, so that cables that could keep
//! clear of each other do. Not in here: where the channels are.

/// A cable from a port at `from` to a place at `to`, both along the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Net {
    pub(super) from: i32,
    pub(super) to: i32,
}

impl Net {
    const fn ends(self) -> (i32, i32) {
        if self.from < self.to {
            (self.from, self.to)
        } else {
            (self.to, self.from)
        }
    }

    const fn meets(self, other: Self) -> bool {
        let (left, right) = self.ends();
        let (other_left, other_right) = other.ends();
        left <= other_right && other_left <= right
    }
}

/// The lane of each net, counted from 0 at the side of the ports, and how many
/// lanes there are.
///
/// Of nets to the right, the rightmost comes first and next to the ports; of nets
/// to the left, the leftmost. Where the places are in the order of their ports, no
/// two cables cross then.
pub(super) fn lanes(nets: &[Net]) -> (Vec<usize>, usize) {
    let (mut order, to_left): (Vec<_>, Vec<_>) =
        (0..nets.len()).partition(|&net| nets[net].to >= nets[net].from);
    order.sort_by_key(|&net| std::cmp::Reverse(nets[net].from));
    let mut to_left = to_left;
    to_left.sort_by_key(|&net| nets[net].from);
    order.extend(to_left);
    let mut lanes = vec![0; nets.len()];
    let mut placed: Vec<usize> = Vec::new();
    for net in order {
        let beside = placed.iter().filter(|&&other| nets[other].meets(nets[net]));
        lanes[net] = beside.map(|&other| lanes[other] + 1).max().unwrap_or(0);
        placed.push(net);
    }
    let count = lanes.iter().map(|lane| lane + 1).max().unwrap_or(0);
    (lanes, count)
}

#[cfg(test)]
mod tests {
    use proptest::collection::btree_set;
    use proptest::prelude::*;

    use super::*;

    /// Whether the horizontal run of one crosses an upright run of the other, where
    /// ports are above and places below.
    fn cross(one: (Net, usize), other: (Net, usize)) -> bool {
        let ((net, lane), (beside, below)) = (one, other);
        let (left, right) = beside.ends();
        let within = |x: i32| left < x && x < right;
        within(net.from) && lane > below || within(net.to) && lane < below
    }

    proptest! {
        #[test]
        fn cables_in_the_order_of_their_ports_do_not_cross(
            ports in btree_set(0..200_i32, 1..30),
            places in btree_set(0..200_i32, 30),
        ) {
            let ends = ports.iter().zip(&places);
            let nets: Vec<_> = ends
                .map(|(port, place)| Net { from: port * 8, to: place * 8 + 4 })
                .collect();
            let (lanes, _) = lanes(&nets);
            let placed: Vec<_> = nets.into_iter().zip(lanes).collect();
            for (at, one) in placed.iter().enumerate() {
                for other in placed.iter().skip(at + 1) {
                    prop_assert!(!cross(*one, *other) && !cross(*other, *one), "{one:?} {other:?}");
                }
            }
        }

        #[test]
        fn cables_that_meet_have_lanes_of_their_own(
            ends in proptest::collection::vec((0..99_i32, 0..99_i32), 1..40),
        ) {
            let nets: Vec<_> = ends
                .into_iter()
                .map(|(from, to)| Net { from: from * 8, to: to * 8 + 4 })
                .collect();
            let (lanes, count) = lanes(&nets);
            for (at, one) in nets.iter().enumerate() {
                for (beside, other) in nets.iter().enumerate().skip(at + 1) {
                    prop_assert!(!one.meets(*other) || lanes[at] != lanes[beside]);
                }
            }
            prop_assert!(lanes.iter().all(|&lane| lane < count));
        }
    }
}
