import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { EntryGroup, UnixNano } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'
import type { FoldedSoFar, FoldOrder } from './folding.ts'
import { largeLog } from './log.ts'

/** Where a folder says what was filled into it; written once all of it is folded. */
const FILLED = 'bench-filled.json'
/** A sync of the disk for each portion would be most of the work. */
const ENTRIES_AT_ONCE = 8_192
/** How far recording runs ahead, so that what is recorded is soon folded. */
const ENTRIES_AHEAD = 100_000
const SAY_EVERY_MS = 15_000
/** What is folded on one thread each: together they cost about the same. */
const THREADS = [['workspace'], ['inventory', 'profile', 'authority'], ['incidents', 'drift', 'hunt']] as const

export type Filled = { readonly wanted: number; readonly entries: number; readonly events: number }

export type FillOptions = {
  readonly folder: string
  readonly events: number
  /** After which no more is recorded. */
  readonly minutes: number
  readonly say: (line: object) => void
}

/**
 * A data folder with a large log, all of it folded. With `data` it is kept: filled where it is empty, and used again where it
 * was filled for as many events. Without it the folder is a new one in `dir`, and gone with the returned value.
 */
export async function largeFolder({
  data,
  dir,
  ...more
}: Omit<FillOptions, 'folder'> & { readonly data?: string | undefined; readonly dir: string }): Promise<
  Disposable & { readonly folder: string; readonly filled: Filled }
> {
  const folder = data ?? mkdtempSync(join(dir, 'holdfast-bench-large-'))
  const gone = (): void => {
    if (data === undefined) rmSync(folder, { recursive: true, force: true })
  }
  try {
    const filled = alreadyFilled(folder, more.events) ?? (await fill({ ...more, folder }))
    return { folder, filled, [Symbol.dispose]: gone }
  } catch (error) {
    gone()
    throw error
  }
}

function alreadyFilled(folder: string, events: number): Filled | undefined {
  mkdirSync(folder, { recursive: true })
  if (readdirSync(folder).length === 0) return undefined
  const path = join(folder, FILLED)
  const filled = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Filled) : undefined // written by `fill`
  if (filled?.wanted === events) return filled
  throw new Error(
    `${folder} holds ${filled?.wanted ?? 'something else than'} events, not ${events}: name another folder`,
  )
}

async function fill({ folder, events: wanted, minutes, say }: FillOptions): Promise<Filled> {
  const begun = performance.now()
  const spentMs = (): number => performance.now() - begun
  const clock = (): UnixNano => (BigInt(Date.now()) * 1_000_000n) as UnixNano // the present is in range
  await using recorder = await Recorder.open({ folder, clock })
  await using folding = new Folding(folder)
  let said = 0
  const foldedTo = async (size: number): Promise<void> => {
    while (folding.reach() < size) await folding.step()
    if (spentMs() - said < SAY_EVERY_MS) return
    said = spentMs()
    say({ filling: wanted, seconds: Math.round(said / 1_000), recorded: recorder.size, folded: folding.reach() })
  }
  const waiting: EntryGroup[] = []
  const append = async (): Promise<void> => {
    await recorder.append(waiting.splice(0))
    folding.grown()
    await foldedTo(recorder.size - ENTRIES_AHEAD)
  }
  for (const groups of largeLog(wanted, () => spentMs() > minutes * 60_000)) {
    waiting.push(...groups)
    if (waiting.reduce((sum, { starts }) => sum + starts.length, 0) >= ENTRIES_AT_ONCE) await append()
  }
  await append()
  await foldedTo(recorder.size)
  const filled = { wanted, entries: recorder.size, events: folding.events() }
  writeFileSync(join(folder, FILLED), JSON.stringify(filled))
  say({ filled, seconds: Math.round(spentMs() / 1_000) })
  return filled
}

/** Folds a folder's log on several threads, beside who records it. */
class Folding implements AsyncDisposable {
  readonly #workers: readonly Worker[]
  readonly #far: FoldedSoFar[] = THREADS.map(() => ({ entries: 0, events: 0 }))
  #stepped = Promise.withResolvers<void>()

  constructor(folder: string) {
    this.#workers = THREADS.map((projections, i) => {
      const workerData: FoldOrder = { folder, projections }
      const worker = new Worker(new URL('folding.ts', import.meta.url), { workerData })
      worker.on('message', (far: FoldedSoFar) => {
        this.#far[i] = far
        this.#stepped.resolve()
        this.#stepped = Promise.withResolvers()
      })
      worker.on('error', (error) => this.#stepped.reject(error))
      return worker
    })
  }

  grown(): void {
    for (const worker of this.#workers) worker.postMessage('grown')
  }

  /** Until another batch is folded. */
  step(): Promise<void> {
    return this.#stepped.promise
  }

  /** Entries that all have folded. */
  reach(): number {
    return Math.min(...this.#far.map(({ entries }) => entries))
  }

  events(): number {
    return this.#far[0]?.events ?? 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}
