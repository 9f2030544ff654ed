import { enableCompileCache } from 'node:module'

// Before anything else is loaded: what was compiled once is not compiled again by the next command.
enableCompileCache()

const { runOnTerminal } = await import('./terminal.ts')
await runOnTerminal()
