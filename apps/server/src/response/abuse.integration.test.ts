import { testAbuse } from './testing/abuse-suite.ts'

testAbuse({ approvals: 100, hashes: 50, forged: 5, triggers: 6, connectors: 8 })
