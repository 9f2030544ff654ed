/** Signals that one incident holds, the strongest first; more are counted. A page shows tens. */
export const MAX_SIGNALS = 200
/** Events and positions that one line of evidence names: enough to open some, few enough to read. */
export const MAX_REFERENCES = 16
/** Events and positions of a line that tells many acts alike: each of them leads to the log. */
export const MAX_GROUPED = 128
/** Links of deeds in one chain: the decisive one and the first ones; what is left out is counted. */
export const MAX_DEEDS = 16
/** Doubts of one case that are kept; those alike are told once. */
export const MAX_DOUBTS = 256
/** Characters of a quoted sentence. */
export const MAX_QUOTE = 600
/** Conversations of one incident that are named. */
export const MAX_CONVERSATIONS = 64

/** Ids that an incident may have gone by before. */
export const MAX_EARLIER_IDS = 32
/** Steps of its history that are kept: the first and the latest. */
export const MAX_REVISIONS = 50
/** Keys that one case shares with others; a sender may invent one for each record. */
export const MAX_JOINS = 256
/** Signals that the evidence of one case keeps, the strongest first: several incidents' worth, and some megabytes at most. */
export const MAX_KEPT_SIGNALS = 1_000
/** Memory records recalled in one case whose writes are looked for. */
export const MAX_RECALLS = 256
/** Characters of a principal's name that are read: AWS ends its longest ARN below. */
export const MAX_PRINCIPAL_CHARS = 2_048
/** Places that one case reached which are looked for in its texts, and characters of texts, the latest first. */
export const MAX_EFFECTS = 32
export const MAX_EFFECT_CHARS = 4_000_000
/** Events of a case whose graph is derived to hold claims against the kernel: beyond, the conversation's page shows it. */
export const MAX_GRAPHED = 2_000
/** Characters of a note, and of a text that it may have been taken from, that are compared; and such texts, the latest. */
export const MAX_HANDOVER_CHARS = 20_000
export const MAX_HANDOVER_SOURCES = 100
/** Characters of the owner's own turns in which calls are looked for: a day of a person's typing is a tenth of it. */
export const MAX_OWNERS_CHARS = 200_000

/** From this strength on a signal makes an incident by itself; below, it colours one. */
export const MAKES_INCIDENT = 0.5
