//! Real twins of two nodes on this machine; skipped where there is no root. Not in
//! here: SSH and roles, which the end-to-end test has.

mod support;

use support::*;

#[test]
fn measure() {
    if !is_root() {
        return;
    }
    let n = std::env::var("WORKERS").unwrap_or("node1".into());
    let _base = base();
    let directory = tempfile::tempdir().unwrap();
    let t = std::time::Instant::now();
    let running = Running::up(&directory.path().join("bramble.toml"), layout("gateway", &n));
    println!("up {:?}", t.elapsed());
    for node in &running.layout.nodes {
        loop {
            let ns = format!("bramble-{}.{}", running.twin.id(), node.name);
            let out = output(std::process::Command::new("ip").args(["netns", "exec", &ns, "ss", "-ltnH", "sport = :22"]));
            if out.is_ok_and(|o| !o.is_empty()) { break; }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        println!("{} {:?}", node.name, t.elapsed());
    }
    for node in &running.layout.nodes { running.on(node.name.as_str(), "true"); }
    println!("booted {:?}", t.elapsed());
    std::thread::sleep(std::time::Duration::from_secs(5));
    println!("{:#?}", running.twin.status());
    println!("{}", running.on("head", "ip -br a; ip route; resolvectl query -4 deb.debian.org; mount | grep shared; ls -la /run/credentials/@system/; systemctl --failed; awk '/^Pss:/{s+=$2}END{print s, \"PSS kB\"}' /proc/[0-9]*/smaps_rollup; apt-get update 2>&1 | tail -3"));
    if let Ok(s) = std::env::var("PAUSE") { std::thread::sleep(std::time::Duration::from_secs(s.parse().unwrap())); }
    let t = std::time::Instant::now();
    running.twin.down(&mut |_| {}).unwrap();
    println!("down {:?} {:?}", t.elapsed(), running.twin.leftovers());
}
