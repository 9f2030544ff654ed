import { countAtScale } from '@holdfast/recorder/testing'
import { testCrashes } from './testing/crash-suite.ts'

testCrashes({ kills: countAtScale({ ci: 500, release: 10_000 }) })
