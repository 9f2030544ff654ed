import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, normalize, resolve, sep } from 'node:path'
import { unpack } from '@holdfast/capture'
import type { LabelledRun } from './labels.ts'
import { parseSample } from './samples.ts'

export type Skipped = { readonly archive: string; readonly member: string; readonly why: string }

/** What one label names: files that are one recording together, mostly a single one. */
export type Recording = {
  readonly name: string
  readonly files: readonly { readonly name: string; readonly text: string }[]
  /** What the recording says of itself, where it does; a label goes before it. */
  readonly own?: Pick<LabelledRun, 'label' | 'technique'>
}

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
    return filesBelow(this.#folder)
  }

  /**
   * What a label names: one member of an archive, all of them where it names none, or with `*` all of them as one
   * recording; a string that says why there is nothing.
   */
  recordings({ archive, member }: Pick<LabelledRun, 'archive' | 'member'>): readonly Recording[] | string {
    if (archive !== this.#archive) {
      const opened = this.#open(archive)
      if (opened !== undefined) return opened
    }
    const files = (): Recording['files'] => [...this.#members].map(([name, bytes]) => ({ name, text: textOf(bytes) }))
    if (member === '*') return [{ name: archive, files: files() }]
    if (member === '') return files().flatMap((file) => samplesIn(file) ?? [{ name: file.name, files: [file] }])
    const line = /^line (\d+)$/.exec(member)?.[1]
    if (line !== undefined) return this.#line(Number(line))
    const bytes = this.#members.get(member)
    return bytes === undefined ? 'no such member' : [{ name: member, files: [{ name: member, text: textOf(bytes) }] }]
  }

  #lines: readonly string[] | undefined

  /** A file of lines holds one run a line. */
  #line(number: number): readonly Recording[] | string {
    const [only] = this.#members.values()
    if (only === undefined || this.#members.size !== 1) return 'no file of lines'
    this.#lines ??= textOf(only).split('\n')
    const text = this.#lines[number - 1]
    return text === undefined ? 'no such line' : [recordingOf(text, `line ${number}`)]
  }

  #open(archive: string): string | undefined {
    const path = normalize(archive)
    if (path.startsWith('..') || path.startsWith(sep)) return 'the archive lies outside of the folder'
    this.#archive = undefined
    this.#members = new Map()
    this.#lines = undefined
    const full = this.#pathOf(path)
    try {
      if (statSync(full).isDirectory())
        for (const file of filesBelow(full)) this.#members.set(file, readFileSync(join(full, file)))
      else
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

  /** Labels often begin with the name of the folder that holds the runs, and people name that folder or the one above it. */
  #pathOf(archive: string): string {
    const folder = resolve(this.#folder)
    const below = join(folder, archive)
    const isNamed = archive.split(sep)[0] === basename(folder)
    return isNamed && !existsSync(below) ? join(dirname(folder), archive) : below
  }
}

/** A file whose lines are all tests of rules is as many recordings. */
function samplesIn({ text }: { readonly text: string }): readonly Recording[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines[0] === undefined || parseSample(lines[0]) === undefined) return undefined
  return lines.map((line, i) => recordingOf(line, `line ${i + 1}`))
}

function recordingOf(line: string, name: string): Recording {
  const sample = parseSample(line)
  if (sample === undefined) return { name, files: [{ name: 'run.json', text: line }] }
  const own = { label: sample.isExpected ? 'positive' : 'negative', technique: sample.rule }
  return { name, files: [{ name: 'record.json', text: sample.text }], own }
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(join(folder, sep).length))
    .toSorted()
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
