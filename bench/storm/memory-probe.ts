import { appendFileSync } from 'node:fs'
import { threadId, isMainThread } from 'node:worker_threads'

/**
 * Loaded into every thread of the server (`--import`): each writes how much memory it has, twice a second, to the file
 * that the run named. The heap is the thread's own; resident memory is the whole process's.
 */
const file = process.env['HOLDFAST_BENCH_MEMORY']
const EVERY_MS = 500

export type MemorySample = {
  readonly thread: number
  readonly heap: number
  readonly external: number
  readonly resident: number
}

// The sensor inherits the environment: it is another program.
if (file !== undefined && process.argv.some((word) => /apps[/\\]server[/\\]/.test(word)))
  setInterval(() => {
    const { heapTotal, external, rss } = process.memoryUsage()
    const sample: MemorySample = {
      thread: isMainThread ? 0 : threadId,
      heap: heapTotal,
      external,
      resident: rss,
    }
    appendFileSync(file, `${JSON.stringify(sample)}\n`)
  }, EVERY_MS).unref()
