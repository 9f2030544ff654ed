import { countAtScale } from '@holdfast/recorder/testing'
import { testFlips } from './testing/flip-tests.ts'

// Half of them in a bundle, half in a folder.
testFlips({ count: countAtScale({ ci: 50_000, release: 5_000_000 }) })
