/** Fields of one tool result that are looked at: a page of a table has hundreds, a dump that has more is cut and says so. */
export const MAX_LEAVES = 20_000
/** Nesting of a literal: deeper is no record of anything, and a stack must not be what ends it. */
export const MAX_DEPTH = 64
/** Characters of one text that are looked at; beyond, the rest is not evidence for or against anything. */
export const MAX_TEXT_CHARS = 400_000
/** Characters of all texts of one execution: some hundred thousand pages. */
export const MAX_CONTEXT_CHARS = 20_000_000
/** Characters of one sentence: longer ones are data that lacks full stops. */
export const MAX_SENTENCE_CHARS = 1_000
/** Texts handed from agent to agent in one case that are known again where they come in. */
export const MAX_HANDED = 1_000
/** Characters of one argument that are read for what it names. */
export const MAX_ARGUMENT_CHARS = 100_000
/** Words of one argument that count: a long letter must not drown the address it goes to. */
export const MAX_ARGUMENT_TOKENS = 200
/** Values of one call, and different things that they name together, that are looked up in the context. */
export const MAX_ARGUMENTS = 200
export const MAX_CALL_FORMS = 400
/** Tool calls of one execution that are judged, and texts that are held against them: more than one reading of a case holds. */
export const MAX_CALLS = 20_000
export const MAX_TEXTS = 20_000
/** Sentences that instruct, noted for one word: more of them tell nothing new about a call that holds it. */
export const MAX_POSTINGS = 200
/** Latest sentences that speak of a deed among which an order for it is looked for: who gives one wants it done soon. */
export const MAX_ORDERS = 40
/** Sentences that a call is held against, those that hold most of it first. */
export const MAX_CANDIDATES = 400
/** Characters of what the user said in which names and titles are looked for. */
export const MAX_USER_CHARS = 50_000
/** People that the user may have named: each sender is held against all of them. */
export const MAX_PEOPLE = 500
/** Words by which a thing is looked up, and characters of an id: more of them are a text. */
export const MAX_NAME_TOKENS = 6
export const MAX_ID_CHARS = 64
/** Items of the context, latest first, in which the pieces of an address are looked for, and characters of one. */
export const MAX_ASSEMBLED_ITEMS = 100
export const MAX_ASSEMBLED_CHARS = 20_000
/** Addresses of one call that are looked for in pieces. */
export const MAX_ASSEMBLED = 4
/** Such addresses of one execution: each may cost a millisecond, and what is beyond is counted. */
export const MAX_SOUGHT = 1_000
/** Texts found under an encoding in one field. */
export const MAX_DECODED = 64
/** Sentences of one execution. */
export const MAX_SENTENCES = 100_000
/** Characters of captured text quoted in one statement. */
export const MAX_QUOTED_CHARS = 300
