import { testMutations } from './testing/mutation-tests.ts'

testMutations({ count: 36, timeout: 300_000 })
