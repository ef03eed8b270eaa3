//! Builds anew when a file joins what the binary carries: the compiler follows only those that it saw the last time.

/// The folders that are embedded, seen from here.
const EMBEDDED: [&str; 9] = [
    "../admin-ui/dist",
    "../calendars",
    "../dictionaries",
    "../forms",
    "../modules",
    "../organisation",
    "../policies",
    "../templates",
    "../workflows",
];

fn main() -> std::io::Result<()> {
    // Only a folder that exists can be watched; the browser side may not be built yet.
    std::fs::create_dir_all("../admin-ui/dist")?;
    for folder in EMBEDDED {
        println!("cargo::rerun-if-changed={folder}");
    }
    Ok(())
}
