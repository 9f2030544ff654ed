import { testCrashes } from './testing/crash-suite.ts'

testCrashes({ kills: 500, timeout: 3_600_000 })
