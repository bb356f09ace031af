//! Names and pass phrases of wireless networks that YAML could take for
//! something else.

use bramble_cluster::cluster::Medium;
use bramble_testkit::{BaseImage, recipe, skipped};
use proptest::prelude::*;

use crate::{file, home, seed};

/// The `network-config` of a head on such a network.
fn network_config(ssid: &str, password: &str) -> String {
    let mut cluster = recipe();
    if let Some(uplink) = &mut cluster.nodes[0].uplink {
        uplink.medium = Medium::Wifi(ssid.to_owned());
    }
    file(
        &seed(&cluster, "head", &home(Some(password))),
        "network-config",
    )
}

const AWKWARD: [&str; 14] = [
    "quote\"d",
    "it's",
    r"back\slash",
    r"\n",
    ": #",
    "- item",
    "{a: b}",
    "yes",
    "0123",
    "~",
    " edges ",
    "gr\u{fc}n \u{1f33f}",
    "a\u{7f}b\u{85}c",
    "x\u{2028}y\u{feff}",
];

fn check(ssid: &str, password: &str) -> Result<(), TestCaseError> {
    let text = network_config(ssid, password);
    let read: serde_yaml_ng::Value = serde_yaml_ng::from_str(&text).unwrap();
    let points = read["wifis"]["wlan0"]["access-points"]
        .as_mapping()
        .unwrap();
    let (name, access) = points.iter().next().unwrap();
    prop_assert_eq!((points.len(), name.as_str()), (1, Some(ssid)), "{}", &text);
    prop_assert_eq!(access["password"].as_str(), Some(password), "{}", &text);
    Ok(())
}

proptest! {
    #[test]
    fn any_name_and_pass_phrase_survive(ssid in "\\PC{1,32}", password in any::<String>()) {
        check(&ssid, &password)?;
    }
}

#[test]
fn awkward_names_and_pass_phrases_survive() {
    for text in AWKWARD {
        check(text, text).unwrap();
    }
}

/// cloud-init and netplan read YAML 1.1, by Python and by C.
#[test]
fn the_nodes_own_reader_understands_them_alike() {
    let image = match BaseImage::find() {
        Ok(image) => image,
        Err(reason) => return skipped(&reason),
    };
    let script = "import yaml, glob
for path in sorted(glob.glob('/seeds/*')):
    points = yaml.safe_load(open(path, encoding='utf-8'))['wifis']['wlan0']['access-points']
    for name, access in points.items():
        print(ascii(name) if name == access['password'] else 'differ: ' + path)
";
    let seeds: Vec<_> = AWKWARD
        .iter()
        .enumerate()
        .map(|(at, text)| (format!("/seeds/{at:02}"), network_config(text, text)))
        .collect();
    let mut files: Vec<_> = seeds
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    files.push(("/read.py", script));
    let ran = image.run(&files, "python3 /read.py");
    assert!(ran.succeeded, "{}", ran.said);
    insta::assert_snapshot!(ran.said, @r##"
    'quote"d'
    "it's"
    'back\\slash'
    '\\n'
    ': #'
    '- item'
    '{a: b}'
    'yes'
    '0123'
    '~'
    ' edges '
    'gr\xfcn \U0001f33f'
    'a\x7fb\x85c'
    'x\u2028y\ufeff'
    "##);
}
