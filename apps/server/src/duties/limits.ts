/** How often holds are looked at for one that has lasted so long that it is to be reported: regimes count in hours. */
export const DUTY_TICK_MS = 60_000
