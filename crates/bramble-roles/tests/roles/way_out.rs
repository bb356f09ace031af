//! The workers' way out, by the real `nft` and the generated rules.

use bramble_converge::Answer;
use bramble_roles::{WayOut, WayState};
use bramble_testkit::{BaseImage, recipe, skipped};

use crate::case::Case;
use crate::files::{borrowed, files};

fn answer(output: &str) -> Answer {
    Answer {
        status: 0,
        output: output.as_bytes().to_vec(),
        complaint: b"Error: No such file or directory\n".to_vec(),
    }
}

/// What is said after each of `orders`, given to a gateway one after the other.
fn states(case: &Case, orders: &[WayOut]) -> Option<Vec<WayState>> {
    let image = match BaseImage::find() {
        Ok(image) => image,
        Err(reason) => {
            skipped(&reason);
            return None;
        }
    };
    let mut files = files(case, "head");
    let mut script = "nft -f /etc/bramble/gateway.nft || exit\n".to_owned();
    for (at, order) in orders.iter().enumerate() {
        let request = order.request(&case.cluster);
        let input = String::from_utf8(request.input.expose().clone()).unwrap();
        files.push((format!("/orders/{at}"), input));
        files.push((
            format!("/orders/{at}.sh"),
            request.command.replace("exec sudo -n ", "exec "),
        ));
        let order = format!("/orders/{at}.sh < /orders/{at}");
        script.extend(["/bin/sh ", &order, " 2>/orders/complaint || exit\n"]);
    }
    let ran = image.run(&borrowed(&files), &script);
    assert!(ran.succeeded, "{}", ran.said);
    Some(
        ran.said
            .lines()
            .map(|line| WayState::parse(&answer(line)).unwrap())
            .collect(),
    )
}

#[test]
fn the_way_opens_for_a_time_or_without_end_and_closes() {
    let orders = [
        WayOut::Show,
        WayOut::Open(Some(1800)),
        WayOut::Show,
        WayOut::Open(Some(60)),
        WayOut::Open(None),
        WayOut::Show,
        WayOut::Close,
        WayOut::Close,
        WayOut::Open(Some(90)),
    ];
    let Some(states) = states(&Case::recipe([]), &orders) else {
        return;
    };
    let open: Vec<_> = states.iter().map(|state| state.open).collect();
    assert_eq!(
        open,
        [false, true, true, true, true, true, false, false, true]
    );
    let limited: Vec<_> = states.iter().map(|state| !state.left.is_empty()).collect();
    assert_eq!(
        limited,
        [false, true, true, true, false, false, false, false, true]
    );
    assert!(
        states[1].left.starts_with("29m59s") || states[1].left.starts_with("30m"),
        "{states:?}"
    );
    assert!(
        states[3].left.starts_with("59s") || states[3].left.starts_with("1m"),
        "{states:?}"
    );
}

#[test]
fn the_way_for_packages_leaves_the_owner_s_alone() {
    let orders = [
        WayOut::OpenToInstall(1800),
        WayOut::Show,
        WayOut::Open(None),
        WayOut::CloseToInstall,
        WayOut::Show,
    ];
    if let Some(states) = states(&Case::recipe([]), &orders) {
        let open: Vec<_> = states.iter().map(|state| state.open).collect();
        assert_eq!(open, [true, false, true, false, true]);
    }
}

#[test]
fn a_way_that_is_always_open_is_seen_as_open() {
    let case = Case::recipe([("internet = \"on-demand\"", "internet = \"always\"")]);
    if let Some(states) = states(&case, &[WayOut::Show]) {
        assert!(states[0].open && states[0].left.is_empty(), "{states:?}");
    }
}

#[test]
fn an_answer_that_is_neither_is_refused_with_the_complaint() {
    let error = WayState::parse(&answer("")).unwrap_err().to_string();
    assert!(
        error.contains("neither open nor closed; Error: No such file"),
        "{error}"
    );
}

#[test]
fn the_keeper_is_the_gateway() {
    assert_eq!(WayOut::keeper(&recipe()).unwrap().name.as_str(), "head");
}
