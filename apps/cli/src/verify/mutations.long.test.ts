import { testMutations } from './testing/mutation-tests.ts'

testMutations({ count: 1_000 })
