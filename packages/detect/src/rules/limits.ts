/** Characters of one rule file: the longest of the public collections have a few thousand. */
export const MAX_RULE_CHARS = 100_000
/** Rules of one set, those that a correlation refers to counted. */
export const MAX_RULES = 20_000
/** Aliases that one file may resolve: a rule needs a handful, and each may stand for many. */
export const MAX_YAML_ALIASES = 50
/** Nesting of a condition or an expression; nobody reads deeper ones. */
export const MAX_NESTING = 32
/** Values of one selection: lists of programs and paths have hundreds. */
export const MAX_VALUES = 2_000
/** Characters of one value, one regular expression, one CEL expression. */
export const MAX_VALUE_CHARS = 4_096
export const MAX_EXPRESSION_CHARS = 2_000
/** Loops inside of loops of one CEL expression: each multiplies the time. */
export const MAX_LOOPS = 2
/** Characters of one captured text that rules look at. */
export const MAX_FIELD_CHARS = 400_000
/** Values of a field that holds several. */
export const MAX_FIELD_VALUES = 256
/** Sentences of one event that are asked whether they order something: a page has hundreds. */
export const MAX_FIELD_SENTENCES = 1_000
/** Events of one case that rules are held against; a case holds 8,000 entries. */
export const MAX_RULE_EVENTS = 200_000
/** Matches of one rule in one case that correlations look at; more of them are of one kind. */
export const MAX_MATCHES = 10_000
/** Groups that one correlation tells apart: a sender may invent a value for each event. */
export const MAX_GROUPS = 2_000
/** Times that one correlation may come true in one group. */
export const MAX_FIRINGS = 100
/** Values that one memory holds for one agent, the first to come. */
export const MAX_REMEMBERED = 10_000
/** Seconds that a memory may last, and that a correlation may span: 30 days. What a rule asks beyond is cut, and noted. */
export const MAX_TTL_SECONDS = 30 * 86_400
/** Signals of rules in one case. */
export const MAX_RULE_SIGNALS = 500
/** Events that one signal names as its proof; its words say how many there were. */
export const MAX_RULE_PROOFS = 16
/** Cells of the table that searches one field for the texts of all rules, four bytes each: 3,000 rules have about 4 million. */
export const MAX_AUTOMATON_CELLS = 32_000_000
/** Compiled regular expressions of expressions that are kept; those of more rules are compiled again. */
export const MAX_CEL_PATTERNS = 256
/** Characters of a value that is kept as it is to be compared later; of a longer one, its digest. */
export const MAX_KEY_CHARS = 128
