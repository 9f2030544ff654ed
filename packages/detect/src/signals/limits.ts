/** Events and log positions that one signal names as its proof; its words say how many there were. */
export const MAX_PROOFS = 16
/** Times of acts that one signal keeps, the first and the latest: enough for their pace, and it is kept with each signal. */
export const MAX_ACT_TIMES = 64
/** Processes of one agent whose ancestry is kept: a build has tens of thousands, and the oldest are long gone. */
export const MAX_PROCESSES = 100_000
/** Steps up from a process to the top of its tree; a shell inside a shell ends far below, and a loop must end too. */
export const MAX_ANCESTORS = 64
/** Paths that one tree wrote, kept to know its own programs again. */
export const MAX_WRITTEN_PATHS = 20_000
/** Different secrets, machines, actions and passwords of one principal that are counted. */
export const MAX_NAMES = 20_000
/** Different signals of one agent; a flood repeats few kinds, so what is beyond adds nothing. */
export const MAX_SIGNALS = 2_000
/** Characters of captured text in the words of a signal. */
export const MAX_QUOTED_CHARS = 120
/** Characters of a request or response of an authority that are parsed; larger ones are listings. */
export const MAX_DOCUMENT_CHARS = 200_000
/** Nesting of a policy document that is followed. */
export const MAX_DOCUMENT_DEPTH = 16
/** Values of one document that are looked at. */
export const MAX_DOCUMENT_VALUES = 5_000
/** How far before and after what departs from a profile a recorded change may lie to explain it (requirement book, 6.3). */
export const CHANGE_BEFORE_NANOS = 86_400_000_000_000n
export const CHANGE_AFTER_NANOS = 600_000_000_000n
/** From then on a long case is held against what was known a day before each act, and no more before all of it. */
export const CASE_NANOS = 86_400_000_000_000n
/** Departures of one dimension that are told one by one; the rest is counted. */
export const MAX_DEPARTURES = 12
/** Values of one call's arguments that are held against those known. */
export const MAX_VALUES = 64
/** Calls of which a recorded change that explains them is told: the others repeat it. */
export const MAX_EXCUSES = 16
/** Resources of one call that a change may name. */
export const MAX_NAMED = 16
/** Pairs of agents of one case whose hand-overs are held against the roster. */
export const MAX_HAND_OVERS = 200
/** Forms of tools that are held against approvals in one case; a server offers some hundred. */
export const MAX_DEFINITIONS = 1_000
/** Characters of a tool's description that are read. */
export const MAX_DEFINITION_CHARS = 20_000
