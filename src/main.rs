//! The program: everything is in the library.

fn main() -> std::process::ExitCode {
    pipec::cli::main()
}
