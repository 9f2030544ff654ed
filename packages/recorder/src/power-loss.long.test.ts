import { testPowerLoss } from './testing/disk/power-loss-tests.ts'
import { countAtScale } from './testing/scale.ts'

testPowerLoss(countAtScale({ ci: 50_000, release: 1_000_000 }))
