// %%
#[derive(Debug, Clone)]
struct Net {
    host: String,
    ports: Vec<u16>,
}

struct Config {
    name: String,
    net: Net,
    tags: (String, String),
}

let cfg = Config {
    name: "edge".into(),
    net: Net { host: "10.0.0.1".into(), ports: vec![80, 443] },
    tags: ("blue".into(), "slow".into()),
};
// %%
let host = cfg.net.host;
let tag = cfg.tags.1;
// %%
println!("{} at {host} ({tag})", cfg.name);
// %%
let ports = cfg.net.ports;
println!("{} ports, also {}", ports.len(), cfg.tags.0);
let net = Net { host, ports };
println!("{net:?}");
// expect: edge at 10.0.0.1 (slow)
// expect: 2 ports, also blue
// expect: Net { host: "10.0.0.1", ports: [80, 443] }
