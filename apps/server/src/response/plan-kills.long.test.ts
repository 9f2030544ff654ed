import { testPlanKills } from './testing/plan-kill-suite.ts'

testPlanKills({ rounds: 100 })
