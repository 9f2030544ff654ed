/** Tools of one report, the most called first: an agent has some dozens. */
export const REPORT_TOOLS = 500
/** Log positions that stand beside one tool. */
export const TOOL_ENTRIES = 16
/** Moments of one report, and lines of one custody log: a long case has some thousands of steps. */
export const REPORT_MOMENTS = 5_000
export const CUSTODY_LINES = 20_000
/** Control records between two pauses of reading. */
export const DEEDS_PER_STEP = 256
/** Things to look for in one export, and log positions beside each. */
export const REPORT_OBSERVABLES = 1_000
export const OBSERVABLE_ENTRIES = 16
/** Entries that the lenses read with their texts: some seconds of work. */
export const LENS_ENTRIES = 50_000
/** Acts whose way from the prompt is looked for: each walks the graph. */
export const LENS_STACKS = 2_000
/** Frames of all stacks: a way of thousands of steps is told for few acts, one of twenty for all that are looked for. */
export const LENS_FRAMES = 50_000
/** Entries between two pauses of reading. */
export const LENS_ENTRIES_PER_STEP = 16
