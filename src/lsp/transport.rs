//! Messages over standard input and output: each is a header with its length, an empty line, and JSON.

use std::io::{self, BufRead, Read as _, Write as _};
use std::thread::JoinHandle;

use lsp_server::{Connection, Message};

use crate::source::MAX_SOURCE;

/// A source may be much longer as JSON.
const MAX_MESSAGE: usize = 4 * MAX_SOURCE;

/// The threads that move messages; they end when the editor goes away, says `exit` or breaks the protocol.
#[derive(Debug)]
pub struct Threads {
    reader: JoinHandle<io::Result<()>>,
    writer: JoinHandle<io::Result<()>>,
}

/// The editor at the other end of the standard streams.
pub fn stdio() -> (Connection, Threads) {
    let (server, Connection { sender, receiver }) = Connection::memory();
    let reader = std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(message) = read(&mut input)? {
            let is_exit = matches!(&message, Message::Notification(notice) if notice.method == "exit");
            if sender.send(message).is_err() || is_exit {
                break;
            }
        }
        Ok(())
    });
    let writer = std::thread::spawn(move || {
        let mut output = io::stdout().lock();
        receiver.into_iter().try_for_each(|message| message.write(&mut output))?;
        output.flush()
    });
    (server, Threads { reader, writer })
}

impl Threads {
    /// # Errors
    /// When the editor went away in the middle of something, or sent what is no message.
    pub fn join(self) -> io::Result<()> {
        for thread in [self.reader, self.writer] {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        }
        Ok(())
    }
}

/// The next message; `None` at the end of the input.
fn read(input: &mut impl BufRead) -> io::Result<Option<Message>> {
    let Some(length) = length(input)? else { return Ok(None) };
    let mut body = Vec::new();
    input.take(length as u64).read_to_end(&mut body)?;
    if body.len() < length {
        return Err(wrong(format!("a message of {length} bytes ends after {}", body.len())));
    }
    let json: serde_json::Value =
        serde_json::from_slice(&body).map_err(|error| wrong(format!("a message is no JSON: {error}")))?;
    let message = serde_json::from_value(json);
    message
        .map(Some)
        .map_err(|_| wrong("a message is no request, no notification and no response".to_owned()))
}

/// What the header says; `None` at the end of the input.
fn length(input: &mut impl BufRead) -> io::Result<Option<usize>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        input.take(MAX_HEADER).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if line.is_empty() {
            return length.map(Some).ok_or_else(|| wrong("a header has no Content-Length".to_owned()));
        }
        let Some((name, value)) = line.split_once(':') else {
            return Err(wrong(format!("a header has the line `{}`", line.escape_debug())));
        };
        if name.trim().eq_ignore_ascii_case("Content-Length") {
            length = Some(allowed(value.trim())?);
        }
    }
}

/// The longest line of a header.
const MAX_HEADER: u64 = 8192;

fn allowed(value: &str) -> io::Result<usize> {
    let length = value.parse().ok().filter(|length| *length <= MAX_MESSAGE);
    length.ok_or_else(|| {
        let value = value.escape_debug();
        wrong(format!("the Content-Length is `{value}`; a message has at most {MAX_MESSAGE} bytes"))
    })
}

fn wrong(text: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}
