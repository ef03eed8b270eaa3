//! The program `docket`.

fn main() -> std::process::ExitCode {
    docket_server::cli::main()
}
