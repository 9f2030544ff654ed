import { startLoader, type Loader } from '../loader/start-loader.ts'
import type { Lost } from '../loader/told.ts'
import { RecordCursor } from '../loader/record-cursor.ts'
import { loaderPath } from './root.ts'

/** A loader and everything that it has sent. */
export class Watching {
  readonly loader: Loader
  readonly #batches: Buffer[]
  readonly #lost: Map<string, Lost>
  readonly #gate: Gate

  constructor(loader: Loader, { batches, lost, gate }: Parts) {
    this.loader = loader
    this.#batches = batches
    this.#lost = lost
    this.#gate = gate
  }

  static async start(): Promise<Watching> {
    const batches: Buffer[] = []
    const lost = new Map<string, Lost>()
    const gate: Gate = { open: undefined }
    const loader = await startLoader({
      path: loaderPath,
      onRecords: (bytes) => {
        batches.push(bytes)
        return gate.open
      },
      onLost: (records) => {
        for (const one of records) lost.set(`${one.cgroup} ${one.type}`, one)
      },
    })
    return new Watching(loader, { batches, lost, gate })
  }

  /** Reads nothing more until the function that it returns is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#gate.open = promise
    return () => {
      this.#gate.open = undefined
      resolve()
    }
  }

  /** Throws where the loader refuses. */
  async command(
    verb: string,
    ...words: readonly (string | number | bigint)[]
  ): Promise<Readonly<Record<string, unknown>>> {
    const result = await this.loader.send(verb, ...words)
    if (!result.ok) throw new Error(`${verb}: ${result.error}`)
    return result.more
  }

  /** Calls `see` on every record of this type (all types where undefined) that was made until now. */
  async each(type: number | undefined, see: (cursor: RecordCursor) => void): Promise<void> {
    await this.command('sync')
    for (const batch of this.#batches) {
      const cursor = new RecordCursor(batch)
      while (cursor.next()) if (type === undefined || cursor.type === type) see(cursor)
    }
  }

  /** What `read` makes of every record of this type that was made until now. */
  async all<T>(type: number | undefined, read: (cursor: RecordCursor) => T): Promise<readonly T[]> {
    const seen: T[] = []
    await this.each(type, (cursor) => seen.push(read(cursor)))
    return seen
  }

  /** Records of this type that were counted as lost for this cgroup, as told by the last `sync`. */
  lostOf(cgroup: bigint, type: number): number {
    return this.#lost.get(`${cgroup} ${type}`)?.count ?? 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.loader.stop()
  }
}

/** While `open` is a promise that is pending, no further records are taken. */
type Gate = { open: Promise<void> | undefined }

type Parts = { readonly batches: Buffer[]; readonly lost: Map<string, Lost>; readonly gate: Gate }
