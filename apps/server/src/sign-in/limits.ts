/** Sign-ins under way at once: more than people who press the button in ten minutes. The oldest is dead when one more begins. */
export const ATTEMPTS = 1_000
/** A sign-in that takes longer begins anew. */
export const ATTEMPT_MS = 10 * 60 * 1000
/** Refusals that are recorded one by one in a minute; what is beyond is counted in the next one, so that a flood cannot flood the log. */
export const REFUSALS_RECORDED = 20
export const REFUSALS_WINDOW_MS = 60_000
/** Characters of an address in the workspace to which somebody is brought back. */
export const RETURN_CHARACTERS = 2_000
/** Characters of what a provider calls somebody, in a record of a refusal. */
export const SHOWN_CHARACTERS = 120
