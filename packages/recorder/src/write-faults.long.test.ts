import { testWriteFaults } from './testing/disk/write-fault-tests.ts'
import { countAtScale } from './testing/scale.ts'

// Zero stands for every site once.
testWriteFaults(countAtScale({ ci: 0, release: 20_000 }) || 'every site')
