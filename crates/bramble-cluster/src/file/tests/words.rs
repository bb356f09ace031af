//! Words that nobody knows, and hardware of one's own: what is told, word for word.

use insta::assert_snapshot;

use super::*;

#[test]
fn hardware_that_nobody_knows() {
    assert_snapshot!(changed("board = \"rpi3bplus\"", "board = \"rpi3b+\""), @r#"
    Error unknown-board: no board is called `rpi3b+`
      58: "\"rpi3b+\"" not in the catalogue
      help: did you mean `rpi3bplus`? Hardware of your own is described under `[catalogue.boards.my-own]`
    "#);
    assert_snapshot!(changed("supply = \"psu-15w\"", "supply = \"psu-15\""), @r#"
    Error unknown-supply: no supply is called `psu-15`
      51: "\"psu-15\"" not in the catalogue
      help: did you mean `psu-15w`? It can be `anker-60w-6`, `hds-hdd10t-60w`, `psu-15w` or `psu-rpi5-5a`. Hardware of your own is described under `[catalogue.supplies.psu-15]`
    "#);
    assert_snapshot!(changed("sandisk-ultra-32GB", "samsung-evo"), @r#"
    Error unknown-card: no card is called `samsung-evo`
      50: "\"samsung-evo\"" not in the catalogue
      help: it can be `sandisk-ultra-32GB`. Hardware of your own is described under `[catalogue.cards.samsung-evo]`
    "#);
    assert_snapshot!(changed("netgear-8-port", "netgear-8"), @r#"
    Error unknown-switch: no switch is called `netgear-8`
      26: "\"netgear-8\"" not in the catalogue
      help: did you mean `netgear-8-port`? It can be `netgear-8-port`, `tenda-teg1105p-4-63w`, `tplink-8-port`, `tplink-tl-sg1005lp` or `wifi-switch-4-port`. Hardware of your own is described under `[catalogue.switches.netgear-8]`
    "#);
}

#[test]
fn values_that_a_key_does_not_have() {
    assert_snapshot!(changed("\"storage\", ", "\"storge\", "), @r#"
    Error unknown-role: no role is called `storge`
      53: "\"storge\"" not a role
      help: did you mean `storage`? It can be `gateway`, `mpi`, `scheduler`, `storage`, `time` or `worker`
    "#);
    assert_snapshot!(changed("internet = \"on-demand\"", "internet = \"ondemand\""), @r#"
    Error unknown-value: `ondemand` is no value of `internet`
      24: "\"ondemand\"" not a value of this key
      help: did you mean `on-demand`? It can be `always`, `on-demand` or `never`
    "#);
    assert_snapshot!(changed("access = \"gateway\"", "access = \"vpn\""), @r#"
    Error unknown-value: `vpn` is no value of `access`
      23: "\"vpn\"" not a value of this key
      help: it can be `direct`, `routed` or `gateway`
    "#);
    assert_snapshot!(changed("source = \"internet\"", "source = \"GPS\""), @r#"
    Error unknown-value: `GPS` is no value of `source`
      30: "\"GPS\"" not a value of this key
      help: did you mean `gps`? It can be `internet`, `gps` or `none`
    "#);
    assert_snapshot!(changed("engine = \"slurm\"", "engine = \"pbs\""), @r#"
    Error unknown-value: `pbs` is no value of `engine`
      39: "\"pbs\"" not a value of this key
      help: it can be `slurm`
    "#);
    assert_snapshot!(changed("boot = \"card\"", "boot = \"usb\""), @r#"
    Error unknown-value: `usb` is no value of `boot`
      17: "\"usb\"" not a value of this key
      help: it can be `card` or `network`
    "#);
    assert_snapshot!(changed("raspios-lite-arm64-trixie", "raspios-lite"), @r#"
    Error unknown-image: no image is called `raspios-lite`
      16: "\"raspios-lite\"" not a known image
      help: did you mean `raspios-lite-arm64-trixie`? It can be `debian-12`, `debian-13`, `raspios-lite-arm64-bookworm` or `raspios-lite-arm64-trixie`; or write a path such as `./raspios.img.xz`, or a URL
    "#);
    assert_snapshot!(changed("\"learn\", ", "\"lern\", "), @r#"
    Error unknown-value: `lern` is no value of `purpose`
      12: "\"lern\"" not a value of this key
      help: did you mean `learn`? It can be `learn`, `parallel`, `services` or `tasks`
    "#);
    assert_snapshot!(changed("\"USD\"", "\"dollars\""), @r#"
    Error unknown-currency: `dollars` is no currency
      11: "\"dollars\"" not a currency's code
      help: write the three capital letters of its ISO 4217 code, such as `USD` or `EUR`
    "#);
    assert_snapshot!(changed("Europe/London", "Eurpe/london"), @r#"
    Error unknown-timezone: `Eurpe/london` is no time zone
      10: "\"Eurpe/london\"" not of the form `Area/City`
      help: did you mean `Europe/London`?
    "#);
    assert_snapshot!(changed("Europe/London", "GMT+1"), @r#"
    Error unknown-timezone: `GMT+1` is no time zone
      10: "\"GMT+1\"" not of the form `Area/City`
      help: write the area and the city, such as `Europe/London`, or `Etc/UTC`; `timedatectl list-timezones` lists them
    "#);
    assert_snapshot!(changed("ram = \"4GB\"", "ram = \"16GB\""), @r#"
    Error unknown-ram: the Raspberry Pi 4 Model B is not sold with 16 GB
      49: "\"16GB\"" no such size
      help: it can be `"1GB"`, `"2GB"`, `"4GB"` or `"8GB"`
    "#);
    assert_snapshot!(changed("garden.lan", "Garden lan"), @r#"
    Error invalid-domain: `Garden lan` is no domain
      25: "\"Garden lan\"" not a domain
      help: write lower-case names joined by dots, such as `garden.lan`
    "#);
}

#[test]
fn hardware_of_ones_own() {
    let own = |text: &str| told(&format!("{LEAST}{text}"));
    assert_snapshot!(own("[catalogue.boards.mine]\nname = 'Mine'\nrams = ['1GB']"), @r#"
    Error unknown-key: unknown key `rams` in `[catalogue.boards.mine]`
      14: "rams" not a key here
      help: did you mean `ram`?
    "#);
    let figures = "name = ''\ncores = 0\nram = []\nethernet = { rated = '1GB' }";
    assert_snapshot!(own(&format!("[catalogue.boards.mine]\n{figures}")), @r#"
    Error empty: `name` is empty
      13: "''" nothing to read here
      help: write something, or delete the key
    Error out-of-range: `cores` must be a number from 1 to 1000000
      14: "0" out of range
      help: write it like `cores = 4`
    Error out-of-range: `ram` must be a list of at least one size
      15: "[]" out of range
      help: write it like `ram = ["2GB", "4GB"]`
    Error wrong-unit: `1GB` is no quantity for `rated`
      16: "GB" not a unit of this
      help: write one of the units `kb/s`, `Mb/s`, `Gb/s`, `bit/s`
    "#);
    let figures = "name = 'S'\npower = '60A'\nprice = { amount = 'x' }";
    assert_snapshot!(own(&format!("[catalogue.supplies.s]\n{figures}")), @r#"
    Error wrong-unit: `60A` is no quantity for `power`
      14: "A" not a unit of this
      help: write one of the units `mW`, `W`, `kW`
    Error unknown-key: unknown key `price` in `[catalogue.supplies.s]`
      15: "price" not a key here
      help: did you mean `prices`?
    "#);
    assert_snapshot!(own("[catalogue]\nboards = 1\n[catalogue.bords.mine]"), @r#"
    Error wrong-type: `boards` must be a table, not a whole number
      13: "1" this is a whole number
      help: write it like `boards = { my-own = { name = "My own" } }`
    Error unknown-key: unknown key `bords` in `[catalogue]`
      14: "bords" not a key here
      help: delete it; what can stand here is `boards`, `cards`, `supplies`, `switches`, `hats`, `carriers`, `cables` or `images`
    "#);
    // A board that is described wrongly is known all the same.
    let mine = "[catalogue.boards.mine]\nname = 'Mine'\ncores = 2\nram = [1]";
    assert_snapshot!(told(&format!("{}{mine}", LEAST.replace("rpi3b", "mine"))), @r#"
    Error wrong-type: `ram` must be text between double quotes, not a whole number
      15: "1" this is a whole number
      help: write it like `ram = ["2GB", "4GB"]`
    "#);
}

#[test]
fn what_own_hardware_refers_to_is_there() {
    let own = |entry: &str| told(&format!("{LEAST}\n{entry}\n"));
    assert_snapshot!(own("[catalogue.boards.rpi3b.load]\nproxy = 'nonsense'"), @r#"
    Error unknown-board: no board is called `nonsense`
      14: "'nonsense'" not in the catalogue
      help: `bramble catalogue` lists what there is. Hardware of your own is described under `[catalogue.boards.nonsense]`
    "#);
    assert_snapshot!(own("[catalogue.hats.h]\nname = 'h'\nfits = ['rpi4', 'rpi5']"), @r#"
    Error unknown-board: no board is called `rpi4`
      15: "'rpi4'" not in the catalogue
      help: did you mean `rpi4b`? Hardware of your own is described under `[catalogue.boards.rpi4]`
    "#);
    assert_snapshot!(own("[catalogue.switches.s]\nname = 's'\nports = 5\npoe_ports = 6"), @r#"
    Error out-of-range: `poe_ports` must be at most 5, since there are no more ports
      16: "6" out of range
      help: write it like `poe_ports = 4`
    "#);
    assert_snapshot!(own("[catalogue.switches.s]\nname = 's'\nports = 5\npoe_standard = '802.3xx'"), @r#"
    Error unknown-value: `802.3xx` is no value of `poe_standard`
      16: "'802.3xx'" not a value of this key
      help: did you mean `802.3af`? It can be `802.3af`, `802.3at`, `802.3bt-3` or `802.3bt-4`
    "#);
    assert_snapshot!(own("[catalogue.boards.mine]\nname = 'Mine'\naliases = ['x']"), @"");
    assert_snapshot!(own("[power]\nbutton_wires = 3"), @r#"
    Error contradiction: `button_wires` says something of a button, and there is none
      14: "3" of which button?
      help: write `button = true` beside it, or delete `button_wires`
    "#);
    assert_snapshot!(added("[network]", "switch = 'netgear-8-port'\nswitches = 1000000"), @r#"
    Error out-of-range: `switches` must be a number from 1 to 125000
      6: "1000000" out of range
      help: write it like `switches = 2`
    "#);
}
