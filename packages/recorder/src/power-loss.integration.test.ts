import { testPlantedDisks, testPowerLoss } from './testing/disk/power-loss-tests.ts'

testPowerLoss(300)
testPlantedDisks()
