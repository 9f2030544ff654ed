import { testKills } from './testing/kill-suite.ts'

/** Each kind of kill once: a driver is back after two seconds, a server after one. */
testKills({ rounds: 4, timeout: 240_000 })
