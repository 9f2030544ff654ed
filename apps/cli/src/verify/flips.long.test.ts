import { testFlips } from './testing/flip-tests.ts'

testFlips({ count: 10_000, timeout: 1_800_000 })
