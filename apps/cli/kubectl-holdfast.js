import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// What deploy/kubectl/kubectl-holdfast starts; why it is plain JavaScript stands in holdfast.js.
enableCompileCache(
  process.env.HOLDFAST_COMPILE_CACHE ??
    process.env.NODE_COMPILE_CACHE ??
    join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'node-compile'),
)
await import('./src/kubectl/main.ts')
