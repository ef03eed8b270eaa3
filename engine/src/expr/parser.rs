//! From tokens to a syntax tree.
//!
//! Invariants: the parser recurses at most [`MAX_DEPTH`] times through an expression inside an expression, and no tree is
//! higher than [`MAX_DEPTH`]; so whatever walks a tree may recurse. Chains of `&&` and `||`, which associate, become
//! balanced trees: a long list of conditions is not deep.

use std::ops::Range;

use super::{
    Ast, AstKind, BinaryOp, Fault, MAX_DEPTH, UnaryOp,
    lexer::{self, Token, TokenKind},
};
use crate::{
    text::{Name, Text},
    value::Value,
};

/// The tree of `source`.
pub(super) fn parse(source: &str) -> Result<Ast, Vec<Fault>> {
    let tokens = lexer::tokens(source)?;
    let mut parser = Parser { tokens: &tokens, at: 0, end: source.len() };
    parser.whole().map(|tree| tree.ast).map_err(|fault| vec![*fault])
}

/// A tree with its height.
struct Tree {
    ast: Ast,
    height: usize,
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    end: usize,
}

/// The operators, with how strongly they bind.
const OPERATORS: [(&str, BinaryOp, u8); 14] = [
    ("||", BinaryOp::Or, 1),
    ("&&", BinaryOp::And, 2),
    ("==", BinaryOp::Equal, 3),
    ("!=", BinaryOp::NotEqual, 3),
    ("<", BinaryOp::Less, 3),
    ("<=", BinaryOp::LessOrEqual, 3),
    (">", BinaryOp::Greater, 3),
    (">=", BinaryOp::GreaterOrEqual, 3),
    ("in", BinaryOp::In, 3),
    ("+", BinaryOp::Add, 4),
    ("-", BinaryOp::Subtract, 4),
    ("*", BinaryOp::Multiply, 5),
    ("/", BinaryOp::Divide, 5),
    ("%", BinaryOp::Remainder, 5),
];
const OR: u8 = 1;
const AND: u8 = 2;
const RELATION: u8 = 3;
const STRONGEST: u8 = 5;

impl<'a> Parser<'a> {
    fn whole(&mut self) -> Result<Tree, Box<Fault>> {
        if self.tokens.is_empty() {
            return syntax(0..self.end, Text::new("表达式是空的", "the expression is empty"), None);
        }
        let tree = self.expression(0)?;
        match self.peek() {
            None => Ok(tree),
            Some(token) => self.surplus(token),
        }
    }

    /// `a ? b : c`, or anything that binds more strongly.
    fn expression(&mut self, depth: usize) -> Result<Tree, Box<Fault>> {
        let condition = self.level(OR, depth)?;
        if !self.take("?") {
            return Ok(condition);
        }
        self.deeper(depth)?;
        let yes = self.expression(depth + 1)?;
        if !self.take(":") {
            return self
                .missing("`:`", Some(Text::new("条件写成 `条件 ? 值 : 值`", "write `condition ? value : value`")));
        }
        let no = self.expression(depth + 1)?;
        let span = condition.ast.span.start..no.ast.span.end;
        let height = condition.height.max(yes.height).max(no.height);
        node(span, height, AstKind::Conditional(condition.ast.into(), yes.ast.into(), no.ast.into()))
    }

    /// A chain of operators that bind as strongly as `strength`.
    fn level(&mut self, strength: u8, depth: usize) -> Result<Tree, Box<Fault>> {
        if strength > STRONGEST {
            return self.unary(depth);
        }
        let mut left = self.level(strength + 1, depth)?;
        let mut chain = Vec::new();
        let mut compared = false;
        while let Some((op, span)) = self.operator(strength) {
            if compared {
                let help = Text::new("请写成 `a < b && b < c`", "write `a < b && b < c`");
                return syntax(span, Text::new("比较不能连写", "comparisons cannot be chained"), Some(help));
            }
            self.at += 1;
            let right = self.level(strength + 1, depth)?;
            if strength == OR || strength == AND {
                chain.push(std::mem::replace(&mut left, right));
            } else {
                left = binary(op, left, right)?;
                compared = strength == RELATION;
            }
        }
        if chain.is_empty() {
            return Ok(left);
        }
        chain.push(left);
        balanced(if strength == OR { BinaryOp::Or } else { BinaryOp::And }, chain)
    }

    fn operator(&self, strength: u8) -> Option<(BinaryOp, Range<usize>)> {
        let token = self.peek()?;
        let sign = match &token.kind {
            TokenKind::Sign(sign) => sign,
            TokenKind::Name(name) if name == "in" => "in",
            _ => return None,
        };
        let (_, op, _) = OPERATORS.into_iter().find(|(text, _, binds)| *text == sign && *binds == strength)?;
        Some((op, token.span.clone()))
    }

    fn unary(&mut self, depth: usize) -> Result<Tree, Box<Fault>> {
        let op = match self.peek().map(|token| &token.kind) {
            Some(TokenKind::Sign("!")) => UnaryOp::Not,
            Some(TokenKind::Sign("-")) => UnaryOp::Negate,
            _ => return self.postfix(depth),
        };
        let start = self.start();
        self.deeper(depth)?;
        self.at += 1;
        let operand = self.unary(depth + 1)?;
        node(start..operand.ast.span.end, operand.height, AstKind::Unary(op, operand.ast.into()))
    }

    /// An operand with the method calls behind it.
    fn postfix(&mut self, depth: usize) -> Result<Tree, Box<Fault>> {
        let mut tree = self.operand(depth)?;
        loop {
            if let Some(token) = self.peek().filter(|token| token.kind == TokenKind::Sign("[")) {
                let help = Text::new(
                    "取列表的第一个请写 `first(列表)`",
                    "write `first(list)` for the first element of a list",
                );
                return unexpected(token, Some(help));
            }
            if !self.take(".") {
                return Ok(tree);
            }
            let name = self.name()?;
            if !self.take("(") {
                let message = Text::new(
                    format!("`.{name}` 只能跟在事实后面"),
                    format!("`.{name}` can follow a fact only, or be a call `.{name}(…)`"),
                );
                return syntax(self.last_span(), message, None);
            }
            tree = self.call(name, Some(tree), depth)?;
        }
    }

    fn operand(&mut self, depth: usize) -> Result<Tree, Box<Fault>> {
        let Some(token) = self.peek() else {
            return self.missing_operand();
        };
        let span = token.span.clone();
        let literal = |value| node(span.clone(), 0, AstKind::Literal(value));
        match token.kind.clone() {
            TokenKind::Number(number) => {
                self.at += 1;
                literal(Value::Number(number))
            }
            TokenKind::Text(text) => {
                self.at += 1;
                literal(Value::Text(text))
            }
            TokenKind::Name(name) => match name.as_str() {
                "in" => unexpected(token, None),
                "true" | "false" => {
                    self.at += 1;
                    literal(Value::Bool(name == "true"))
                }
                "null" => {
                    self.at += 1;
                    literal(Value::Null)
                }
                _ => self.path(depth),
            },
            TokenKind::Quoted(_) => self.path(depth),
            TokenKind::Sign("(") => self.parenthesis(depth),
            TokenKind::Sign("[") => {
                self.deeper(depth)?;
                self.at += 1;
                let (all, height) = self.elements("]", depth + 1)?;
                node(span.start..self.last_span().end, height, AstKind::List(all))
            }
            TokenKind::Sign(_) => unexpected(token, None),
        }
    }

    fn parenthesis(&mut self, depth: usize) -> Result<Tree, Box<Fault>> {
        self.deeper(depth)?;
        let start = self.start();
        self.at += 1;
        let mut tree = self.expression(depth + 1)?;
        if !self.take(")") {
            return self.unclosed(start..start + 1, "`)`", ")");
        }
        tree.ast.span = start..self.last_span().end;
        Ok(tree)
    }

    /// A path; where `(` follows, the last name is a function and the rest its first argument.
    fn path(&mut self, depth: usize) -> Result<Tree, Box<Fault>> {
        let start = self.start();
        let mut names = vec![self.name()?];
        let mut end = self.last_span().end;
        loop {
            if self.take("(") {
                let Some(function) = names.pop() else { return self.missing_operand() };
                let receiver = if names.is_empty() { None } else { Some(node(start..end, 0, AstKind::Path(names))?) };
                let mut tree = self.call(function, receiver, depth)?;
                tree.ast.span.start = start;
                return Ok(tree);
            }
            if !self.take(".") {
                return node(start..self.last_span().end, 0, AstKind::Path(names));
            }
            end = self.before_dot();
            names.push(self.name()?);
        }
    }

    /// The arguments of `name(`, whose bracket is taken.
    fn call(&mut self, name: Name, receiver: Option<Tree>, depth: usize) -> Result<Tree, Box<Fault>> {
        self.deeper(depth)?;
        let start = receiver.as_ref().map_or_else(|| self.last_span().start, |tree| tree.ast.span.start);
        let (mut all, mut height) = self.elements(")", depth + 1)?;
        if let Some(receiver) = receiver {
            height = height.max(receiver.height);
            all.insert(0, receiver.ast);
        }
        node(start..self.last_span().end, height, AstKind::Call(name, all))
    }

    /// Expressions between commas, up to the bracket `close`.
    fn elements(&mut self, close: &'static str, depth: usize) -> Result<(Vec<Ast>, usize), Box<Fault>> {
        let mut all = Vec::new();
        let mut height = 0;
        let open = self.last_span();
        if self.take(close) {
            return Ok((all, height));
        }
        loop {
            let tree = self.expression(depth)?;
            height = height.max(tree.height);
            all.push(tree.ast);
            if self.take(close) {
                return Ok((all, height));
            }
            if !self.take(",") {
                return self.unclosed(open, &format!("`,` / `{close}`"), close);
            }
            // As in CEL, a list may end with a comma.
            if close == "]" && self.take(close) {
                return Ok((all, height));
            }
        }
    }

    fn name(&mut self) -> Result<Name, Box<Fault>> {
        let name = match self.peek().map(|token| &token.kind) {
            Some(TokenKind::Name(name) | TokenKind::Quoted(name)) => Name::from(name.as_str()),
            _ => return self.missing_name(),
        };
        self.at += 1;
        Ok(name)
    }

    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, sign: &'static str) -> bool {
        let found = self.peek().is_some_and(|token| token.kind == TokenKind::Sign(sign));
        self.at += usize::from(found);
        found
    }

    /// Where the next token starts.
    fn start(&self) -> usize {
        self.peek().map_or(self.end, |token| token.span.start)
    }

    /// The token before the next.
    fn last_span(&self) -> Range<usize> {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0..self.end, |token| token.span.clone())
    }

    /// The end of the token before the dot that was just taken.
    fn before_dot(&self) -> usize {
        self.at.checked_sub(2).and_then(|at| self.tokens.get(at)).map_or(self.end, |token| token.span.end)
    }

    /// The place to show when something is missing: the next token, or at the end the last one.
    fn here(&self) -> Range<usize> {
        self.peek().map_or_else(|| self.last_span(), |token| token.span.clone())
    }

    fn deeper(&self, depth: usize) -> Result<(), Box<Fault>> {
        if depth < MAX_DEPTH { Ok(()) } else { too_deep(self.here()) }
    }

    fn missing<T>(&self, what: &str, help: Option<Text>) -> Result<T, Box<Fault>> {
        let message = match self.peek().map(shown) {
            Some(found) => {
                Text::new(format!("此处应是 {what}，而不是 `{found}`"), format!("expected {what}, found `{found}`"))
            }
            None => Text::new(
                format!("表达式没有写完，缺少 {what}"),
                format!("the expression ends too early, expected {what}"),
            ),
        };
        syntax(self.here(), message, help)
    }

    /// A bracket at `open` without its end: shown itself where the expression ends before.
    fn unclosed<T>(&self, open: Range<usize>, what: &str, close: &str) -> Result<T, Box<Fault>> {
        if let Some(token) = self.peek() {
            return match habit(token) {
                Some(_) => unexpected(token, None),
                None => self.missing(what, None),
            };
        }
        let help = Text::new(format!("请在这一对括号的末尾补上 `{close}`"), format!("add `{close}` where it ends"));
        syntax(open, Text::new("这个括号没有结束", "this bracket is not closed"), Some(help))
    }

    /// A token behind a whole expression. The slip may be the name before it: `not x`, `if x then y`.
    fn surplus<T>(&self, token: &Token) -> Result<T, Box<Fault>> {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        if let Some(before) = before.filter(|before| habit(token).is_none() && is_prefix(before)) {
            return unexpected(before, None);
        }
        let help = (token.kind == TokenKind::Sign(")"))
            .then(|| Text::new("请删去它，或在前面补上 `(`", "remove it, or add the `(` that it closes"));
        unexpected(token, help)
    }

    fn missing_operand<T>(&self) -> Result<T, Box<Fault>> {
        let message = Text::new("表达式没有写完", "the expression ends too early");
        let after = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map(|token| &token.kind);
        let help = match after {
            Some(TokenKind::Sign("%")) => Text::new(
                "百分数请写成 `50` 或 `0.5`：`%` 在表达式里是求余",
                "write per cents as `50` or `0.5`: `%` gives the remainder of a division",
            ),
            _ => Text::new("在末尾补上一个值", "write a value at the end"),
        };
        syntax(self.here(), message, Some(help))
    }

    fn missing_name<T>(&self) -> Result<T, Box<Fault>> {
        let message = Text::new("`.` 后面应是名称", "expected a name after `.`");
        syntax(self.here(), message, None)
    }
}

fn node(span: Range<usize>, below: usize, kind: AstKind) -> Result<Tree, Box<Fault>> {
    let height = below + 1;
    if height > MAX_DEPTH { too_deep(span) } else { Ok(Tree { ast: Ast { span, kind }, height }) }
}

fn binary(op: BinaryOp, left: Tree, right: Tree) -> Result<Tree, Box<Fault>> {
    let span = left.ast.span.start..right.ast.span.end;
    node(span, left.height.max(right.height), AstKind::Binary(op, left.ast.into(), right.ast.into()))
}

/// The operands of a chain as a balanced tree, in their order.
fn balanced(op: BinaryOp, mut chain: Vec<Tree>) -> Result<Tree, Box<Fault>> {
    while chain.len() > 1 {
        let mut pairs = Vec::with_capacity(chain.len().div_ceil(2));
        let mut rest = chain.into_iter();
        while let Some(left) = rest.next() {
            pairs.push(match rest.next() {
                Some(right) => binary(op, left, right)?,
                None => left,
            });
        }
        chain = pairs;
    }
    match chain.pop() {
        Some(tree) => Ok(tree),
        None => syntax(0..0, Text::default(), None),
    }
}

fn syntax<T>(span: Range<usize>, message: Text, help: Option<Text>) -> Result<T, Box<Fault>> {
    Err(Box::new(Fault { code: "expression-syntax", span, message, help }))
}

fn too_deep<T>(span: Range<usize>) -> Result<T, Box<Fault>> {
    Err(Box::new(Fault {
        code: "expression-too-deep",
        span,
        message: Text::new(
            format!("表达式嵌套超过 {MAX_DEPTH} 层"),
            format!("the expression nests deeper than {MAX_DEPTH} levels"),
        ),
        help: Some(Text::new("把它拆成几步", "split it into several steps")),
    }))
}

fn shown(token: &Token) -> String {
    match &token.kind {
        TokenKind::Name(name) | TokenKind::Quoted(name) => name.clone(),
        TokenKind::Number(number) => number.to_string(),
        TokenKind::Text(text) => format!("'{text}'"),
        TokenKind::Sign(sign) => (*sign).to_owned(),
    }
}

fn unexpected<T>(token: &Token, help: Option<Text>) -> Result<T, Box<Fault>> {
    let found = shown(token);
    let help = help.or_else(|| habit(token));
    syntax(token.span.clone(), Text::new(format!("此处不能写 `{found}`"), format!("`{found}` cannot stand here")), help)
}

/// What to write instead of a word or sign of another language.
fn habit(token: &Token) -> Option<Text> {
    let sign = match &token.kind {
        TokenKind::Name(name) => match name.to_lowercase().as_str() {
            "and" | "并且" | "而且" | "且" | "和" | "与" => "&&",
            "or" | "或者" | "或" => "||",
            "not" | "非" | "不" => "!",
            "is" | "eq" | "equals" | "等于" | "是" => "==",
            "ne" | "不等于" | "不是" => "!=",
            "gt" | "大于" => ">",
            "lt" | "小于" => "<",
            "ge" | "gte" | "大于等于" => ">=",
            "le" | "lte" | "小于等于" => "<=",
            "属于" => "in",
            "if" | "then" | "else" | "如果" | "那么" | "否则" => {
                return Some(Text::new("请写成 `条件 ? 值 : 值`", "write `condition ? value : value`"));
            }
            _ => return None,
        },
        TokenKind::Sign("{" | "}") => return Some(lexer::no_placeholder()),
        _ => return None,
    };
    Some(Text::new(format!("请写成 `{sign}`"), format!("write `{sign}`")))
}

/// Whether a token is a word that other languages write before an operand.
fn is_prefix(token: &Token) -> bool {
    matches!(&token.kind, TokenKind::Name(name) if matches!(name.to_lowercase().as_str(), "not" | "if" | "如果" | "非" | "不"))
}
