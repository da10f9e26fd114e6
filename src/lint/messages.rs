//! What is said about comments to pipec.

use crate::diagnostics::{Code, Diagnostic, Fix, codes};
use crate::source::{SourceMap, Span};

pub(super) fn unknown_request(word: &str, span: Span) -> Diagnostic {
    let message = match word {
        "" => "a comment to pipec asks for nothing".to_owned(),
        word => format!("pipec can't do what a comment asks for: `{word}`"),
    };
    Diagnostic::warning(codes::BAD_COMMENT, message, span, "not a word that pipec knows")
        .with_help("write `// pipec: allow(W0201) reason`")
}

pub(super) fn no_codes(span: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::BAD_COMMENT,
        "a comment allows something, but doesn't say what",
        span,
        "needs the codes of lints in parentheses",
    )
    .with_help("write `// pipec: allow(W0201) reason`")
}

pub(super) fn error_allowed(word: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::BAD_COMMENT,
        format!("`{word}` is an error, which no comment can allow"),
        span,
        "not a lint",
    )
    .with_help("only the codes that begin with W can be allowed")
}

pub(super) fn unknown_lint(word: &str, near: Option<&'static str>, span: Span) -> Diagnostic {
    let diagnostic =
        Diagnostic::warning(codes::BAD_COMMENT, format!("there is no lint `{word}`"), span, "no such code");
    match near {
        Some(near) => diagnostic.with_help(format!("did you mean `{near}`?")).with_fix(Fix::safe(
            format!("write `{near}`"),
            span,
            near,
        )),
        None => diagnostic.with_help("`pipec explain --all` lists all codes; lints begin with W"),
    }
}

pub(super) fn useless_allow(lint: Code, code: Span, scope: Option<Span>, remove: Span) -> Diagnostic {
    let label = match scope {
        Some(_) => "finds nothing to allow",
        None => "there is nothing here that it could be about",
    };
    let message = format!("{} is allowed where nothing is found", lint.0);
    let diagnostic = Diagnostic::warning(codes::USELESS_ALLOW, message, code, label);
    let diagnostic = match scope {
        Some(_) => diagnostic,
        None => diagnostic.with_note(
            "a comment is about what begins below it, or before it on its line; \
             at the top of a file, with a blank line behind it, about the file",
        ),
    };
    diagnostic.with_help("take it away").with_fix(Fix::safe("take it away", remove, ""))
}

/// A comment, with its line if it stands alone there, else with the blanks before it.
pub(super) fn whole_comment(sources: &SourceMap, comment: Span) -> Span {
    let text = sources.file(comment.file).text();
    let before = &text[..comment.start as usize];
    let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
    let start = comment.start - u32::try_from(blanks).unwrap_or(0);
    let is_alone = start == 0 || text[..start as usize].ends_with('\n');
    let line_end = u32::from(is_alone && text[comment.end as usize..].starts_with('\n'));
    Span { start, end: comment.end + line_end, ..comment }
}

/// A code with the comma on one of its sides.
pub(super) fn one_of_list(sources: &SourceMap, code: Span) -> Span {
    let text = sources.file(code.file).text();
    let behind = &text[code.end as usize..];
    let comma = behind.trim_start_matches([' ', '\t']);
    if let Some(rest) = comma.strip_prefix(',') {
        let rest = rest.trim_start_matches([' ', '\t']);
        let width = u32::try_from(behind.len() - rest.len()).unwrap_or(0);
        return Span { end: code.end + width, ..code };
    }
    let before = &text[..code.start as usize];
    let kept = before.trim_end_matches([' ', '\t']).trim_end_matches(',');
    Span { start: u32::try_from(kept.len()).unwrap_or(code.start), ..code }
}
