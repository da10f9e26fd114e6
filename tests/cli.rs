//! The command line, as transcripts: `tests/cli/*.trycmd` have commands, exit statuses and all that is printed.

#[test]
fn transcripts() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd");
}
