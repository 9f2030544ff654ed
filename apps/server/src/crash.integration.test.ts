import { testCrashes } from './testing/crash-suite.ts'

testCrashes({ kills: 12, timeout: 180_000 })
