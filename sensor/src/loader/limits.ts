/** A frame ends once it is past 256 KB (loader/frames.h), so its last record may reach over; more than this is not ours. */
export const MAX_FRAME_BYTES = 1024 * 1024

/** SPEC S4: the longest command line. */
export const MAX_COMMAND_BYTES = 4096

/** Commands that wait for their result at once; a driver that gets past this has stopped reading. */
export const MAX_WAITING_COMMANDS = 4096

/** How long the loader may take to load every program: a slow machine's verifier needs seconds, never this. */
export const READY_WITHIN_MS = 60_000

/** How much of the loader's standard error is kept to tell why it ended. */
export const MAX_ERROR_TEXT = 4096
