import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { MemoryLedger, Remembered } from '@holdfast/capture'
import { LEDGER_BYTES } from '../limits.ts'

/**
 * What one memory was told to keep for a time, as lines of JSON that are only added: several proxies before one memory share the
 * file, and what another one added is read before it is asked. A line is on disk before its text goes on to the memory.
 */
export class LedgerFile implements MemoryLedger {
  readonly #file: string
  readonly #now: () => number
  #lines: readonly Remembered[] = []
  readonly #purged = new Set<string>()
  /** Of whole lines. */
  #bytes = 0
  #isCut = false

  /** Throws where there is a file that cannot be read: what it says must be known. */
  constructor({ file, now }: { readonly file: string; readonly now: () => number }) {
    this.#file = file
    this.#now = now
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    this.#read()
  }

  /** False where the file is full, or the disk does not take it. */
  readonly add = (remembered: Remembered): boolean => this.#append(remembered)

  #append(json: object): boolean {
    this.#read()
    // What a crash cut must not run into it.
    const line = Buffer.from(`${this.#isCut ? '\n' : ''}${JSON.stringify(json)}\n`)
    if (this.#bytes + line.length > LEDGER_BYTES) return false
    try {
      const file = openSync(this.#file, 'a', 0o600)
      try {
        writeSync(file, line)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
    } catch {
      // Whatever the disk has against it: what could not be written down is not remembered either.
      return false
    }
    this.#read()
    return true
  }

  readonly expired = (): readonly Remembered[] => {
    this.#read()
    const now = this.#now()
    const over = this.#lines.filter(({ until }) => until <= now)
    if (over.length === 0) return over
    const live = new Set(this.#lines.flatMap((one) => (one.until > now ? one.texts.map(({ digest }) => digest) : [])))
    return over.map((one) => ({ ...one, texts: one.texts.filter(({ digest }) => !live.has(digest)) }))
  }

  readonly purged = (entry: string): void => {
    if (!this.isPurged(entry)) this.#append({ purged: entry })
  }

  readonly isPurged = (entry: string): boolean => this.#purged.has(entry)

  /** Lines that were added since it was read last, by this proxy or another. */
  #read(): void {
    const size = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0
    if (size === this.#bytes) return
    if (size < this.#bytes) [this.#bytes, this.#lines] = [0, []]
    const added = readFileSync(this.#file).subarray(this.#bytes)
    const end = added.lastIndexOf('\n') + 1
    this.#bytes += end
    this.#isCut = end < added.length
    const lines = added.toString('utf8', 0, end).split('\n')
    const read = lines.map(readLine)
    for (const one of read) if (one !== undefined && 'purged' in one) this.#purged.add(one.purged)
    this.#lines = [...this.#lines, ...read.flatMap((one) => (one === undefined || 'purged' in one ? [] : [one]))]
  }
}

/** Undefined for a line that a crash cut: its text never went on. */
function readLine(line: string): Remembered | { readonly purged: string } | undefined {
  try {
    const json = JSON.parse(line === '' ? 'null' : line) as (Partial<Remembered> & { purged?: string }) | null // lines that this file wrote, each member tested below
    const { texts, label, tool, until, entry, forget, purged } = json ?? {}
    if (typeof purged === 'string') return { purged }
    if (!Array.isArray(texts) || typeof label !== 'string' || typeof tool !== 'string') return undefined
    if (typeof until !== 'number' || typeof entry !== 'string') return undefined
    return { texts, label, tool, until, entry, ...(forget === undefined ? {} : { forget }) }
  } catch {
    return undefined
  }
}
