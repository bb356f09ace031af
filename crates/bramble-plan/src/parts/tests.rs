//! What a parts list adds up to, and what it must not add. Not in here: how it looks.

use bramble_cluster::catalogue::{Catalogue, Reference};
use proptest::prelude::*;

use super::*;

/// The parts list of the cluster of this cluster file.
fn list(text: &str) -> PartsList {
    let (catalogue, reference) = (Catalogue::builtin(), Reference::builtin());
    let cluster = bramble_testkit::cluster(text);
    PartsList::of(&Site::new(&cluster, &catalogue, &reference))
}

/// A cluster file with a head that costs 55 dollars; `rest` goes on in `[cluster]`.
fn file(rest: &str) -> String {
    format!(
        "[network]\nsubnet = \"10.55.0.0/16\"\n[head]\nname = \"head\"\nboard = \"rpi4b\"\n\
         ram = \"4GB\"\n[cluster]\nname = \"test\"\n{rest}"
    )
}

fn told(list: &PartsList) -> Vec<String> {
    let line = |line: &Line| {
        let amount = line
            .subtotal
            .map_or("-".to_owned(), |amount| amount.to_string());
        let currency = line
            .currency
            .map_or(String::new(), |code| format!(" {code}"));
        format!("{} x {}: {amount}{currency}", line.quantity, line.name)
    };
    list.lines.iter().map(line).collect()
}

fn sums(sums: &[Sum]) -> Vec<String> {
    let sum = |sum: &Sum| {
        let currency = sum.currency.map_or("-".to_owned(), |code| code.to_string());
        format!("{} {currency}", sum.amount)
    };
    sums.iter().map(sum).collect()
}

#[test]
fn the_recipe_costs_404_dollars_in_twelve_lines() {
    let list = list(bramble_testkit::RECIPE);
    assert_eq!(sums(&list.totals), ["404.00 USD"]);
    assert_eq!((list.lines.len(), list.unpriced), (12, 0));
    insta::assert_snapshot!(told(&list).join("\n"));
}

#[test]
fn equal_things_of_several_groups_are_one_line() {
    let nodes = "[[nodes]]\nnames = \"a[1-2]\"\nboard = \"rpi3bplus\"\ncard = \"sandisk-ultra-32GB\"\n\
                 [[nodes]]\nnames = \"b[1-3]\"\nboard = \"rpi4b\"\nram = \"4GB\"\ncard = \"sandisk-ultra-32GB\"\n";
    assert_eq!(
        told(&list(&file(nodes))),
        [
            "4 x Raspberry Pi 4 Model B, 4 GB: 220.00 USD",
            "2 x Raspberry Pi 3 Model B+: 70.00 USD",
            "5 x SanDisk Ultra 32GB microSDHC: 30.00 USD",
        ]
    );
}

#[test]
fn supplies_are_counted_by_what_they_feed_and_more_may_be_bought() {
    let nodes = "[[nodes]]\nnames = \"n[1-7]\"\nboard = \"rpi3bplus\"\nsupply = \"anker-60w-6\"\n";
    let supplies = |count: u32| {
        let power = format!("[power]\nsupplies = {{ \"anker-60w-6\" = {count} }}\n");
        let list = list(&file(&format!("{nodes}{power}")));
        list.lines
            .iter()
            .find(|line| line.kind == Kind::Supply)
            .unwrap()
            .quantity
    };
    assert_eq!([1, 2, 3].map(supplies), [1, 2, 3]);
}

#[test]
fn what_the_file_says_is_bought_takes_the_place_of_what_is_counted() {
    let nodes = "[[nodes]]\nnames = \"n[1-5]\"\nboard = \"rpi3bplus\"\nsupply = \"anker-60w-6\"\n";
    let counted = list(&file(nodes));
    assert_eq!(
        told(&counted).last().unwrap(),
        "1 x Anker PowerPort 6, 60 W: 30.00 USD"
    );
    let priced =
        format!("currency = \"USD\"\n{nodes}[[parts]]\nof = \"anker-60w-6\"\nquantity = 2\n");
    let bought = list(&file(&priced));
    assert_eq!(
        told(&bought).last().unwrap(),
        "2 x Anker PowerPort 6, 60 W: 60.00 USD"
    );
    let total = list(&file(&format!("{priced}total = 45\n")));
    assert_eq!(
        told(&total).last().unwrap(),
        "2 x Anker PowerPort 6, 60 W: 45.00 USD"
    );
    assert_eq!(total.lines.len(), counted.lines.len());
}

#[test]
fn what_has_no_price_is_listed_and_counted() {
    let rest = "[[parts]]\nname = \"standoffs\"\nquantity = 3\n";
    let list = list(&file(rest));
    assert_eq!(told(&list).last().unwrap(), "3 x standoffs: -");
    assert_eq!(list.unpriced, 3);
}

#[test]
fn a_machine_that_runs_already_and_has_no_price_is_not_bought() {
    let nodes = "[[nodes]]\nnames = \"mac\"\nboard = \"macmini-late2012-i5\"\nram = \"4GB\"\nadopt = true\n\
                 [[nodes]]\nnames = \"more[1-2]\"\nboard = \"macmini-late2012-i5\"\nram = \"4GB\"\n";
    let list = list(&file(nodes));
    let there: Vec<_> = list
        .lines
        .iter()
        .map(|line| (line.quantity, line.there))
        .collect();
    assert_eq!(there, [(1, false), (1, true), (2, false)]);
    assert_eq!(list.unpriced, 2);
}

#[test]
fn currencies_are_added_only_where_the_file_says_what_they_are_worth() {
    let parts = "[[parts]]\nname = \"rack\"\nprice = 20\n";
    let apart = list(&file(&format!("currency = \"GBP\"\n{parts}")));
    assert_eq!(sums(&apart.totals), ["20.00 GBP", "55.00 USD"]);
    assert_eq!(apart.together, None);
    let rates = "[cost]\nrates = { USD = 0.8 }\n";
    let added = list(&file(&format!("currency = \"GBP\"\n{parts}{rates}")));
    let together = added.together.unwrap();
    assert_eq!(
        (together.amount.to_string().as_str(), together.converted),
        ("64.00", 1)
    );
    assert_eq!(together.apart, []);
    assert_eq!(added.lines[0].converted, Some(Amount::from_f64(44.0)));
}

#[test]
fn a_currency_without_a_rate_stays_apart_from_those_with_one() {
    let own = "[catalogue.boards.rpi3bplus]\nprices = [{ amount = 30, currency = \"EUR\" }]\n";
    let nodes = "[[nodes]]\nnames = \"a\"\nboard = \"rpi3bplus\"\n";
    let rates = "[cost]\nrates = { USD = 0.8 }\n";
    let list = list(&file(&format!("currency = \"GBP\"\n{nodes}{rates}{own}")));
    let together = list.together.unwrap();
    assert_eq!(together.amount.to_string(), "44.00");
    assert_eq!(sums(&together.apart), ["30.00 EUR"]);
}

#[test]
fn prices_in_a_file_without_a_currency_are_added_among_themselves() {
    let list = list(&file("[[parts]]\nname = \"rack\"\nprice = 20\n"));
    assert_eq!(sums(&list.totals), ["20.00 -", "55.00 USD"]);
}

#[test]
fn a_rise_is_told_of_the_catalogue_s_price_and_not_of_the_file_s_own() {
    let changes = |text: &str| {
        let rises = list(&file(text)).rises;
        rises
            .iter()
            .map(|rise| rise.changes.len())
            .collect::<Vec<_>>()
    };
    assert_eq!(changes(""), [2]);
    let own = |when: &str| {
        let price =
            format!("{{ ram = \"4GB\", amount = 60, currency = \"USD\", when = \"{when}\" }}");
        changes(&format!("[catalogue.boards.rpi4b]\nprices = [{price}]\n"))
    };
    assert_eq!(own("2023"), [0; 0]);
    assert_eq!(own("launch"), [0; 0]);
}

#[test]
fn a_size_that_did_not_rise_is_not_said_to_have_risen() {
    let one = file("").replace("4GB", "1GB");
    let rise = &list(&one).rises[0];
    // The second rise left 1 GB as it was.
    assert_eq!(
        rise.changes
            .iter()
            .map(|one| one.date.as_str())
            .collect::<Vec<_>>(),
        ["2025-12"]
    );
}

#[test]
fn the_price_of_one_is_told_only_where_it_comes_out_even() {
    let [even, odd] = [5, 6].map(|count| pricing::each(Amount::from_f64(8.0), count));
    assert_eq!((even, odd), (Some(Amount::from_f64(1.6)), None));
}

proptest! {
    // Each reads the whole catalogue.
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn totals_are_the_sums_of_their_lines(
        prices in proptest::collection::vec((1_u32..40, 0_u32..100_000, 0_usize..3), 0..12),
        rate in 1_u32..30_000,
    ) {
        let codes = ["GBP", "USD", "EUR"];
        let rate = f64::from(rate) / 10_000.0;
        let rates = format!("currency = \"GBP\"\n[cost]\nrates = {{ USD = {rate} }}\n");
        let nodes = prices.iter().enumerate().map(|(at, (count, cents, code))| {
            let (amount, code) = (f64::from(*cents) / 100.0, codes[*code]);
            format!(
                "[[nodes]]\nnames = \"n{at}-[1-{count}]\"\nboard = \"b{at}\"\nram = \"1GB\"\n\
                 [catalogue.boards.b{at}]\nname = \"b{at}\"\ncores = 1\nram = [\"1GB\"]\n\
                 prices = [{{ amount = {amount}, currency = \"{code}\" }}]\n"
            )
        });
        let text = rates + &nodes.collect::<Vec<_>>().concat();
        let list = list(&file(&text));
        for sum in &list.totals {
            let of = list.lines.iter().filter(|line| line.currency == sum.currency);
            prop_assert_eq!(of.filter_map(|line| line.subtotal).sum::<Amount>(), sum.amount);
        }
        let currencies: Vec<_> = list.totals.iter().map(|sum| sum.currency).collect();
        prop_assert!(list.lines.iter().all(|line| currencies.contains(&line.currency)));
        let together = list.together.unwrap();
        let here = Currency::from_code("GBP");
        let in_pounds = list.lines.iter().filter_map(|line| {
            line.converted.or(line.subtotal.filter(|_| line.currency == here))
        });
        prop_assert_eq!(in_pounds.sum::<Amount>(), together.amount);
        prop_assert!(together.apart.iter().all(|sum| sum.currency == Currency::from_code("EUR")));
    }
}
