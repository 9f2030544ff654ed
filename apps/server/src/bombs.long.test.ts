import { countAtScale } from '@holdfast/recorder/testing'
import { testBombs } from './testing/bombs/bomb-tests.ts'

// So many over each of three transports.
testBombs(3 * countAtScale({ ci: 300, release: 5_000 }))
