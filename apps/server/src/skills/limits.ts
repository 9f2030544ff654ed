/** Skills in a data folder, and bytes of one of their files. */
export const OWN_SKILLS = 200
export const SKILL_FILE_BYTES = 256 * 1024
/** Processes of one workload whose facts are taken, and facts of one kind of each. */
export const ACQUIRED_PROCESSES = 64
export const ACQUIRED_FACTS = 256
/** Characters of what one step brought that stand in its record. */
export const STEP_DETAIL = 60_000
/** Memory of all processes that one step takes: some agents' whole heaps, and a file that can be carried away. */
export const MEMORY_BYTES = 256 * 1024 * 1024
/** Bytes that are read in one go. */
export const MEMORY_RUN_BYTES = 1024 * 1024
