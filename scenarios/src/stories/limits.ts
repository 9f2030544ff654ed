/**
 * Executions of a quiet day of an agent in the demo; the scenarios by themselves take 24. With 4 the refund agent's verdict is
 * 0.63 sure, with 8 it is 0.68, as with 12.
 */
export const DEMO_EXECUTIONS_A_DAY = 8
/** A sensor that starts with the server has loaded its programs by then, or will not. */
export const SENSOR_WITHIN_MS = 20_000
/** A story that is not judged by then will not be in this demo; slow machines take a minute. */
export const TOLD_WITHIN_MS = 600_000
/** Between two looks. */
export const LOOK_MS = 500
/** Between two looks at whether a demo whose agents stay was removed. */
export const STANDS_LOOK_MS = 2_000
/** Until all that the stories recorded is judged, after which ids of incidents are told once more; an agent that goes on keeps it from ever being so. */
export const SETTLED_WITHIN_MS = 30_000
