import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, normalize, sep } from 'node:path'
import { importRuns, normalise, unpack } from '@holdfast/capture'
import type { Event, LogEntry, Sha256, UnixNano } from '@holdfast/model'
import type { LabelledRun } from './labels.ts'

export type Skipped = { readonly archive: string; readonly member: string; readonly why: string }

/** One file of recorded runs, as it was recorded. */
export type Recording = { readonly name: string; readonly text: string }

/** Recorded runs below one folder, found by the archive and member of a label. Archives are opened once, one at a time. */
export class Corpus {
  readonly #folder: string
  #archive: string | undefined
  #members = new Map<string, Uint8Array>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Paths of all files below the folder, for runs that nobody labelled. */
  files(): readonly string[] {
    return readdirSync(this.#folder, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name).slice(join(this.#folder, sep).length))
      .toSorted()
  }

  /** What a label names: one member of an archive, or all of them where it names none; a string that says why there is nothing. */
  recordings({ archive, member }: Pick<LabelledRun, 'archive' | 'member'>): readonly Recording[] | string {
    if (archive !== this.#archive) {
      const opened = this.#open(archive)
      if (opened !== undefined) return opened
    }
    if (member === '')
      return [...this.#members].map(([name, bytes]) => ({ name, text: new TextDecoder().decode(bytes) }))
    const line = /^line (\d+)$/.exec(member)?.[1]
    if (line !== undefined) return this.#line(Number(line))
    const bytes = this.#members.get(member)
    return bytes === undefined ? 'no such member' : [{ name: member, text: new TextDecoder().decode(bytes) }]
  }

  #lines: readonly string[] | undefined

  /** A file of lines holds one run a line. */
  #line(number: number): readonly Recording[] | string {
    const [only] = this.#members.values()
    if (only === undefined || this.#members.size !== 1) return 'no file of lines'
    this.#lines ??= new TextDecoder().decode(only).split('\n')
    const text = this.#lines[number - 1]
    return text === undefined ? 'no such line' : [{ name: 'run.json', text }]
  }

  #open(archive: string): string | undefined {
    const path = normalize(archive)
    if (path.startsWith('..') || path.startsWith(sep)) return 'the archive lies outside of the folder'
    this.#archive = undefined
    this.#members = new Map()
    this.#lines = undefined
    const full = join(this.#folder, path)
    try {
      if (statSync(full).isDirectory()) {
        for (const file of readdirSync(full, { withFileTypes: true }))
          if (file.isFile()) this.#members.set(file.name, readFileSync(join(full, file.name)))
      } else
        for (const file of unpack({ name: path, bytes: readFileSync(full) }).files)
          this.#members.set(file.name, file.bytes)
    } catch (error) {
      // Where the file lies says nothing about the recording, and would make every reason another one.
      return error instanceof Error && 'code' in error
        ? `the archive cannot be read: ${String(error.code)}`
        : 'the archive cannot be read'
    }
    this.#archive = archive
    return undefined
  }
}

/** Takes a recording through the import and the normaliser, as if it had been imported and read from the log: the events of each run in it. */
export function readRuns({ name, text }: Recording): readonly (readonly Event[])[] | string {
  const file = name.slice(name.lastIndexOf('/') + 1)
  const { groups, rejected } = importRuns({ file, bytes: new TextEncoder().encode(text) })
  if (groups.length === 0) return rejected[0]?.why ?? 'nothing in it that could be read'
  const runs = new Map<string, Event[]>()
  let index = 0
  for (const group of groups) {
    for (const [i, start] of group.starts.entries()) {
      const entry: LogEntry = {
        index,
        recordedAt: RECORDED_AT,
        envelope: group.envelope,
        bodyDigest: NO_DIGEST,
        body: group.bytes.subarray(start, group.ends[i]),
        masks: group.masks.get(i) ?? [],
      }
      for (const event of normalise(entry).events) {
        const key = event.context.conversation ?? event.context.trace ?? ''
        const run = runs.get(key) ?? []
        runs.set(key, run)
        run.push(event)
      }
      index++
    }
  }
  return [...runs.values()]
}

/** No log stands behind an evaluation: nothing of it looks at recorded times or digests. */
const RECORDED_AT = 1n as UnixNano // in range
const NO_DIGEST = '0'.repeat(64) as Sha256 // 64 hex digits
