import { testFuzz } from './testing/fuzz/fuzz-tests.ts'

testFuzz(10_000)
