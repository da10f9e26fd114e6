//! `cargo run -p pipec-manifests --example check FILE…`: the faults of manifests, one a line.

fn main() -> std::io::Result<()> {
    let mut is_fine = true;
    for path in std::env::args().skip(1) {
        for fault in pipec_manifests::check(&std::fs::read_to_string(&path)?) {
            println!("{path}: {fault}");
            is_fine = false;
        }
    }
    std::process::exit(i32::from(!is_fine));
}
