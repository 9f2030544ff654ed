import { enableCompileCache } from 'node:module'

// Before anything else is loaded: what was compiled once is not compiled again by the next command. Not by NODE_COMPILE_CACHE,
// which whatever we start would inherit.
enableCompileCache(process.env['HOLDFAST_COMPILE_CACHE'])

const { runOnTerminal } = await import('./terminal.ts')
await runOnTerminal()
