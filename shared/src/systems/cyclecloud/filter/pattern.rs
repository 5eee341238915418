//! Regular expressions of `regexp`, as far as people write them for nodes: characters, `.`, classes, groups, `|`, `^`,
//! `$` and the repetitions. What has other signs, or takes too long, cannot be told.

/// The most characters of a pattern, and of a text that one is looked for in.
const LONGEST_PATTERN: usize = 256;
const LONGEST_TEXT: usize = 256;
/// The most steps that a search may take.
const STEPS: usize = 100_000;
/// How many pieces a search may be within at a time.
const PIECES: usize = 1000;
/// How deep groups may be nested.
const DEEPEST: usize = 16;
/// How often something may be repeated at the most, where a number says so.
const MOST: usize = 100;

/// A pattern: ways that it may go, each a row of pieces.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pattern(Vec<Vec<Piece>>);

#[derive(Clone, Debug, PartialEq)]
struct Piece {
    what: What,
    least: usize,
    most: usize,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    One(char),
    Any,
    Class { ranges: Vec<(char, char)>, others: bool },
    Group(Pattern),
    Start,
    End,
}

impl Pattern {
    /// Reads a pattern; `None` where it has signs that are not known here.
    pub(super) fn read(text: &str) -> Option<Pattern> {
        let letters: Vec<char> = text.chars().collect();
        let mut reader = Reader { letters: &letters, at: 0 };
        let pattern = (letters.len() <= LONGEST_PATTERN).then(|| reader.pattern(0))??;
        (reader.at == letters.len()).then_some(pattern)
    }

    /// Whether it is found anywhere in a text; `None` where that takes too long.
    pub(super) fn is_found_in(&self, text: &str) -> Option<bool> {
        let text: Vec<char> = text.chars().collect();
        let mut search = Search { text: &text, steps: STEPS, within: 0 };
        let found = text.len() <= LONGEST_TEXT && (0..=text.len()).any(|at| search.pattern(self, at, &mut |_, _| true));
        (search.steps > 0 && text.len() <= LONGEST_TEXT).then_some(found)
    }
}

struct Reader<'a> {
    letters: &'a [char],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek();
        self.at += usize::from(letter.is_some());
        letter
    }

    fn pattern(&mut self, depth: usize) -> Option<Pattern> {
        let mut ways = vec![Vec::new()];
        while let Some(letter) = self.peek().filter(|letter| *letter != ')') {
            if letter == '|' {
                self.at += 1;
                ways.push(Vec::new());
                continue;
            }
            let what = self.what(depth)?;
            let (least, most) = self.repetition()?;
            ways.last_mut()?.push(Piece { what, least, most });
        }
        Some(Pattern(ways))
    }

    fn what(&mut self, depth: usize) -> Option<What> {
        Some(match self.next()? {
            '.' => What::Any,
            '^' => What::Start,
            '$' => What::End,
            '[' => self.class()?,
            '(' => {
                if self.peek() == Some('?') {
                    self.at += 1;
                    (self.next()? == ':').then_some(())?;
                }
                let inner = (depth < DEEPEST).then(|| self.pattern(depth + 1))??;
                (self.next()? == ')').then_some(())?;
                What::Group(inner)
            }
            '\\' => {
                let letter = self.next()?;
                match named(letter) {
                    Some((ranges, others)) => What::Class { ranges, others },
                    None if letter.is_alphanumeric() => return None,
                    None => What::One(letter),
                }
            }
            '*' | '+' | '?' | '{' => return None,
            letter => What::One(letter),
        })
    }

    fn class(&mut self) -> Option<What> {
        let others = self.peek() == Some('^');
        self.at += usize::from(others);
        let mut ranges = Vec::new();
        loop {
            let from = match self.next()? {
                ']' if !ranges.is_empty() => return Some(What::Class { ranges, others }),
                '\\' => {
                    let letter = self.next()?;
                    match named(letter) {
                        Some((named, false)) => {
                            ranges.extend(named);
                            continue;
                        }
                        Some(_) => return None,
                        None if letter.is_alphanumeric() => return None,
                        None => letter,
                    }
                }
                letter => letter,
            };
            if self.peek() == Some('-') && self.letters.get(self.at + 1).is_some_and(|next| *next != ']') {
                self.at += 1;
                let to = self.next()?;
                (to != '\\' && from <= to).then(|| ranges.push((from, to)))?;
            } else {
                ranges.push((from, from));
            }
        }
    }

    fn repetition(&mut self) -> Option<(usize, usize)> {
        let found = match self.peek() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => return self.counted(),
            _ => return Some((1, 1)),
        };
        self.at += 1;
        self.lazy();
        Some(found)
    }

    /// Whether it takes as little as it can decides nothing about whether it is found.
    fn lazy(&mut self) {
        self.at += usize::from(self.peek() == Some('?'));
    }

    fn counted(&mut self) -> Option<(usize, usize)> {
        let end = self.letters[self.at..].iter().position(|letter| *letter == '}')?;
        let inside: String = self.letters[self.at + 1..self.at + end].iter().collect();
        self.at += end + 1;
        self.lazy();
        let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number <= MOST);
        let (least, most) = match inside.split_once(',') {
            None => (number(&inside)?, number(&inside)?),
            Some((least, "")) => (number(least)?, usize::MAX),
            Some((least, most)) => (number(least)?, number(most)?),
        };
        (least <= most).then_some((least, most))
    }
}

/// The class of a letter after a backslash.
fn named(letter: char) -> Option<(Vec<(char, char)>, bool)> {
    let ranges = match letter.to_ascii_lowercase() {
        'd' => vec![('0', '9')],
        'w' => vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')],
        's' => vec![(' ', ' '), ('\t', '\r')],
        _ => return None,
    };
    Some((ranges, letter.is_ascii_uppercase()))
}

struct Search<'a> {
    text: &'a [char],
    /// How many are left; none where the search was given up.
    steps: usize,
    /// How many pieces it is within.
    within: usize,
}

/// What is to be found after a piece.
type Then<'t> = dyn FnMut(&mut Search<'_>, usize) -> bool + 't;

impl Search<'_> {
    fn pattern(&mut self, pattern: &Pattern, at: usize, then: &mut Then<'_>) -> bool {
        pattern.0.iter().any(|way| self.pieces(way, at, then))
    }

    fn pieces(&mut self, pieces: &[Piece], at: usize, then: &mut Then<'_>) -> bool {
        match pieces.split_first() {
            None => then(self, at),
            Some((piece, rest)) => self.repeated(piece, 0, at, rest, then),
        }
    }

    /// A piece that was found so many times, and what follows it.
    fn repeated(&mut self, piece: &Piece, times: usize, at: usize, rest: &[Piece], then: &mut Then<'_>) -> bool {
        self.steps = if self.within == PIECES { 0 } else { self.steps.saturating_sub(1) };
        if self.steps == 0 {
            return false;
        }
        self.within += 1;
        let mut again = |search: &mut Search<'_>, after: usize| {
            // What takes nothing would be found for ever.
            (after > at || times < piece.least) && search.repeated(piece, times + 1, after, rest, then)
        };
        let more = times < piece.most
            && match &piece.what {
                What::Group(inner) => self.pattern(inner, at, &mut again),
                What::Start => at == 0 && again(self, at),
                What::End => at == self.text.len() && again(self, at),
                one => self.text.get(at).is_some_and(|letter| is(one, *letter)) && again(self, at + 1),
            };
        let found = more || (times >= piece.least && self.pieces(rest, at, then));
        self.within -= 1;
        found
    }
}

fn is(what: &What, letter: char) -> bool {
    match what {
        What::One(one) => *one == letter,
        What::Any => letter != '\n',
        What::Class { ranges, others } => ranges.iter().any(|(from, to)| (*from..=*to).contains(&letter)) != *others,
        What::Group(_) | What::Start | What::End => false,
    }
}
