import { createHash, hash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { watchedHere } from './acquire.ts'
import type { KnownSensor } from '../sensor/link.ts'
import { ACQUIRED_PROCESSES, MEMORY_BYTES, MEMORY_RUN_BYTES } from './limits.ts'

/** What was read of one process, without a byte of it. */
type MemoryOf = {
  readonly pid: number
  readonly runs: number
  readonly bytes: number
  /** Pages that hold something and were not read: the bound was reached, or the kernel would not give them. */
  readonly pagesLeft: number
}

export type MemoryTaken =
  | {
      readonly status: 'taken'
      /** Where it lies in the data folder. */
      readonly file: string
      /** SHA-256 of the file, and of the list of what lies where in it. */
      readonly digest: string
      readonly list: string
      readonly processes: readonly MemoryOf[]
    }
  | { readonly status: 'impossible'; readonly reason: string }

export type MemoryOrder = {
  readonly sensors: readonly KnownSensor[]
  readonly workload: string
  /** Data folder of the server. */
  readonly folder: string
  /** Name of the files, without an ending: of our own making. */
  readonly name: string
  readonly cgroups?: string
  readonly proc?: string
}

const PAGE = 4_096

/**
 * Takes the private writable memory of a frozen workload into two files of the data folder, which only its owner may read: the pages
 * that are there and hold something, one after the other, and a list of which lies where. Nothing else is written: the log has
 * the digests, and neither API nor bundle gives the bytes out. A process that runs is refused: its pages would be of no one instant.
 */
export async function acquireMemory(order: MemoryOrder): Promise<MemoryTaken> {
  const { sensors, workload, folder, name, cgroups = '/sys/fs/cgroup', proc = '/proc' } = order
  const here = watchedHere(sensors, { workload, root: cgroups })
  if (here.status === 'impossible') return here
  const running = here.cgroups.filter((path) => !isFrozen(join(cgroups, path)))
  if (running.length > 0)
    return { status: 'impossible', reason: `${running.join(', ')} is not frozen: hold it with the rung pause first` }
  const own = join(folder, 'acquired')
  mkdirSync(own, { recursive: true, mode: 0o700 })
  const pages = await Written.open(join(own, `${name}.mem`))
  const list = await Written.open(join(own, `${name}.list`))
  try {
    const processes: MemoryOf[] = []
    for (const pid of here.pids.slice(0, ACQUIRED_PROCESSES)) {
      const taken = await memoryOf(join(proc, String(pid)), { pid, pages, list })
      if (taken !== undefined) processes.push(taken)
    }
    if (processes.length === 0) return { status: 'impossible', reason: 'no process of it may be read' }
    const [digest, listed] = [await pages.keep(), await list.keep()]
    return { status: 'taken', file: join('acquired', `${name}.mem`), digest, list: listed, processes }
  } finally {
    await pages.close()
    await list.close()
  }
}

/** The kernel's word, not what was asked of it. */
function isFrozen(cgroup: string): boolean {
  return attempt(() => readFileSync(join(cgroup, 'cgroup.events'), 'utf8'))?.includes('frozen 1') === true
}

type Into = { readonly pid: number; readonly pages: Written; readonly list: Written }

/** Undefined where the process is gone or is not ours to look at. */
async function memoryOf(folder: string, { pid, pages, list }: Into): Promise<MemoryOf | undefined> {
  const maps = attempt(() => readFileSync(join(folder, 'maps'), 'utf8'))
  if (maps === undefined) return undefined
  const [memory, map] = [await opened(join(folder, 'mem')), await opened(join(folder, 'pagemap'))]
  try {
    if (memory === undefined || map === undefined) return undefined
    let [runs, bytes, pagesLeft] = [0, 0, 0]
    for (const region of regionsIn(maps))
      for await (const run of presentIn(map, region)) {
        const isBeyond = pages.bytes + run.bytes > MEMORY_BYTES
        const read = isBeyond ? undefined : await bytesAt(memory, run)
        if (read === undefined) pagesLeft += run.bytes / PAGE
        // What was never written to, or wiped, says nothing.
        else if (read.some((byte) => byte !== 0)) {
          const at = { pid, at: run.from.toString(16), region: region.name, offset: pages.bytes, bytes: read.length }
          await list.write(Buffer.from(`${JSON.stringify({ ...at, sha256: hash('sha256', read) })}\n`))
          await pages.write(read)
          runs += 1
          bytes += read.length
        }
      }
    return { pid, runs, bytes, pagesLeft }
  } finally {
    await memory?.close()
    await map?.close()
  }
}

type Region = { readonly from: bigint; readonly to: bigint; readonly name: string }

/** Private, writable and of no file: heap, stacks and what was mapped by itself. Programs and shared memory are files elsewhere. */
function regionsIn(maps: string): readonly Region[] {
  return maps.split('\n').flatMap((line) => {
    const [, from = '', to = '', name = ''] = /^([\da-f]+)-([\da-f]+) rw.p [\da-f]+ \S+ 0\s*(.*)$/.exec(line) ?? []
    return from === '' || name.startsWith('/') ? [] : [{ from: BigInt(`0x${from}`), to: BigInt(`0x${to}`), name }]
  })
}

type Run = { readonly from: bigint; readonly bytes: number }

/** Runs of pages that are in memory or swapped out; those that were never touched would be made by reading them. */
async function* presentIn(map: FileHandle, { from, to }: Region): AsyncGenerator<Run> {
  const perLook = 4_096
  let [begun, pages]: [bigint, number] = [from, 0]
  for (let at = from; at < to; at += BigInt(perLook * PAGE)) {
    const count = Math.min(perLook, Number((to - at) / BigInt(PAGE)))
    const bits = await bytesAt(map, { from: (at / BigInt(PAGE)) * 8n, bytes: count * 8 })
    for (let i = 0; i < count; i++) {
      // Bits 63 and 62 of an entry: present, swapped (Documentation/admin-guide/mm/pagemap.rst).
      const isThere = ((bits?.[i * 8 + 7] ?? 0) & 0xc0) !== 0
      if (isThere && pages === 0) begun = at + BigInt(i * PAGE)
      if (isThere) pages += 1
      if (pages > 0 && (!isThere || pages * PAGE === MEMORY_RUN_BYTES)) {
        yield { from: begun, bytes: pages * PAGE }
        pages = 0
      }
    }
  }
  if (pages > 0) yield { from: begun, bytes: pages * PAGE }
}

/** Undefined where not all of it could be read. */
async function bytesAt(file: FileHandle, { from, bytes }: Run): Promise<Buffer | undefined> {
  try {
    const into = Buffer.alloc(bytes)
    const { bytesRead } = await file.read(into, 0, bytes, from)
    return bytesRead === bytes ? into : undefined
  } catch {
    // The kernel gives no page of some devices; the caller counts them.
    return undefined
  }
}

async function opened(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r')
  } catch {
    // Gone, or not ours.
    return undefined
  }
}

/** A file that is under its name once it is whole and durable, and gone otherwise. */
class Written {
  readonly #path: string
  readonly #file: FileHandle
  readonly #hash = createHash('sha256')
  bytes = 0
  #isKept = false

  private constructor(path: string, file: FileHandle) {
    this.#path = path
    this.#file = file
  }

  static async open(path: string): Promise<Written> {
    return new Written(path, await open(`${path}.part`, 'w', 0o600))
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#file.writeFile(bytes)
    this.#hash.update(bytes)
    this.bytes += bytes.length
  }

  /** SHA-256 of all of it. */
  async keep(): Promise<string> {
    await this.#file.sync()
    await rename(`${this.#path}.part`, this.#path)
    this.#isKept = true
    return this.#hash.digest('hex')
  }

  async close(): Promise<void> {
    await this.#file.close()
    if (!this.#isKept) await rm(`${this.#path}.part`, { force: true })
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    // A process ends whenever it likes.
    return undefined
  }
}
