//! Nothing lies on anything else, whatever the cluster.

use proptest::prelude::*;

use super::{Feed, PLAIN, Shape, sheet};
use crate::drawing::geometry::{Point, Rect};
use crate::drawing::layout::{Anchor, CableKind, Sheet};
use crate::drawing::text::width;

/// Whether two boxes have more than an edge in common.
fn overlap(one: Rect, other: Rect) -> bool {
    one.x < other.right()
        && other.x < one.right()
        && one.y < other.bottom()
        && other.y < one.bottom()
}

fn holds(rect: Rect, point: Point) -> bool {
    (rect.x..=rect.right()).contains(&point.x) && (rect.y..=rect.bottom()).contains(&point.y)
}

/// A stretch of a cable, as the rectangle of no area that it is.
fn stretch(from: Point, to: Point) -> Rect {
    Rect::new(
        from.x.min(to.x),
        from.y.min(to.y),
        (from.x - to.x).abs(),
        (from.y - to.y).abs(),
    )
}

fn boxes_are_apart(sheet: &Sheet) {
    let all = Rect::new(0, 0, sheet.width, sheet.height);
    for (at, part) in sheet.parts.iter().enumerate() {
        let Rect { x, y, .. } = part.rect;
        assert!(holds(all, Point { x, y }), "{part:#?}");
        assert!(
            part.rect.right() <= all.right() && part.rect.bottom() <= all.bottom(),
            "{part:#?}"
        );
        for other in sheet.parts.iter().skip(at + 1) {
            assert!(!overlap(part.rect, other.rect), "{part:#?}\n{other:#?}");
        }
    }
}

fn texts_are_in_their_boxes(sheet: &Sheet) {
    for part in &sheet.parts {
        for text in &part.texts {
            let wide = width(&text.content, text.style);
            let left = match text.anchor {
                Anchor::Start => text.at.x,
                Anchor::Middle => text.at.x - wide / 2,
                Anchor::End => text.at.x - wide,
            };
            let rect = Rect::new(left, text.at.y - text.style.size(), wide, text.style.size());
            let inside = rect.x >= part.rect.x - 1
                && rect.right() <= part.rect.right() + 1
                && rect.y >= part.rect.y
                && rect.bottom() <= part.rect.bottom();
            assert!(inside, "{text:?} in {:?}", part.rect);
        }
        for (at, text) in part.texts.iter().enumerate() {
            for other in part
                .texts
                .iter()
                .skip(at + 1)
                .filter(|other| other.at.y == text.at.y)
            {
                let apart = match (text.anchor, other.anchor) {
                    (Anchor::Start, Anchor::End) => {
                        text.at.x + width(&text.content, text.style)
                            <= other.at.x - width(&other.content, other.style)
                    }
                    _ => true,
                };
                assert!(apart, "{text:?} {other:?}");
            }
        }
    }
}

fn cables_go_around_boxes(sheet: &Sheet) {
    for cable in &sheet.cables {
        let (first, last) = (cable.points[0], cable.points[cable.points.len() - 1]);
        let others = sheet
            .parts
            .iter()
            .filter(|part| !holds(part.rect, first) && !holds(part.rect, last));
        let others: Vec<_> = others.collect();
        for pair in cable.points.windows(2) {
            assert!(
                pair[0].x == pair[1].x || pair[0].y == pair[1].y,
                "{cable:?}"
            );
            let way = stretch(pair[0], pair[1]);
            let way = Rect::new(way.x, way.y, way.width.max(1), way.height.max(1));
            for part in &others {
                assert!(!overlap(way, part.rect), "{cable:?}\n{part:#?}");
            }
        }
    }
}

fn no_cable_hides_another(sheet: &Sheet) {
    let stretches = |cable: usize| {
        let points = sheet.cables[cable].points.windows(2);
        points
            .map(|pair| stretch(pair[0], pair[1]))
            .collect::<Vec<_>>()
    };
    let ways: Vec<_> = (0..sheet.cables.len()).map(stretches).collect();
    let hides = |one: &Rect, other: &Rect| {
        let upright = one.width == 0 && other.width == 0 && one.x == other.x;
        let level = one.height == 0 && other.height == 0 && one.y == other.y;
        upright && one.y < other.bottom() && other.y < one.bottom()
            || level && one.x < other.right() && other.x < one.right()
    };
    for at in 0..ways.len() {
        // Ways of the world fork, and so do the button's.
        if sheet.cables[at].kind == CableKind::World {
            continue;
        }
        for beside in at + 1..ways.len() {
            for one in &ways[at] {
                let hidden = ways[beside].iter().find(|other| hides(one, other));
                assert!(
                    hidden.is_none(),
                    "{:?}\n{:?}",
                    sheet.cables[at],
                    sheet.cables[beside]
                );
            }
        }
    }
}

fn is_legible(shape: Shape) {
    let sheet = sheet(&shape.file());
    boxes_are_apart(&sheet);
    texts_are_in_their_boxes(&sheet);
    cables_go_around_boxes(&sheet);
    no_cable_hides_another(&sheet);
}

#[test]
fn clusters_of_one_to_forty_eight_nodes_are_legible() {
    for nodes in 0..48 {
        is_legible(Shape {
            nodes,
            switches: (48, 1),
            ..PLAIN
        });
        is_legible(Shape {
            nodes,
            switches: (8, 8),
            button: true,
            ..PLAIN
        });
    }
}

#[test]
fn clusters_that_are_folded_are_legible() {
    for nodes in [48, 100, 1000] {
        for feed in [Feed::Own, Feed::Shared(6), Feed::Poe] {
            is_legible(Shape {
                nodes,
                feed,
                switches: (8, 200),
                button: true,
                ..PLAIN
            });
        }
    }
}

fn feed() -> impl Strategy<Value = Feed> {
    prop_oneof![
        Just(Feed::Unknown),
        Just(Feed::Own),
        Just(Feed::Poe),
        (2..11_usize).prop_map(Feed::Shared),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn clusters_of_many_shapes_are_legible(
        nodes in 0..60_usize,
        feed in feed(),
        switches in (0..50_usize, 1..16_usize),
        (uplink, button) in (any::<bool>(), any::<bool>()),
        devices in 0..6_usize,
    ) {
        is_legible(Shape { nodes, feed, switches, uplink, button, devices });
    }
}

#[test]
fn cables_cross_rarely_where_everything_is_plugged_in_its_order() {
    let sheet = sheet(
        &Shape {
            nodes: 39,
            switches: (48, 1),
            ..PLAIN
        }
        .file(),
    );
    let mut crossings = 0;
    let lines: Vec<Vec<_>> = sheet
        .cables
        .iter()
        .map(|cable| {
            cable
                .points
                .windows(2)
                .map(|pair| stretch(pair[0], pair[1]))
                .collect()
        })
        .collect();
    let crosses = |level: &Rect, upright: &Rect| {
        level.height == 0
            && upright.width == 0
            && level.x < upright.x
            && upright.x < level.right()
            && upright.y < level.y
            && level.y < upright.bottom()
    };
    for (at, one) in lines.iter().enumerate() {
        for other in lines.iter().skip(at + 1) {
            for (a, b) in one.iter().flat_map(|a| other.iter().map(move |b| (a, b))) {
                crossings += usize::from(crosses(a, b) || crosses(b, a));
            }
        }
    }
    assert_eq!(crossings, 0);
}
