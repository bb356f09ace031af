//! What is said of cards that are not right.

use bramble_card::Overlay;
use bramble_media::CardError;

use crate::memory::{Faults, Memory};
use crate::{image, in_file, job, opened, written};

const LENGTH: usize = 12 << 20;
const CARD: usize = 32 << 20;

/// What becomes of a card with `faults`, and of one that is well beside it.
fn course(faults: Faults) -> (CardError, Memory) {
    let folder = tempfile::tempdir().unwrap();
    let bytes = image(LENGTH);
    let path = in_file(folder.path(), &bytes);
    let bad = Memory::new(CARD, faults);
    let good = Memory::new(CARD, Faults::default());
    let jobs = [&bad, &good].map(|card| job(card, Overlay::default()));

    let mut outcome = written(opened(&path), jobs.into());

    outcome.image.unwrap();
    outcome.cards.remove(1).unwrap();
    assert!(good.content()[..LENGTH] == bytes);
    (outcome.cards.remove(0).unwrap_err(), bad)
}

fn no_table(card: &Memory) -> bool {
    card.content()[510..512] != [0x55, 0xaa]
}

#[test]
fn a_card_that_fails_halfway_is_given_up_and_the_others_are_not() {
    // The end is cleared before anything else, and has to be writable.
    let fails_from = Some(6 << 20);
    let (error, card) = course(Faults {
        fails_from,
        ..Faults::default()
    });
    assert!(matches!(error, CardError::Write { .. }), "{error}");
    assert!(no_table(&card));
}

#[test]
fn a_bit_that_turns_is_found_where_it_is() {
    let (error, card) = course(Faults {
        bad_byte: Some(7_345_678),
        ..Faults::default()
    });
    let CardError::Differs { offset } = error else {
        panic!("{error}")
    };
    assert!(
        (7_345_678 - (256 << 10)..=7_345_678).contains(&offset),
        "{offset}"
    );
    assert!(no_table(&card));
}

#[test]
fn a_card_that_starts_over_at_its_real_end_is_told_to_lie() {
    for real in [16 << 20, (12 << 20) + (3 << 20) + 4096, 31 << 20] {
        let (error, card) = course(Faults {
            wraps_at: Some(real),
            ..Faults::default()
        });
        assert!(matches!(error, CardError::Lies { .. }), "{real}: {error}");
        assert!(no_table(&card), "{real}");
    }
}

#[test]
fn a_card_that_holds_less_than_the_image_is_found_out() {
    for faults in [
        Faults {
            wraps_at: Some(8 << 20),
            ..Faults::default()
        },
        Faults {
            forgets_from: Some(8 << 20),
            ..Faults::default()
        },
        Faults {
            forgets_from: Some(14 << 20),
            ..Faults::default()
        },
    ] {
        let (error, card) = course(faults);
        let known = matches!(error, CardError::Differs { .. } | CardError::Lies { .. });
        assert!(known, "{faults:?}: {error}");
        assert!(no_table(&card), "{faults:?}");
    }
}

#[test]
fn a_card_too_small_is_found_at_the_latest_at_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = image(LENGTH);
    let path = in_file(folder.path(), &bytes);
    let card = Memory::new(LENGTH - 4096, Faults::default());

    let outcome = written(opened(&path), vec![job(&card, Overlay::default())]);

    let holds = (LENGTH - 4096) as u64;
    assert!(
        matches!(outcome.cards[0], Err(CardError::TooSmall { holds: found, .. }) if found == holds)
    );
    assert!(no_table(&card));
}
