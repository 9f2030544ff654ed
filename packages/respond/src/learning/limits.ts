/** Events of one incident that a replay goes through: a case of more is replayed from its first tainted input on. */
export const MAX_REPLAY_EVENTS = 2_000
/** Prefixes that one replay judges before it looks closely: each is read as a case of its own. */
export const MAX_REPLAY_PREFIXES = 96
/** Rules that are tried for one incident; all of them are held against the ordinary past at once. */
export const MAX_CANDIDATES = 240
/** Earlier steps that one step is paired with, the latest first: what lies further back is told by a step between. */
export const MAX_PAIRED = 12
/** Kinds of keys of one store: where there are more, keys are whatever somebody calls them. */
export const MAX_KEY_KINDS = 32
/** Characters of a name of a tool, a store or an action: a longer one is no name. */
export const MAX_NAME_CHARS = 200
/** Tools that one order is said to name, those first that were called first. */
export const MAX_NAMED_TOOLS = 3
/** From so many on a repetition is a shape; whether it is an everyday one, the ordinary past says. */
export const LEAST_REPEATS = 2
/** Ordinary conversations that a rule must have been held against: fewer say little about false alarms. */
export const LEAST_ORDINARY = 5
/** Hours that an ordered pair or a count may span: a day, unless the incident itself took longer. */
export const SPAN_HOURS = 24
export const MAX_SPAN_HOURS = 720
/** Characters of one text that are reworded; what lies beyond stays as it was. */
export const MAX_REWORDED_CHARS = 200_000
/** Levels of captured JSON that are gone into: no interface is deeper, and what is would exhaust the stack. It is reworded as prose. */
export const MAX_REWORDED_DEPTH = 64
