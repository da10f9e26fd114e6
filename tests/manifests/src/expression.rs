//! The shape of an expr-lang expression: enough of its grammar to tell what is no expression, and which variables it
//! reads. What functions mean is left to Argo's own libraries.

/// A variable with the fields that are read of it: `tasks`, `fetch`, `outputs`, `parameters`, `count`.
pub(crate) type Path = Vec<String>;

/// The variables that an expression reads.
///
/// # Errors
/// A text that is no expression.
pub(crate) fn variables(text: &str) -> Result<Vec<Path>, String> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, read: Vec::new(), bound: Vec::new() };
    parser.expression(0)?;
    match parser.peek() {
        None => Ok(parser.read),
        Some(token) => Err(format!("the expression goes on with `{}` where it should end", token.text())),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Number,
    Sign(&'static str),
}

impl Token {
    fn text(&self) -> &str {
        match self {
            Token::Name(text) | Token::Text(text) => text,
            Token::Number => "a number",
            Token::Sign(sign) => sign,
        }
    }
}

/// Longer ones first.
const SIGNS: [&str; 36] = [
    "...", "..", "?.", "??", "==", "!=", "<=", ">=", "&&", "||", "**", "(", ")", "[", "]", "{", "}", ",",
    ":", ";", "?", ".", "<", ">", "!", "+", "-", "*", "/", "%", "^", "#", "|", "=", "$", "&",
];

const WORD_OPERATORS: [&str; 9] =
    ["and", "or", "not", "in", "matches", "contains", "startsWith", "endsWith", "let"];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' | '`' => {
                let (value, length) = quoted(rest, first)?;
                tokens.push(Token::Text(value));
                length
            }
            '0'..='9' => {
                let is_part = |(at, c): (usize, char)| {
                    c.is_ascii_alphanumeric() || c == '_' || c == '.' && !rest[at..].starts_with("..")
                };
                let mut length = rest.char_indices().take_while(|pair| is_part(*pair)).count();
                if rest[..length].ends_with(['e', 'E']) && rest[length..].starts_with(['-', '+']) {
                    length += 1 + rest[length + 1..].chars().take_while(char::is_ascii_digit).count();
                }
                tokens.push(Token::Number);
                length
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                let length = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').count();
                tokens.push(Token::Name(rest[..length].to_owned()));
                length
            }
            _ => {
                let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) else {
                    return Err(format!("`{first}` doesn't belong into an expression"));
                };
                tokens.push(Token::Sign(sign));
                sign.len()
            }
        };
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// A quoted text, and how many bytes it takes.
fn quoted(text: &str, quote: char) -> Result<(String, usize), String> {
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        match c {
            c if c == quote => return Ok((value, at + 1)),
            '\\' if quote != '`' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            c => value.push(c),
        }
    }
    Err("a text in the expression has no end".to_owned())
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    read: Vec<Path>,
    /// Names that `let` has bound.
    bound: Vec<String>,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn eat(&mut self, sign: &str) -> bool {
        let is_there = matches!(self.peek(), Some(Token::Sign(found)) if *found == sign);
        self.at += usize::from(is_there);
        is_there
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.eat(sign) {
            return Ok(());
        }
        let found = self.peek().map_or("its end", Token::text);
        Err(format!("the expression has `{found}` where `{sign}` should be"))
    }

    fn word(&self) -> Option<&str> {
        match self.peek() {
            Some(Token::Name(name)) => Some(name),
            Some(Token::Text(_) | Token::Number | Token::Sign(_)) | None => None,
        }
    }

    fn expression(&mut self, level: u8) -> Result<(), String> {
        if self.word() == Some("let") {
            self.at += 1;
            let name = self.word().ok_or("`let` lacks a name")?.to_owned();
            self.at += 1;
            self.expect("=")?;
            self.expression(0)?;
            self.expect(";")?;
            self.bound.push(name);
            return self.expression(0);
        }
        self.unary()?;
        while let Some(next) = self.binary() {
            if next < level {
                break;
            }
            self.operator();
            self.expression(next + 1)?;
        }
        if level == 0 && self.eat("?") {
            self.expression(0)?;
            self.expect(":")?;
            self.expression(0)?;
        }
        Ok(())
    }

    /// How tightly the operator that comes next binds.
    fn binary(&self) -> Option<u8> {
        let text = match self.peek()? {
            Token::Sign(sign) => sign,
            Token::Name(name) if WORD_OPERATORS.contains(&name.as_str()) && name != "let" => name.as_str(),
            Token::Name(_) | Token::Text(_) | Token::Number => return None,
        };
        Some(match text {
            "|" => 1,
            "or" | "||" => 2,
            "and" | "&&" => 3,
            "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not" | "matches" | "contains" | "startsWith"
            | "endsWith" => 4,
            ".." => 5,
            "+" | "-" => 6,
            "*" | "/" | "%" => 7,
            "**" | "^" => 8,
            "??" => 9,
            _ => return None,
        })
    }

    fn operator(&mut self) {
        let negates = self.word() == Some("not");
        self.at += 1;
        if negates {
            self.at += 1;
        }
    }

    fn unary(&mut self) -> Result<(), String> {
        if self.eat("-") || self.eat("+") || self.eat("!") || self.word() == Some("not") && self.skip() {
            return self.unary();
        }
        self.postfix()
    }

    fn skip(&mut self) -> bool {
        self.at += 1;
        true
    }

    fn postfix(&mut self) -> Result<(), String> {
        let mut path = self.primary()?;
        loop {
            let may_be_nil = self.eat("?.");
            // `a?.['b']`: an index.
            if may_be_nil && matches!(self.peek(), Some(Token::Sign("["))) {
                continue;
            }
            if may_be_nil || self.eat(".") {
                let name = self.word().ok_or("a field's name is missing after `.`")?.to_owned();
                self.at += 1;
                path.iter_mut().for_each(|path| path.push(name.clone()));
            } else if self.eat("[") {
                let literal = match (self.peek(), self.tokens.get(self.at + 1)) {
                    (Some(Token::Text(text)), Some(Token::Sign("]"))) => Some(text.clone()),
                    _ => None,
                };
                self.slice()?;
                match (literal, path.as_mut()) {
                    (Some(text), Some(path)) => path.push(text),
                    _ => self.read.extend(path.take()),
                }
            } else if self.eat("(") {
                path = None;
                self.list(")")?;
            } else {
                break;
            }
        }
        self.read.extend(path.filter(|path| !self.bound.contains(&path[0])));
        Ok(())
    }

    /// `i]`, `i:]`, `:j]`, `i:j]`
    fn slice(&mut self) -> Result<(), String> {
        if !self.eat(":") {
            self.expression(0)?;
            if !self.eat(":") {
                return self.expect("]");
            }
        }
        if self.eat("]") {
            return Ok(());
        }
        self.expression(0)?;
        self.expect("]")
    }

    fn list(&mut self, end: &str) -> Result<(), String> {
        while !self.eat(end) {
            self.expression(0)?;
            if !self.eat(",") {
                return self.expect(end);
            }
        }
        Ok(())
    }

    /// The variable that the operand is, if it is one.
    fn primary(&mut self) -> Result<Option<Path>, String> {
        let Some(token) = self.peek().cloned() else {
            return Err("the expression ends too early".to_owned());
        };
        self.at += 1;
        match token {
            Token::Text(_) | Token::Number => Ok(None),
            Token::Name(name) if ["true", "false", "nil"].contains(&name.as_str()) => Ok(None),
            Token::Name(name) if WORD_OPERATORS.contains(&name.as_str()) => {
                Err(format!("the expression has `{name}` where a value should be"))
            }
            Token::Name(name) => Ok(Some(vec![name])),
            Token::Sign("#") => {
                self.at += usize::from(matches!(self.word(), Some("acc" | "index")));
                Ok(None)
            }
            Token::Sign("(") => {
                self.expression(0)?;
                self.expect(")").map(|()| None)
            }
            Token::Sign("[") => self.list("]").map(|()| None),
            Token::Sign("{") => self.entries().map(|()| None),
            Token::Sign(sign) => Err(format!("the expression has `{sign}` where a value should be")),
        }
    }

    fn entries(&mut self) -> Result<(), String> {
        while !self.eat("}") {
            if self.eat("(") {
                self.expression(0)?;
                self.expect(")")?;
            } else {
                self.at += 1;
            }
            self.expect(":")?;
            self.expression(0)?;
            if !self.eat(",") {
                return self.expect("}");
            }
        }
        Ok(())
    }
}
