import { testAbuse } from './testing/abuse-suite.ts'

testAbuse({ approvals: 200, hashes: 100, forged: 100, triggers: 100, connectors: 100 })
