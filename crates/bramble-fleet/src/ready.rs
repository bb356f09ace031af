//! Waiting for nodes that are still starting. Not in here: what is asked of
//! them afterwards.

use std::time::Duration;

use bramble_cluster::NodeName;
use bramble_converge::Unreachable;
use tokio::time::{Instant, sleep, timeout_at};

use crate::pool::{Ask, Pool};
use crate::reason::too_slow;

/// How long is waited for a node of which nothing was said about that.
const LONG_ENOUGH: Duration = Duration::from_hours(1);

/// Tries the node until it answers over SSH and lets us in, or `limit` is over:
/// then with the last reason. A wrong host key ends the wait: time does not make
/// it right.
pub(crate) async fn wait(
    pool: &Pool,
    node: &NodeName,
    ask: &Ask,
    limit: Option<Duration>,
) -> Result<(), Unreachable> {
    let limit = limit.unwrap_or(LONG_ENOUGH);
    let deadline = Instant::now() + limit;
    let mut last = too_slow(format!("connecting to {}", pool.address(node)), limit);
    let mut pause = Pause::default();
    loop {
        let ask = Ask {
            since: Instant::now() - pause.length,
            ..ask.clone()
        };
        match timeout_at(deadline, pool.check(node, &ask)).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(reason)) if is_final(&reason) => return Err(reason),
            Ok(Err(reason)) => last = reason,
            Err(_) => return Err(last),
        }
        pause.after(&last);
        if timeout_at(deadline, sleep(pause.length)).await.is_err() {
            return Err(last);
        }
    }
}

fn is_final(reason: &Unreachable) -> bool {
    match reason {
        Unreachable::WrongHostKey { .. } => true,
        Unreachable::NoWay { reason, .. } => is_final(reason),
        _ => false,
    }
}

/// How long to wait before the next try. Where nothing listens yet, a try costs
/// nothing. A server that said no counts: OpenSSH 9.8 and later shuts out an
/// address for a while after a few failed logins, five seconds for each.
#[derive(Default)]
struct Pause {
    length: Duration,
}

impl Pause {
    const SHORT: Duration = Duration::from_millis(200);
    const LONG: Duration = Duration::from_secs(5);

    fn after(&mut self, reason: &Unreachable) {
        self.length = if heard_by_server(reason) {
            (self.length * 2).clamp(Duration::from_secs(1), Self::LONG)
        } else {
            Self::SHORT
        };
    }
}

fn heard_by_server(reason: &Unreachable) -> bool {
    match reason {
        Unreachable::Refused { .. }
        | Unreachable::RefusedWithoutKey { .. }
        | Unreachable::Lost(_) => true,
        Unreachable::NoWay { reason, .. } => heard_by_server(reason),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> Unreachable {
        Unreachable::Refused {
            user: "pi".to_owned(),
            offered: 1,
        }
    }

    fn pauses(reasons: &[Unreachable]) -> Vec<u128> {
        let mut pause = Pause::default();
        let after = |reason| {
            pause.after(reason);
            pause.length.as_millis()
        };
        reasons.iter().map(after).collect()
    }

    #[test]
    fn a_server_that_says_no_is_asked_less_and_less() {
        let reasons = [refused(), refused(), refused(), refused(), refused()];
        assert_eq!(pauses(&reasons), [1000, 2000, 4000, 5000, 5000]);
    }

    #[test]
    fn where_nothing_listens_tries_stay_frequent() {
        let silent = Unreachable::NoAnswer {
            address: String::new(),
            reason: String::new(),
        };
        assert_eq!(
            pauses(&[refused(), silent.clone(), silent]),
            [1000, 200, 200]
        );
    }

    #[test]
    fn a_wrong_host_key_on_the_way_is_final_too() {
        let wrong = Unreachable::WrongHostKey {
            expected: String::new(),
            found: String::new(),
        };
        let behind = Unreachable::NoWay {
            via: "head".parse().unwrap(),
            reason: Box::new(wrong.clone()),
        };
        assert!(is_final(&wrong) && is_final(&behind) && !is_final(&refused()));
    }
}
