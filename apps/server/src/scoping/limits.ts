/** Conversations of one scope: those of the incident, and as many that its origins and crossings lead to. */
export const SCOPE_CONVERSATIONS = 64
/** Log entries that are looked up for the conversations of origins: each is one read of the log. */
export const ORIGINS_LOOKED = 64
/** Texts of one agent's contexts that are replayed: what is beyond leaves it undecided. */
export const CONTEXT_TEXTS = 5_000
/** Characters of all contexts of one agent that are replayed, as many as a model of the largest window reads many times over. */
export const CONTEXT_CHARS = 16_000_000
/** Hand-overs that are made out of givers and receivers: twice what one sweep reads. Past it nobody is cleared. */
export const HANDOVERS_MADE = 20_000
/** Characters of the document around an order that are held against what crossed. */
export const AROUND_CHARS = 200_000
/** Entries whose events are kept while one question is answered: texts of one span are asked for one after the other. */
export const ENTRIES_KEPT = 64
/** Resources of an agent that are read for its pods, nodes and images: an incident is about a Deployment, not a fleet. */
export const RESOURCES_READ = 64
/** Items, tools, destinations, principals and channels of one scope: people work the list. What is beyond is counted. */
export const SCOPED_ROWS = 2_000
/** Actions and resources told of one principal. */
export const USES_TOLD = 200
/** Results of calls that are read for how many records they brought. */
export const RESULTS_COUNTED = 2_000
/** Characters of one result that is read for that: a page of records, not a dump. */
export const RESULT_CHARS = 2_000_000
/** Principals of one agent, and writes of one item, that are looked up. */
export const PRINCIPALS_LOOKED = 200
export const WRITES_LOOKED = 64
/** Agents whose declared authority is read for one scope: each reads a month of uses. */
export const REPORTS_ASKED = 16
/** Names of one kind, receivers and hand-overs that an answer lists; the count is whole. */
export const NAMES_SHOWN = 500
/** Texts of origins that are looked up in the contexts of everybody else. */
export const DIGESTS_LOOKED = 16
/** Incidents of which the fixed scope is at hand: years of incidents, some hundred bytes each. */
export const FROZEN_KEPT = 10_000
/** Rows of one audit: each is looked at by a person. What is beyond is counted, and keeps the audit open. */
export const AUDIT_ROWS = 500
/** Executions named of one item, and log positions that show one row. */
export const EXECUTIONS_SHOWN = 50
export const PROOFS_SHOWN = 16
/** Items of an agent's corpora that are looked at for siblings: each is one read of the log. */
export const SIBLINGS_LOOKED = 2_000
/** Executions of one item that are counted. */
export const EXECUTIONS_COUNTED = 5_000
/** Marks of all incidents that are at hand, and items of one mark. */
export const MARKS_KEPT = 100_000
/** Items under quarantine at once, all of which every gate has to know. */
export const QUARANTINE_MOST = 10_000
/** Orders to proxies that withhold items, at once: half of those that may be in force, the others are for responses. */
export const WITHHELD_ORDERS = 500
/** Other agents that act as one identity. */
export const HOLDERS_LOOKED = 200
/** Answers of the worker that are kept while nothing is folded: scope and audit of the incidents that are worked now. */
export const ANSWERS_KEPT = 16
/** Tries to bring the proxies in line with the quarantine after a start, and the time between two: projections may be made anew meanwhile. */
export const RECONCILE_TRIES = 20
export const RECONCILE_AGAIN_MS = 30_000
