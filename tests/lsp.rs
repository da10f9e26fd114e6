#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
//! Drives `pipec lsp` as an editor does: over its pipes, message by message.

use std::io::{BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lsp_server::{Message, Notification, Request, RequestId};
use serde_json::{Value, json};

struct Editor {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    requests: i32,
}

impl Editor {
    fn start() -> Editor {
        let mut server = Command::new(env!("CARGO_BIN_EXE_pipec"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let input = server.stdin.take().unwrap();
        let output = BufReader::new(server.stdout.take().unwrap());
        Editor { server, input, output, requests: 0 }
    }

    fn send(&mut self, message: Message) {
        message.write(&mut self.input).unwrap();
        self.input.flush().unwrap();
    }

    fn notify(&mut self, method: &str, parameters: Value) {
        self.send(Message::Notification(Notification::new(method.to_owned(), parameters)));
    }

    fn request(&mut self, method: &str, parameters: Value) -> Value {
        self.requests += 1;
        let id = RequestId::from(self.requests);
        self.send(Message::Request(Request::new(id.clone(), method.to_owned(), parameters)));
        loop {
            match self.receive() {
                Message::Response(response) if response.id == id => {
                    return serde_json::to_value(response).unwrap();
                }
                Message::Response(_) | Message::Request(_) | Message::Notification(_) => {}
            }
        }
    }

    fn receive(&mut self) -> Message {
        Message::read(&mut self.output).unwrap().expect("the server is still there")
    }

    /// The next findings for a file.
    fn findings(&mut self, uri: &str) -> Vec<Value> {
        loop {
            let Message::Notification(notification) = self.receive() else { continue };
            let is_wanted = notification.method == "textDocument/publishDiagnostics"
                && notification.params["uri"].as_str() == Some(uri);
            if is_wanted {
                return notification.params["diagnostics"].as_array().unwrap().clone();
            }
        }
    }

    fn open(&mut self, uri: &str, text: &str) -> Vec<Value> {
        let document = json!({ "uri": uri, "languageId": "pipe", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
        self.findings(uri)
    }
}

fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}

/// The codes of findings.
fn codes(findings: &[Value]) -> Vec<&str> {
    findings.iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

const LIBRARY: &str = "/// A share of a whole.\ntype Fraction = float in 0.0..=1.0\n";
const MAIN: &str = "use \"./lib.pipe\" as lib\ntype Text = string\nrecord Row { share: lib.Fraction }\n";

#[test]
fn a_call_shows_what_type_parameters_stand_for() {
    const PROGRAM: &str = "task first<T: value>(items: [T]) -> T {\n  run: python \"\"\"\n    out = items[0]\n  \"\"\"\n}\n\
        pipeline take() -> string {\n  return first([\"a\"])\n}\n";
    let folder = tempfile::tempdir().unwrap();
    let main = format!("file://{}/main.pipe", folder.path().canonicalize().unwrap().display());
    let mut editor = Editor::start();
    editor.request("initialize", json!({ "capabilities": {} }));
    editor.notify("initialized", json!({}));
    assert_eq!(editor.open(&main, PROGRAM), [] as [Value; 0]);

    let call = editor.request("textDocument/hover", at(&main, 6, 11));
    let text = call["result"]["contents"]["value"].as_str().unwrap();
    assert!(text.contains("task first<string>(items: [string]) -> string"), "{text}");
    let declaration = editor.request("textDocument/hover", at(&main, 0, 6));
    let text = declaration["result"]["contents"]["value"].as_str().unwrap();
    assert!(text.contains("task first<T: value>(items: [T]) -> T"), "{text}");
    editor.request("shutdown", Value::Null);
    editor.notify("exit", Value::Null);
    editor.server.wait().unwrap();
}

#[test]
fn an_editor_gets_findings_hover_and_definitions() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let uri = |name: &str| format!("file://{}/{name}", folder.display());
    let (main, library) = (uri("main.pipe"), uri("lib.pipe"));
    let mut editor = Editor::start();

    let answer = editor.request("initialize", json!({ "capabilities": {} }));
    assert_eq!(answer["result"]["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(answer["result"]["capabilities"]["hoverProvider"], true);
    assert_eq!(
        answer["result"]["capabilities"]["diagnosticProvider"],
        Value::Null,
        "push, so never pull too"
    );
    editor.notify("initialized", json!({}));

    // The library exists nowhere but in the editor.
    assert_eq!(editor.open(&library, LIBRARY), [] as [Value; 0]);
    assert_eq!(editor.open(&main, MAIN), [] as [Value; 0]);

    // `Fraction` in the record.
    let hover = editor.request("textDocument/hover", at(&main, 2, 26));
    let text = hover["result"]["contents"]["value"].as_str().unwrap();
    assert!(text.contains("type Fraction = float in 0.0..=1.0"), "{text}");
    assert!(text.contains("A share of a whole."), "{text}");
    let definition = editor.request("textDocument/definition", at(&main, 2, 26));
    assert_eq!(definition["result"]["uri"], library.as_str());
    assert_eq!(definition["result"]["range"]["start"], json!({ "line": 1, "character": 5 }));

    // A mistake in the middle of a line with a character that takes two UTF-16 units; syntax errors elsewhere.
    let broken = format!("{MAIN}type Bad = Goood // 😀\ntask {{{{ \n");
    let change =
        json!({ "textDocument": { "uri": main, "version": 2 }, "contentChanges": [{ "text": broken }] });
    editor.notify("textDocument/didChange", change);
    let findings = editor.findings(&main);
    let unknown = findings.iter().find(|finding| finding["code"] == "E0202").expect("an unknown name");
    assert_eq!(unknown["range"]["start"], json!({ "line": 3, "character": 11 }));
    assert!(
        findings.iter().any(|finding| finding["code"].as_str().unwrap().starts_with("E01")),
        "{findings:?}"
    );
    let hover = editor.request("textDocument/hover", at(&main, 2, 26));
    assert_ne!(hover["result"], Value::Null, "hover works in a file with mistakes");

    // What an unsaved import says counts at once.
    let renamed = LIBRARY.replace("Fraction", "Part");
    let text = json!([{ "text": renamed }]);
    editor.notify(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": library, "version": 2 }, "contentChanges": text }),
    );
    let findings = editor.findings(&main);
    assert!(findings.iter().any(|finding| finding["range"]["start"]["line"] == 2), "{findings:?}");

    let unknown = editor.request("textDocument/nonsense", json!({}));
    assert_eq!(unknown["error"]["code"], -32601);
    let bad = editor.request("textDocument/hover", json!({ "textDocument": 7 }));
    assert_eq!(bad["error"]["code"], -32602);

    assert_eq!(editor.request("shutdown", Value::Null)["result"], Value::Null);
    editor.notify("exit", Value::Null);
    assert!(editor.server.wait().unwrap().success());
}

#[test]
fn columns_count_utf16_units_unless_the_client_offers_utf8() {
    let folder = tempfile::tempdir().unwrap();
    let uri = format!("file://{}/main.pipe", folder.path().canonicalize().unwrap().display());
    let text = "const a = \"😀\" + nope\n";
    for (encodings, column) in [(json!(["utf-16"]), 17), (json!(["utf-8", "utf-16"]), 19)] {
        let mut editor = Editor::start();
        let general = json!({ "general": { "positionEncodings": encodings } });
        editor.request("initialize", json!({ "capabilities": general }));
        editor.notify("initialized", json!({}));
        let findings = editor.open(&uri, text);
        let starts: Vec<&Value> =
            findings.iter().map(|finding| &finding["range"]["start"]["character"]).collect();
        assert!(starts.contains(&&json!(column)), "{findings:?}");
        editor.request("shutdown", Value::Null);
        editor.notify("exit", Value::Null);
        editor.server.wait().unwrap();
    }
}

/// An editor with one open file.
struct Opened {
    editor: Editor,
    uri: String,
    folder: tempfile::TempDir,
}

fn opened(capabilities: Value, text: &str) -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let uri = format!("file://{}/main.pipe", folder.path().canonicalize().unwrap().display());
    let mut editor = Editor::start();
    editor.request("initialize", json!({ "capabilities": capabilities }));
    editor.notify("initialized", json!({}));
    let document = json!({ "uri": uri, "languageId": "pipe", "version": 1, "text": text });
    editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
    Opened { editor, uri, folder }
}

impl Opened {
    /// The titles of what can be done at a place, and the text that the first leaves.
    fn actions(&mut self, text: &str, line: u32, character: u32, only: Value) -> (Vec<String>, String) {
        let place = json!({ "line": line, "character": character });
        let context = json!({ "diagnostics": [], "only": only });
        let parameters = json!({
            "textDocument": { "uri": self.uri }, "range": { "start": place, "end": place }, "context": context,
        });
        let answer = self.editor.request("textDocument/codeAction", parameters);
        let actions = answer["result"].as_array().unwrap();
        let titles = actions.iter().map(|action| action["title"].as_str().unwrap().to_owned()).collect();
        let Some(first) = actions.first() else { return (titles, text.to_owned()) };
        let mut edits = first["edit"]["changes"][&self.uri].as_array().unwrap().clone();
        edits.reverse();
        let mut text = text.to_owned();
        for edit in edits {
            let at = |end: &str| offset(&text, &edit["range"][end]);
            let (start, end) = (at("start"), at("end"));
            text.replace_range(start..end, edit["newText"].as_str().unwrap());
        }
        (titles, text)
    }
}

/// Of a text without characters beyond ASCII.
fn offset(text: &str, position: &Value) -> usize {
    let line = position["line"].as_u64().unwrap() as usize;
    let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    before + position["character"].as_u64().unwrap() as usize
}

const LOOSE: &str = "task say(text: string) -> int {
  image: \"tools:latest\"
  run: [\"say\", text, out]
}

pipeline greet() {
  said = say(\"hello\")
}
";

#[test]
fn fixes_are_quick_fixes_and_lints_can_be_allowed() {
    let mut opened = opened(json!({}), LOOSE);
    let (titles, text) = opened.actions(LOOSE, 6, 3, Value::Null);
    assert_eq!(titles, ["remove `said =`", "allow W0201 here"]);
    assert!(text.contains("\n  say(\"hello\")\n"), "{text}");
    let (titles, text) = opened.actions(LOOSE, 1, 12, json!(["quickfix"]));
    assert_eq!(titles, ["allow W0601 here"]);
    assert!(text.contains("{\n  // pipec: allow(W0601)\n  image:"), "{text}");
    let (titles, text) = opened.actions(LOOSE, 0, 0, json!(["source.fixAll"]));
    assert_eq!(titles, ["apply all safe fixes"]);
    assert!(text.contains("\n  say(\"hello\")\n"), "{text}");
    assert_eq!(opened.actions(LOOSE, 0, 0, json!(["refactor"])).0, [] as [String; 0]);
}

#[test]
fn levels_and_comments_count_in_an_editor() {
    let text = LOOSE.replace("  said", "  // pipec: allow(W0201) for now\n  said");
    let mut opened = opened(json!({}), "");
    let uri = opened.uri.clone();
    opened.editor.findings(&uri);
    std::fs::write(opened.folder.path().join("pipec.toml"), "[lints]\nW0601 = \"deny\"\n").unwrap();
    let changes = json!([{ "text": text }]);
    let document = json!({ "uri": uri, "version": 2 });
    opened
        .editor
        .notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    let findings = opened.editor.findings(&uri);
    let found: Vec<_> =
        findings.iter().map(|finding| (finding["code"].as_str().unwrap(), &finding["severity"])).collect();
    assert_eq!(found, [("W0601", &json!(1))]);
}

#[test]
fn who_asks_for_findings_is_not_told() {
    let capabilities = json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    });
    let mut opened = opened(capabilities, LOOSE);
    let uri = opened.uri.clone();
    let document = json!({ "textDocument": { "uri": uri } });
    let answer = opened.editor.request("textDocument/diagnostic", document);
    assert_eq!(answer["result"]["kind"], "full");
    let codes: Vec<_> =
        answer["result"]["items"].as_array().unwrap().iter().map(|item| item["code"].clone()).collect();
    assert_eq!(codes, ["W0601", "W0201"]);
    // Nothing is published: the answer to the next request comes first.
    opened.editor.requests += 1;
    let id = RequestId::from(opened.editor.requests);
    opened.editor.send(Message::Request(Request::new(id.clone(), "shutdown".to_owned(), Value::Null)));
    let next = opened.editor.receive();
    assert!(matches!(&next, Message::Response(response) if response.id == id), "{next:?}");
}

#[test]
fn a_file_that_appears_is_seen_by_who_imports_it() {
    const IMPORT: &str = "use \"./lib.pipe\" as lib\nrecord Row { share: lib.Fraction }\n";
    let mut opened = opened(json!({}), IMPORT);
    let (uri, folder) = (opened.uri.clone(), opened.folder.path().to_owned());
    let library = uri.replace("main.pipe", "lib.pipe");
    let editor = &mut opened.editor;
    assert_eq!(codes(&editor.findings(&uri)), ["E0802"]);

    // On the disk, of which the editor tells.
    std::fs::write(folder.join("lib.pipe"), LIBRARY).unwrap();
    let changes = json!({ "changes": [{ "uri": library, "type": 1 }] });
    editor.notify("workspace/didChangeWatchedFiles", changes.clone());
    assert_eq!(editor.findings(&uri), [] as [Value; 0]);
    std::fs::remove_file(folder.join("lib.pipe")).unwrap();
    editor.notify("workspace/didChangeWatchedFiles", changes);
    assert_eq!(codes(&editor.findings(&uri)), ["E0802"]);

    // In the editor alone.
    let document = json!({ "uri": library, "languageId": "pipe", "version": 1, "text": LIBRARY });
    editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
    assert_eq!(editor.findings(&uri), [] as [Value; 0]);
}

#[test]
fn a_circle_is_seen_from_each_of_its_files() {
    let mut opened = opened(json!({}), "use \"./second.pipe\" as second\n");
    let uri = opened.uri.clone();
    assert_eq!(codes(&opened.editor.findings(&uri)), ["E0802"]);
    let second = uri.replace("main.pipe", "second.pipe");
    let document = json!({
        "uri": second, "languageId": "pipe", "version": 1, "text": "use \"./main.pipe\" as main\n",
    });
    opened.editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
    let own = codes(&opened.editor.findings(&uri)).join(" ");
    assert!(!own.is_empty() && !own.contains("E0802"), "{own}");
}

#[test]
fn changed_settings_count_for_open_files() {
    let mut opened = opened(json!({}), LOOSE);
    let uri = opened.uri.clone();
    let editor = &mut opened.editor;
    assert_eq!(codes(&editor.findings(&uri)), ["W0601", "W0201"]);
    let settings = opened.folder.path().join("pipec.toml");
    std::fs::write(&settings, "[lints]\nW0601 = \"allow\"\n").unwrap();
    let changes = json!({ "changes": [{ "uri": uri.replace("main.pipe", "pipec.toml"), "type": 1 }] });
    editor.notify("workspace/didChangeWatchedFiles", changes.clone());
    assert_eq!(codes(&editor.findings(&uri)), ["W0201"]);
    std::fs::write(&settings, "[lints]\nW0201 = \"allow\"\n").unwrap();
    editor.notify("workspace/didChangeWatchedFiles", changes);
    assert_eq!(codes(&editor.findings(&uri)), ["W0601"]);
}

#[test]
fn who_can_watch_files_is_asked_to() {
    let capabilities = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let mut opened = opened(capabilities, LOOSE);
    let Message::Request(request) = opened.editor.receive() else { panic!("it asks first") };
    assert_eq!(request.method, "client/registerCapability");
    let registration = &request.params["registrations"][0];
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    let watchers = registration["registerOptions"]["watchers"].as_array().unwrap();
    let patterns: Vec<_> = watchers.iter().map(|watcher| watcher["globPattern"].as_str().unwrap()).collect();
    assert_eq!(patterns, ["**/*.pipe", "**/pipec.toml"]);
}

impl Editor {
    /// The status and what was said on standard error.
    fn ended(mut self) -> (Option<i32>, String) {
        drop(self.input);
        let mut said = String::new();
        self.server.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.server.wait().unwrap().code(), said)
    }
}

#[test]
fn requests_are_refused_before_the_start_and_after_the_end() {
    let mut editor = Editor::start();
    let early = editor.request("textDocument/hover", json!({}));
    assert_eq!(early["error"]["code"], -32002);
    assert_eq!(early["error"]["message"], "the first request is `initialize`, not `textDocument/hover`");
    editor.request("initialize", json!({ "capabilities": {} }));
    assert_eq!(editor.request("shutdown", Value::Null)["result"], Value::Null);
    for method in ["textDocument/hover", "shutdown", "textDocument/nonsense"] {
        let late = editor.request(method, json!({}));
        assert_eq!(late["error"]["code"], -32600, "{method}");
    }
    editor.notify("exit", Value::Null);
    assert_eq!(editor.ended(), (Some(0), String::new()));

    let mut rude = Editor::start();
    rude.request("initialize", json!({ "capabilities": {} }));
    rude.notify("exit", Value::Null);
    assert_eq!(rude.ended(), (Some(1), String::new()));
}

#[test]
fn what_is_no_message_is_refused() {
    for (bytes, reason) in [
        (
            "Content-Length: 99999999999999\r\n\r\n",
            "the Content-Length is `99999999999999`; a message has at most",
        ),
        ("Content-Length: -1\r\n\r\n", "the Content-Length is `-1`"),
        ("Content-Type: x\r\n\r\n{}", "a header has no Content-Length"),
        ("GET / HTTP\u{1b}\r\n", "a header has the line `GET / HTTP\\u{1b}`"),
        ("Content-Length: 3\r\n\r\n{x}", "a message is no JSON: key must be a string at line 1 column 2"),
        ("Content-Length: 4\r\n\r\nnull", "a message is no request, no notification and no response"),
        ("Content-Length: 9\r\n\r\nnull", "a message of 9 bytes ends after 4"),
    ] {
        let mut editor = Editor::start();
        editor.input.write_all(bytes.as_bytes()).unwrap();
        let (status, said) = editor.ended();
        assert_eq!(status, Some(2), "{said}");
        assert!(said.contains("the editor broke the protocol") && said.contains(reason), "{said}");
    }
}
