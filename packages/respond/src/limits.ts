/** Below this a type is a guess, and what is done must be right for all three (selector rows 2 and 3). */
export const CONFIDENCE_FLOOR = 0.6

/** Harm is fast where the next harmful act is likely within so long. */
export const FAST_GAP_MS = 300_000

/** How long a type may stay open while a rung is provisional, and while nothing is held (selector rows 2 and 3). */
export const CLASSIFY_PROVISIONAL_MS = 900_000
export const CLASSIFY_WATCHED_MS = 1_800_000

/** A runbook has some 300 lines of text. */
export const MAX_RUNBOOK_BYTES = 256 * 1024

/** Tasks of one cell of a runbook, and of its conditions and evidence each: ours has six at most. */
export const MAX_CELL_ITEMS = 64

/** Steps of one plan: ten agents with a rung and every cut of their family each. */
export const MAX_PLAN_STEPS = 256

/** Steps in the workflow of one playbook. */
export const MAX_CACAO_STEPS = 512

/** Aliases in one document: ours use none, and each multiplies what a small file unfolds to. */
export const MAX_ALIASES = 16

/** Steps of one case that are read: three runbooks have under 100 tasks, and a long case states each fact some dozen times. */
export const MAX_CASE_STEPS = 10_000

/** Agents that may be contained in a minute without a second person: an incident's worth, not a fleet's. */
export const CONTAINED_A_MINUTE = 10

/** How long a plan may be applied: the longest of the short clocks, after which the incident is looked at anew. */
export const PLAN_VALID_MS = 900_000

/** How long a hold lasts by itself: a shift's first half, so that somebody decides whether it goes on. */
export const HOLD_TTL_MS = 14_400_000

/** Nodes of one blast radius: what the largest graph of a conversation may have. */
export const MAX_SCOPE_NODES = 2_000_000

/** Names listed of one kind, and holders that are followed; the count is whole. */
export const MAX_SCOPE_NAMES = 10_000

/** Hand-overs of one sweep: an incident over a hundred agents has some thousands. */
export const MAX_HANDOVERS = 10_000

/** Hops that poison is followed; a longer chain leaves its receivers undecided, not cleared. */
export const MAX_SWEEP_ROUNDS = 32

/** Words of one text that are compared. */
export const MAX_RUN_WORDS = 100_000

/** A run of so many words in common is no accident, one of so many may be. */
export const RUN_TAINTS = 6
export const RUN_DOUBTS = 3

/** The shortest word with a sign or a digit that stands for one thing. */
export const VALUE_LENGTH = 6

/** Playbooks of one import: a runbook is seven. */
export const MAX_CACAO_PLAYBOOKS = 64

/** Lines of a skill's text, as the specification of skills has it. */
export const MAX_SKILL_LINES = 500

/** Characters of one captured result that are read for records: some thousands of rows. */
export const MAX_RESULT_CHARACTERS = 4 * 1024 * 1024

/** Records of one result, fields of one record and how deep they are looked for. */
export const MAX_RECORDS = 10_000
export const MAX_RECORD_FIELDS = 64
/** Six levels of data, and as many of the answers, envelopes and texts that it is wrapped in. */
export const MAX_RECORD_DEPTH = 12

/** Characters that the lenses of one incident come to, as far as records and acts go: some 90,000 records. Estimates. */
export const MAX_LENS_CHARACTERS = 100_000_000
export const LENS_ACT_CHARACTERS = 2_000
export const LENS_RECORD_CHARACTERS = 1_000

/** Recipients that the arguments of one call name. */
export const MAX_RECIPIENTS = 100
