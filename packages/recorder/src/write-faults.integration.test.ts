import { testWriteFaults } from './testing/disk/write-fault-tests.ts'

testWriteFaults(16)
