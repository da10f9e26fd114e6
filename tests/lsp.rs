#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
//! Drives `pipec lsp` as an editor does: over its pipes, message by message.

use std::io::{BufReader, Write};
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
