import { testFlips } from './testing/flip-tests.ts'

testFlips({ count: 2_000, timeout: 600_000 })
