//! Why an expression does not parse, and where.

use std::fmt;

/// Why an expression does not parse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// After how many characters.
    pub at: usize,
    /// What is wrong there.
    pub flaw: Flaw,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at character {}", self.flaw.sentence(), self.at + 1)
    }
}

/// Declares what may be wrong at a place of an expression.
macro_rules! flaws {
    ($( $(#[$doc:meta])* $name:ident $sentence:literal; )+) => {
        /// What is wrong at a place of an expression.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Flaw {
            $( $(#[$doc])* $name, )+
        }

        impl Flaw {
            /// All that there are.
            pub const ALL: &[Flaw] = &[$(Flaw::$name),+];

            /// The same in English, for scripts.
            pub const fn sentence(self) -> &'static str {
                match self { $(Flaw::$name => $sentence,)+ }
            }
        }
    };
}

flaws! {
    /// It has more than may be.
    TooLong "the expression is too long";
    /// It has more levels than may be.
    TooDeep "the expression is nested too deeply";
    /// It has more operators in a row than may be.
    TooManyOperators "the expression has too many operators";
    /// It goes on with none.
    NoOperator "an operator is expected";
    /// It ends, or goes on with something else.
    NoOperand "something is expected that can be compared";
    /// It begins with the operator.
    NothingBeforeIn "something is expected before `in`";
    /// Of a choice between two.
    NoColon "a colon is expected";
    /// Of what stands in parentheses.
    NoParenthesis "a closing parenthesis is expected";
    /// After `in`.
    NoList "a list between braces is expected";
    /// In a list.
    ListGoesOn "a comma or a closing brace is expected";
    /// In what is given to a function.
    CallGoesOn "a comma or a closing parenthesis is expected";
    /// Of a text.
    SingleQuotes "texts stand between double quotes";
    /// Of a text.
    OpenText "this text has no closing quote";
    /// Of a time between backticks.
    Time "a time is written as `10m`";
    /// Of digits and dots.
    Number "this is no number";
}
