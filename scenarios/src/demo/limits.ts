/** One agent's whole run, its flush included; each takes a few seconds on a slow machine. */
export const AGENT_TIMEOUT_MS = 60_000

/** A server that has not said where it listens by then will not: four stories start theirs at once, on a machine that may be busy. */
export const SERVER_START_MS = 120_000

/** After SIGTERM; then it is killed. */
export const STOP_GRACE_MS = 5_000

/** What is kept of a child's output to explain its failure. */
export const KEPT_OUTPUT_CHARS = 8_000
