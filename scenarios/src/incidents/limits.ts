/** Executions that a quiet day of one agent has, unless told: with three weeks of them, profiles settle. */
export const EXECUTIONS_A_DAY = 24
/** A server that has not folded and judged a scenario by then never will; slow machines take a minute. */
export const JUDGED_WITHIN_MS = 900_000
/** From the first record of a deed that names an incident to the last one: hundreds of one burst take most of a minute. */
export const SURE_WITHIN_MS = 60_000
/** Between two looks at whether it has. */
export const LOOK_MS = 250
/** One program of a scenario, from its start to its end: minutes where it is watched on a machine that others keep busy. */
export const ACT_WITHIN_MS = 900_000
/** Between two deliveries of an agent that takes work until it is ended. */
export const TELEMETRY_EVERY_MS = 500
/** Until the sensor of a server that has just started watches, on a machine with other work. */
export const SENSOR_WITHIN_MS = 60_000
