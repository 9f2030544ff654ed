import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PROXY_KINDS, type ProxyKind } from '@holdfast/capture'
import { SPOOL_BYTES } from '../limits.ts'

/** A batch as it lies on disk or is about to. */
export type Batch = {
  readonly kind: ProxyKind
  readonly start: string
  readonly sequence: number
  readonly body: Uint8Array<ArrayBuffer>
}

type Spooled = { readonly file: string; readonly kind: ProxyKind; readonly start: string; readonly sequence: number }

/**
 * Batches that the server has not taken yet, a file each, in a folder that the proxies of one server share: one folder in
 * it for each run of a proxy, named by the process that owns it. What a proxy that ended left there, the next one takes
 * over. Nothing is made on disk before something must be kept.
 */
export class Spool {
  readonly #folder: string
  readonly #own: string
  #waiting: Spooled[] = []
  #isMade = false
  /** Bytes of the whole spool when it was last looked at, and what was added and removed here since. */
  #bytes = 0

  constructor({ folder, kind, start }: { readonly folder: string; readonly kind: ProxyKind; readonly start: string }) {
    this.#folder = folder
    this.#own = join(folder, `${kind}.${start}.${process.pid}`)
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** Takes over what proxies that have ended left behind. Safe to call again. */
  async adopt(): Promise<void> {
    let spooled = 0
    for (const name of await namesIn(this.#folder)) {
      const owned = parseFolder(name)
      if (owned === undefined) continue
      let folder = join(this.#folder, name)
      const files = await filesOf(folder, owned)
      for (const { bytes } of files) spooled += bytes
      if (folder === this.#own || isAlive(owned.pid)) continue
      try {
        // Of two proxies that find it, one wins.
        const claimed = join(this.#folder, `${owned.kind}.${owned.start}.${process.pid}`)
        await rename(folder, claimed)
        folder = claimed
      } catch {
        continue
      }
      this.#waiting.unshift(...(await filesOf(folder, owned)))
      if (files.length === 0) await rmdir(folder).catch(() => undefined)
    }
    this.#bytes = spooled
  }

  /** Resolves once the batch is on disk; false where there is no room, or the disk refuses it. */
  async write({ kind, start, sequence, body }: Batch): Promise<boolean> {
    if (this.#bytes + body.length > SPOOL_BYTES) return false
    const file = join(this.#own, `${String(sequence).padStart(12, '0')}.batch`)
    try {
      if (!this.#isMade) await mkdir(this.#own, { recursive: true, mode: 0o700 })
      this.#isMade = true
      const handle = await open(`${file}.new`, 'w', 0o600)
      try {
        await handle.writeFile(body)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(`${file}.new`, file)
    } catch {
      // A full or read-only disk: the caller counts what is lost.
      await rm(`${file}.new`, { force: true }).catch(() => undefined)
      return false
    }
    this.#bytes += body.length
    this.#waiting.push({ file, kind, start, sequence })
    // A batch that was on its way when younger ones were written comes back late.
    this.#waiting.sort((a, b) => (a.start === b.start ? a.sequence - b.sequence : 0))
    return true
  }

  /** The batch to send next; one that cannot be read any more is passed over. */
  async oldest(): Promise<Batch | undefined> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const body = await readFile(next.file).catch(() => undefined)
      if (body !== undefined) return { ...next, body }
      this.#waiting.shift()
    }
    return undefined
  }

  /** Forgets a batch that the server has, or will never take. */
  async remove({ start, sequence, body }: Batch): Promise<void> {
    const at = this.#waiting.findIndex((batch) => batch.start === start && batch.sequence === sequence)
    const [done] = at < 0 ? [] : this.#waiting.splice(at, 1)
    if (done === undefined) return
    this.#bytes -= body.length
    await rm(done.file, { force: true }).catch(() => undefined)
    if (this.#waiting.some((batch) => batch.start === start)) return
    // Empty now; where it is not, the next proxy finds it.
    const folder = join(done.file, '..')
    if (folder === this.#own) this.#isMade = false
    await rmdir(folder).catch(() => undefined)
  }
}

type Owned = { readonly kind: ProxyKind; readonly start: string; readonly pid: number }

function parseFolder(name: string): Owned | undefined {
  const [, kindText, start, pid] = /^([a-z]+-proxy)\.([0-9a-f]{16})\.(\d{1,10})$/.exec(name) ?? []
  const kind = PROXY_KINDS.find((known) => known === kindText)
  return kind === undefined || start === undefined ? undefined : { kind, start, pid: Number(pid) }
}

async function filesOf(
  folder: string,
  { kind, start }: Owned,
): Promise<readonly (Spooled & { readonly bytes: number })[]> {
  const names = (await namesIn(folder)).filter((name) => /^\d{12}\.batch$/.test(name)).toSorted()
  const files: (Spooled & { readonly bytes: number })[] = []
  for (const name of names) {
    const file = join(folder, name)
    const bytes = (await stat(file).catch(() => undefined))?.size
    if (bytes !== undefined) files.push({ file, kind, start, sequence: Number.parseInt(name, 10), bytes })
  }
  return files
}

async function namesIn(folder: string): Promise<readonly string[]> {
  // No spool yet: nothing had to be kept.
  return readdir(folder).catch(() => [])
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (fault) {
    // EPERM: it lives and belongs to somebody else.
    return fault instanceof Error && 'code' in fault && fault.code === 'EPERM'
  }
}
