//! Builds again when the browser side was built: its files are embedded, and a file that is new is nobody's input yet.

use std::path::Path;

fn main() {
    let built = Path::new("../admin-ui/dist").is_dir();
    println!("cargo::rerun-if-changed={}", if built { "../admin-ui/dist" } else { "../admin-ui" });
    println!("cargo::rerun-if-changed=build.rs");
}
