/** Systems of one kind that one server acts in. */
export const CONNECTORS_OF_A_KIND = 20

/** How long the doctor waits for a system: the rest of what it says is wanted too. */
export const CHECK_MS = 8_000

/** How often holds are looked for whose time is over: a plan that could not release one has been tried for so long. */
export const SWEEP_MS = 300_000
