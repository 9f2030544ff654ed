import { countAtScale } from '@holdfast/recorder/testing'
import { testFuzz } from './testing/fuzz/fuzz-tests.ts'

testFuzz(countAtScale({ ci: 20_000_000, release: 1_000_000_000 }))
