//! The loop: messages in, messages out.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use gen_lsp_types::{
    ClientCapabilities, CodeAction, CodeActionKind, CodeActionOptions, CodeActionParams, CodeActionProvider,
    Contents, Definition, DefinitionParams, DefinitionProvider, DefinitionResponse, Diagnostic,
    DiagnosticOptions, DiagnosticProvider, DidChangeTextDocumentParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DocumentDiagnosticParams, DocumentDiagnosticReport,
    FullDocumentDiagnosticReport, Hover, HoverParams, HoverProvider, InitializeParams, InitializeResult,
    MarkupContent, MarkupKind, PublishDiagnosticsParams, RelatedFullDocumentDiagnosticReport,
    ServerCapabilities, ServerInfo, TextDocumentContentChangeEvent, TextDocumentPositionParams,
    TextDocumentSync, TextDocumentSyncKind, Uri,
};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde_json::Value;

use super::actions;
use super::convert;
use super::documents::Documents;
use super::positions::Encoding;
use crate::ide;
use crate::project::FILE_NAME;
use crate::source::{FileId, SourceMap, Span};

/// How a client left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goodbye {
    /// It asked for the end first.
    Announced,
    Sudden,
}

/// Serves one client until it leaves.
pub fn serve(connection: &Connection) -> Goodbye {
    let Some((id, parameters)) = wait_for_start(connection) else { return Goodbye::Sudden };
    let encoding = Encoding::of(&parameters.capabilities);
    let pull = Pull::of(&parameters.capabilities);
    let mut server = Server {
        connection,
        encoding,
        pull,
        requests: 0,
        documents: Documents::new(),
        published: BTreeMap::new(),
        touched: BTreeSet::new(),
        is_shut_down: false,
    };
    server.send(Response::new_ok(id, json(initialize_result(encoding, pull))));
    if watches(&parameters.capabilities) {
        server.ask("client/registerCapability", watched_files());
    }
    while let Ok(message) = connection.receiver.recv() {
        let queued = connection.receiver.try_iter();
        for message in std::iter::once(message).chain(queued) {
            if is_exit(&message) {
                return server.goodbye();
            }
            server.take(message);
        }
        server.refresh();
    }
    server.goodbye()
}

/// The request that comes before all others; `None` if the client leaves instead.
fn wait_for_start(connection: &Connection) -> Option<(RequestId, InitializeParams)> {
    for message in &connection.receiver {
        match message {
            Message::Request(request) if request.method == "initialize" => {
                return Some((request.id, serde_json::from_value(request.params).unwrap_or_default()));
            }
            Message::Request(Request { id, method, .. }) => {
                let text = format!("the first request is `initialize`, not `{method}`");
                let refusal = Response::new_err(id, ErrorCode::ServerNotInitialized as i32, text);
                connection.sender.send(refusal.into()).ok()?;
            }
            Message::Notification(_) if is_exit(&message) => return None,
            Message::Notification(_) | Message::Response(_) => {}
        }
    }
    None
}

fn is_exit(message: &Message) -> bool {
    matches!(message, Message::Notification(notification) if notification.method == "exit")
}

/// Whether the client tells of changed files to who asks for it.
fn watches(capabilities: &ClientCapabilities) -> bool {
    let workspace = capabilities.workspace.as_ref();
    let watched = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
    watched.and_then(|watched| watched.dynamic_registration).unwrap_or(false)
}

/// The files whose changes count also where they aren't open.
fn watched_files() -> Value {
    let method = "workspace/didChangeWatchedFiles";
    let patterns = ["**/*.pipe".to_owned(), format!("**/{FILE_NAME}")];
    let watchers = patterns.map(|pattern| serde_json::json!({ "globPattern": pattern }));
    let registration =
        serde_json::json!({ "id": method, "method": method, "registerOptions": { "watchers": watchers } });
    serde_json::json!({ "registrations": [registration] })
}

/// Whether the client asks for findings, instead of being told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pull {
    No,
    Yes {
        /// Whether it can be told that it should ask again.
        refresh: bool,
    },
}

impl Pull {
    fn of(capabilities: &ClientCapabilities) -> Pull {
        let document = capabilities.text_document.as_ref();
        if document.is_none_or(|document| document.diagnostic.is_none()) {
            return Pull::No;
        }
        let workspace = capabilities.workspace.as_ref().and_then(|workspace| workspace.diagnostics.as_ref());
        Pull::Yes { refresh: workspace.and_then(|diagnostics| diagnostics.refresh_support).unwrap_or(false) }
    }
}

fn initialize_result(encoding: Encoding, pull: Pull) -> InitializeResult {
    let kinds = vec![CodeActionKind::QuickFix, CodeActionKind::SourceFixAll];
    let diagnostics = DiagnosticOptions {
        identifier: Some("pipec".to_owned()),
        inter_file_dependencies: true,
        workspace_diagnostics: false,
        ..DiagnosticOptions::default()
    };
    let capabilities = ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSync::Kind(TextDocumentSyncKind::Incremental)),
        hover_provider: Some(HoverProvider::Bool(true)),
        definition_provider: Some(DefinitionProvider::Bool(true)),
        code_action_provider: Some(CodeActionProvider::CodeActionOptions(CodeActionOptions {
            code_action_kinds: Some(kinds),
            ..CodeActionOptions::default()
        })),
        diagnostic_provider: (pull != Pull::No).then_some(DiagnosticProvider::DiagnosticOptions(diagnostics)),
        ..ServerCapabilities::default()
    };
    let version = env!("CARGO_PKG_VERSION").to_owned();
    InitializeResult {
        capabilities,
        server_info: Some(ServerInfo { name: "pipec".to_owned(), version: Some(version) }),
    }
}

struct Server<'a> {
    connection: &'a Connection,
    encoding: Encoding,
    pull: Pull,
    /// How many of our own have been sent.
    requests: i32,
    documents: Documents,
    /// What the client shows, by file; where it asks itself, what it should know.
    published: BTreeMap<PathBuf, Vec<Diagnostic>>,
    /// Files that were opened or changed since: what is shown there may have moved.
    touched: BTreeSet<PathBuf>,
    /// From then on nothing is answered any more.
    is_shut_down: bool,
}

impl Server<'_> {
    fn take(&mut self, message: Message) {
        match message {
            Message::Request(request) => self.answer(request),
            Message::Notification(notification) => self.notice(notification),
            Message::Response(_) => {}
        }
    }

    fn goodbye(&self) -> Goodbye {
        if self.is_shut_down { Goodbye::Announced } else { Goodbye::Sudden }
    }

    /// A request of our own, whose answer tells nothing.
    fn ask(&mut self, method: &str, parameters: Value) {
        self.requests += 1;
        self.send(Request::new(self.requests.into(), method.to_owned(), parameters));
    }

    fn send(&self, message: impl Into<Message>) {
        // A client that is gone is noticed where the next message should come from.
        let _ = self.connection.sender.send(message.into());
    }

    fn answer(&mut self, request: Request) {
        let id = request.id.clone();
        let answer = catch_unwind(AssertUnwindSafe(|| self.result(request)));
        self.send(match answer {
            Ok(Ok(result)) => Response::new_ok(id, result),
            Ok(Err(Refusal { code, message })) => Response::new_err(id, code as i32, message),
            Err(_) => {
                Response::new_err(id, ErrorCode::InternalError as i32, "this is a bug in pipec".to_owned())
            }
        });
    }

    fn result(&mut self, request: Request) -> Result<Value, Refusal> {
        if self.is_shut_down {
            let message = "the server was shut down, and waits for `exit`".to_owned();
            return Err(Refusal { code: ErrorCode::InvalidRequest, message });
        }
        match request.method.as_str() {
            "shutdown" => {
                self.is_shut_down = true;
                Ok(Value::Null)
            }
            "textDocument/hover" => {
                let parameters: HoverParams = read(request.params)?;
                self.documents.check();
                Ok(json(self.hover(&parameters.text_document_position_params)))
            }
            "textDocument/definition" => {
                let parameters: DefinitionParams = read(request.params)?;
                self.documents.check();
                Ok(json(self.definition(&parameters.text_document_position_params)))
            }
            "textDocument/codeAction" => {
                let parameters: CodeActionParams = read(request.params)?;
                self.documents.check();
                Ok(json(self.actions(&parameters)))
            }
            "textDocument/diagnostic" => {
                let parameters: DocumentDiagnosticParams = read(request.params)?;
                self.documents.check();
                Ok(json(self.report(&parameters)))
            }
            other => {
                let message = format!("pipec doesn't answer `{other}`");
                Err(Refusal { code: ErrorCode::MethodNotFound, message })
            }
        }
    }

    fn notice(&mut self, notification: Notification) {
        match notification.method.as_str() {
            "textDocument/didOpen" => {
                let Ok(opened) = read::<DidOpenTextDocumentParams>(notification.params) else { return };
                if let Some(path) = path_of(&opened.text_document.uri) {
                    self.touched.insert(path.clone());
                    self.documents.set(path, opened.text_document.text);
                }
            }
            "textDocument/didChange" => {
                let Ok(changed) = read::<DidChangeTextDocumentParams>(notification.params) else { return };
                if let Some(path) = path_of(&changed.text_document.text_document_identifier.uri) {
                    self.change(path, changed.content_changes);
                }
            }
            "textDocument/didClose" => {
                let Ok(closed) = read::<DidCloseTextDocumentParams>(notification.params) else { return };
                if let Some(path) = path_of(&closed.text_document.uri) {
                    self.documents.close(&path);
                }
            }
            _ => {}
        }
    }

    fn change(&mut self, path: PathBuf, changes: Vec<TextDocumentContentChangeEvent>) {
        let Some(text) = self.documents.text(&path) else { return };
        let mut text = text.to_string();
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                    text = whole.text
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    let mut sources = SourceMap::default();
                    let file = sources.add(path.clone(), String::new(), text.as_str().into());
                    let start = self.encoding.offset(sources.file(file), part.range.start) as usize;
                    let end = self.encoding.offset(sources.file(file), part.range.end) as usize;
                    text.replace_range(start..end.max(start), &part.text);
                }
            }
        }
        self.touched.insert(path.clone());
        self.documents.set(path, text);
    }

    /// Checks, and publishes what is new.
    fn refresh(&mut self) {
        if catch_unwind(AssertUnwindSafe(|| self.documents.check())).is_err() {
            // What was known stays; the next change is another chance.
            return;
        }
        let findings = self.findings();
        if let Pull::Yes { refresh } = self.pull {
            self.ask_to_ask(refresh, findings);
            return;
        }
        for path in self.published.keys().filter(|path| !findings.contains_key(*path)) {
            self.publish(path, Vec::new());
        }
        for (path, diagnostics) in &findings {
            if self.touched.contains(path) || self.published.get(path) != Some(diagnostics) {
                self.publish(path, diagnostics.clone());
            }
        }
        self.touched.clear();
        self.published = findings;
    }

    /// The client asks again for what it has changed itself; of other files it has to be told.
    fn ask_to_ask(&mut self, refresh: bool, findings: BTreeMap<PathBuf, Vec<Diagnostic>>) {
        let elsewhere = |findings: &BTreeMap<PathBuf, Vec<Diagnostic>>| -> Vec<(PathBuf, Vec<Diagnostic>)> {
            let others = findings.iter().filter(|(path, _)| !self.touched.contains(*path));
            others.map(|(path, found)| (path.clone(), found.clone())).collect()
        };
        let is_old = elsewhere(&self.published) != elsewhere(&findings);
        self.touched.clear();
        self.published = findings;
        if is_old && refresh {
            self.ask("workspace/diagnostic/refresh", Value::Null);
        }
    }

    /// The answer to who asks for the findings in a file.
    fn report(&self, parameters: &DocumentDiagnosticParams) -> DocumentDiagnosticReport {
        let mut findings = self.findings();
        let path = path_of(&parameters.text_document.uri);
        let items = path.and_then(|path| findings.remove(&path)).unwrap_or_default();
        let report = FullDocumentDiagnosticReport { items, ..FullDocumentDiagnosticReport::default() };
        DocumentDiagnosticReport::RelatedFullDocumentDiagnosticReport(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: report,
        })
    }

    fn actions(&self, parameters: &CodeActionParams) -> Option<Vec<CodeAction>> {
        let path = path_of(&parameters.text_document.uri)?;
        let checked = self.documents.checked(&path)?;
        let file = checked.sources.find(&path)?;
        let offset = |position| self.encoding.offset(checked.sources.file(file), position);
        let selected = Span::new(file, offset(parameters.range.start), offset(parameters.range.end));
        Some(actions::actions(checked, &path, selected, parameters, self.encoding))
    }

    /// Findings by file. An open file's own check has the word on it; a file that isn't open has what its importers found.
    fn findings(&self) -> BTreeMap<PathBuf, Vec<Diagnostic>> {
        let mut findings: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
        for (open, checked) in self.documents.all() {
            findings.entry(open.clone()).or_default();
            for finding in &checked.diagnostics {
                let path = checked.sources.file(finding.span().file).path();
                let is_elsewhere = path != open && self.documents.checked(path).is_some();
                let diagnostic = convert::diagnostic(finding, &checked.sources, self.encoding);
                let known = findings.entry(path.to_owned()).or_default();
                if !is_elsewhere && !known.contains(&diagnostic) {
                    known.push(diagnostic);
                }
            }
        }
        findings
    }

    fn publish(&self, path: &Path, diagnostics: Vec<Diagnostic>) {
        let Ok(uri) = Uri::from_file_path(path) else { return };
        let parameters = PublishDiagnosticsParams { uri, version: None, diagnostics };
        self.send(Notification::new("textDocument/publishDiagnostics".to_owned(), parameters));
    }

    fn hover(&self, at: &TextDocumentPositionParams) -> Option<Hover> {
        let (checked, file, offset) = self.place(at)?;
        let hover = ide::hover(&checked.program, file, offset)?;
        let doc = hover.doc.map(|doc| format!("\n\n{doc}")).unwrap_or_default();
        let value = format!("```pipe\n{}\n```{doc}", hover.signature);
        let contents = Contents::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value });
        Some(Hover { contents, range: Some(self.encoding.range(&checked.sources, hover.span)) })
    }

    fn definition(&self, at: &TextDocumentPositionParams) -> Option<DefinitionResponse> {
        let (checked, file, offset) = self.place(at)?;
        let span = ide::definition(&checked.program, file, offset)?;
        let location = convert::location(&checked.sources, span, self.encoding)?;
        Some(DefinitionResponse::Definition(Definition::Location(location)))
    }

    fn place(&self, at: &TextDocumentPositionParams) -> Option<(&crate::compiler::Checked, FileId, u32)> {
        let path = path_of(&at.text_document.uri)?;
        let checked = self.documents.checked(&path)?;
        let file = checked.sources.find(&path)?;
        Some((checked, file, self.encoding.offset(checked.sources.file(file), at.position)))
    }
}

/// Why a request gets no answer.
struct Refusal {
    code: ErrorCode,
    message: String,
}

fn read<T: serde::de::DeserializeOwned>(parameters: Value) -> Result<T, Refusal> {
    serde_json::from_value(parameters)
        .map_err(|error| Refusal { code: ErrorCode::InvalidParams, message: error.to_string() })
}

fn json(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

fn path_of(uri: &Uri) -> Option<PathBuf> {
    uri.to_file_path().ok()
}
