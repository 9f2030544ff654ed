import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// What a shell starts. Plain JavaScript: Node loads its compiler of TypeScript, which takes longer than `--help`, unless what it
// made of every file is in the cache; and the cache of the first file is asked for before that file can name the folder.
// Not by NODE_COMPILE_CACHE, which whatever we start would inherit.
enableCompileCache(
  process.env.HOLDFAST_COMPILE_CACHE ??
    process.env.NODE_COMPILE_CACHE ??
    join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'node-compile'),
)
await import('./src/main.ts')
