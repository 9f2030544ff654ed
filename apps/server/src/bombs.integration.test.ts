import { testBombs } from './testing/bombs/bomb-tests.ts'

testBombs(30)
