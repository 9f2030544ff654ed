import { readFileSync } from 'node:fs'
import { join, normalize, sep } from 'node:path'
import { importRuns, normalise, unpack } from '@holdfast/capture'
import type { Event, LogEntry, Sha256, UnixNano } from '@holdfast/model'
import type { LabelledRun } from './labels.ts'

/** A run as the product reads it: its events, in the order in which it was recorded. */
export type LoadedRun = { readonly row: LabelledRun; readonly events: readonly Event[] }

export type Skipped = { readonly archive: string; readonly member: string; readonly why: string }

/** Recorded runs below one folder, found by the archive and member of a label. Archives are opened once, one at a time. */
export class Corpus {
  readonly #folder: string
  #archive = ''
  #members = new Map<string, Uint8Array>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The text of a run as it was recorded; a string that says why where there is none. */
  text({ archive, member }: LabelledRun): { readonly text: string } | { readonly why: string } {
    if (archive !== this.#archive) {
      const opened = this.#open(archive)
      if (opened !== undefined) return { why: opened }
    }
    const line = /^line (\d+)$/.exec(member)?.[1]
    const bytes = line === undefined ? this.#members.get(member) : this.#members.get(`line ${line}`)
    return bytes === undefined ? { why: 'no such member' } : { text: new TextDecoder().decode(bytes) }
  }

  #open(archive: string): string | undefined {
    const path = normalize(archive)
    if (path.startsWith('..') || path.startsWith(sep)) return 'the archive lies outside of the folder'
    let bytes: Uint8Array
    try {
      bytes = readFileSync(join(this.#folder, path))
    } catch (error) {
      return error instanceof Error ? error.message : 'the archive cannot be read'
    }
    this.#archive = archive
    this.#members = new Map()
    const { files } = unpack({ name: path, bytes })
    for (const file of files) this.#members.set(file.name, file.bytes)
    const [only] = files
    // A file of lines holds one run a line.
    if (files.length === 1 && only !== undefined)
      for (const [i, text] of new TextDecoder().decode(only.bytes).split('\n').entries())
        this.#members.set(`line ${i + 1}`, new TextEncoder().encode(text))
    return undefined
  }
}

/** Takes a run through the import and the normaliser, as if it had been imported and read from the log. */
export function readRun(
  row: LabelledRun,
  text: string,
): { readonly events: readonly Event[] } | { readonly why: string } {
  const file = row.member.startsWith('line ') ? 'run.json' : row.member.slice(row.member.lastIndexOf('/') + 1)
  const { groups, rejected } = importRuns({ file, bytes: new TextEncoder().encode(text) })
  if (groups.length === 0) return { why: rejected[0]?.why ?? 'nothing in it that could be read' }
  const events: Event[] = []
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
      for (const event of normalise(entry).events) events.push(event)
      index++
    }
  }
  return { events }
}

/** No log stands behind an evaluation: nothing of it looks at recorded times or digests. */
const RECORDED_AT = 1n as UnixNano // in range
const NO_DIGEST = '0'.repeat(64) as Sha256 // 64 hex digits
