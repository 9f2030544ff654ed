import { testKills } from './testing/kill-suite.ts'

testKills({ rounds: 100 })
