/** Between two looks at whether a simulation has ended. */
export const LOOK_MS = 200
/** One that has not ended by then never will; slow machines take a minute. */
export const SIMULATED_WITHIN_MS = 300_000
