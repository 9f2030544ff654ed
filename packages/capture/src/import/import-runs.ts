import { hash } from 'node:crypto'
import type { EntryGroup } from '@holdfast/model'
import { authorityRecords } from '../authority/record.ts'
import { isJsonArray } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonText, writeJsonText } from '../decode/json-text.ts'
import { isSentinelStep, readSentinelRun } from './agent-sentinel.ts'
import { declaredRecord, documentsIn, needsAgent, textDocuments } from '../declared/registry.ts'
import type { DeclaredOptions } from '../declared/registry.ts'
import { parseYaml } from '../declared/text-documents.ts'
import { folderOf, isOtlpLines, stemOf, textOf } from './file-text.ts'
import { ForeignEntries, foreignEvent } from './foreign-entries.ts'
import { parseHistoryHeader } from './history.ts'
import type { HistoryHeader } from './history.ts'
import { MAX_LISTED_REJECTIONS } from './limits.ts'
import { delimitedRequests, isOtlpJson, readOtlpRequest } from './otlp-file.ts'
import type { OtlpFileReading } from './otlp-file.ts'
import type { OtlpSignal } from '../otlp/scan.ts'
import { RunEntries } from './run-entries.ts'
import type { ImportArrival } from './run-entries.ts'
import type { RunReading } from './run.ts'
import { readRun, unknownLayout } from './run-layouts.ts'
import { mergeGroups } from './merge-groups.ts'
import { unpack } from './unpack.ts'
import type { UnpackedFile } from './unpack.ts'

export type ImportInput = {
  /** Base name of the file, for the envelope and messages. */
  readonly file: string
  /** A plain file or an archive of them (`unpack`). Untrusted. */
  readonly bytes: Uint8Array
  /** Who imports; `import` where nobody is named. */
  readonly credential?: string
  /** Of whom documents are that do not say it. */
  readonly declared?: DeclaredOptions
}

/** Some whole lines of a history file. */
export type HistoryInput = ImportInput & {
  readonly clock: HistoryHeader['clock']
  /** Number of the first line in the file, from 1. */
  readonly firstLine: number
}

export type Imported = {
  /** What was found: `agentdyn`, `otlp`, ...; several joined by `+`; `unknown` where nothing was recognised. */
  readonly format: string
  /** `imported`: the source's own times. `synthetic`: times are made up, because the source has none. */
  readonly clock: HistoryHeader['clock']
  readonly groups: readonly EntryGroup[]
  /** Runs, or OTLP requests, that were looked at. */
  readonly read: number
  /** Log entries in `groups`. */
  readonly accepted: number
  /** The first thousand; `rejectedTotal` counts all. */
  readonly rejected: readonly { readonly where: string; readonly why: string }[]
  readonly rejectedTotal: number
}

/**
 * Reads recorded agent runs, OTLP files and events of other people's kernel sensors. Each run's messages become entries in the order in which they were said;
 * a layout that is not known is refused with a message and counted, never guessed at. Pure, never throws.
 */
export function importRuns(input: ImportInput): Imported {
  const reading = new ImportReading({ instance: input.file, credential: input.credential ?? 'import' }, input.declared)
  const { files, skipped } = unpack({ name: input.file, bytes: input.bytes })
  for (const { where, why } of skipped) reading.reject(where, why)
  if (isBundle(files))
    reading.reject(input.file, 'an evidence bundle, which is no recording: holdfast evidence verify checks it')
  else for (const file of files) reading.readFile(file)
  return reading.finish()
}

/** What `evidence export` and `audit row --pack` write: taken in, its manifests would pass for records of an agent. */
function isBundle(files: readonly UnpackedFile[]): boolean {
  const names = new Set(files.map(({ name }) => name))
  return names.has('bagit.txt') && names.has('data/checkpoint')
}

/**
 * Reads some lines of a history file, its header among them or not: a file of any size is read so, piece by piece.
 * Every entry has the history's clock. Pure, never throws.
 */
export function importHistory({ clock, firstLine, ...input }: HistoryInput): Imported {
  const reading = new ImportReading({ instance: input.file, credential: input.credential ?? 'import' }, input.declared)
  reading.readHistory({ name: input.file, bytes: input.bytes }, firstLine)
  const { groups, ...read } = reading.finish()
  const withClock = mergeGroups(groups).map((group) => ({ ...group, envelope: { ...group.envelope, clock } }))
  return { ...read, format: `history+${read.format}`, clock, groups: withClock }
}

class ImportReading {
  readonly #arrival: ImportArrival
  readonly #declared: DeclaredOptions
  readonly #runs: RunEntries
  readonly #foreign: ForeignEntries
  readonly #otlp: EntryGroup[] = []
  readonly #formats = new Set<string>()
  readonly #rejected: { readonly where: string; readonly why: string }[] = []
  #rejectedTotal = 0
  #read = 0
  #otlpAccepted = 0

  constructor(arrival: ImportArrival, declared: DeclaredOptions = {}) {
    this.#arrival = arrival
    this.#declared = declared
    this.#runs = new RunEntries(arrival)
    this.#foreign = new ForeignEntries(arrival)
  }

  readFile(file: UnpackedFile): void {
    const text = textOf(file.bytes)
    if (text === undefined) {
      this.#readProtobuf(file)
      return
    }
    const whole = isOtlpLines(text) ? undefined : parseJsonText(text)
    const documents = whole === undefined ? textDocuments(text, file.name) : undefined
    if (documents !== undefined) this.#readDocuments(file.name, documents)
    else if (whole === undefined) this.#readLines(file, text)
    else if (isOtlpJson(text) !== undefined) this.#readOtlp(file.name, text)
    else this.#readValues(file, isJsonArray(whole) ? whole.flatMap(recordsIn) : recordsIn(whole), whole)
  }

  #readDocuments(name: string, documents: readonly Json[]): void {
    for (const [i, content] of documents.entries()) {
      const where = documents.length === 1 ? name : `${name} document ${i + 1}`
      this.#add(where, content, '', name)
    }
  }

  readHistory(file: UnpackedFile, firstLine: number): void {
    const text = textOf(file.bytes)
    if (text === undefined) this.reject(`${file.name} line ${firstLine}`, 'not UTF-8 text')
    else this.#readLines(file, text, firstLine)
  }

  finish(): Imported {
    const runs = this.#runs.finish()
    const stated = [...this.#otlp, ...this.#foreign.finish()]
    return {
      format: [...this.#formats].toSorted().join('+') || 'unknown',
      clock: runs.length === 0 && stated.length > 0 ? 'imported' : 'synthetic',
      groups: [...stated, ...runs],
      read: this.#read,
      accepted: this.#otlpAccepted + this.#foreign.accepted + this.#runs.accepted,
      rejected: this.#rejected,
      rejectedTotal: this.#rejectedTotal,
    }
  }

  reject(where: string, why: string, records = 1): void {
    this.#rejectedTotal += Math.max(1, records)
    if (this.#rejected.length < MAX_LISTED_REJECTIONS) this.#rejected.push({ where, why })
  }

  #readLines(file: UnpackedFile, text: string, firstLine?: number): void {
    const lines = text.split('\n')
    const values: Json[] = []
    for (const [i, line] of lines.entries()) {
      if (line.trim() === '') continue
      const where = `${file.name} line ${i + (firstLine ?? 1)}`
      if (isOtlpJson(line) !== undefined) {
        this.#readOtlp(where, line)
        continue
      }
      if (i === 0 && parseHistoryHeader(line) !== undefined) {
        if (firstLine !== undefined) continue
        this.reject(where, 'a history inside an archive: import it by itself, unpacked')
        return
      }
      const json = parseJsonText(line)
      if (json === undefined) {
        this.reject(where, /\.ya?ml$/i.test(file.name) ? 'neither YAML documents nor JSON' : 'not JSON')
        // A file that starts with something else is no JSONL; one reason is enough.
        if (i === 0 && firstLine === undefined) return
      } else if (isSentinelStep(json)) values.push(json)
      else this.#addLine(where, json, { line, fileName: file.name })
    }
    if (values.length > 0) this.#take(file.name, readSentinelRun(values, file.name, folderOf(file.name)), text)
  }

  #readValues(file: UnpackedFile, values: readonly Json[], whole: Json): void {
    const isWhole = values[0] === whole
    if (values.length > 0 && values.every(isSentinelStep)) {
      this.#take(file.name, readSentinelRun(values, file.name, folderOf(file.name)), textOf(file.bytes) ?? '')
      return
    }
    // A list in which nothing is a run is one thing that is not known, not as many as it has items.
    const stem = stemOf(file.name)
    const isKnown = (json: Json): boolean =>
      foreignEvent(json) !== undefined ||
      declaredRecord(json, file.name, this.#declared) !== undefined ||
      readRun(json, file.name, stem) !== undefined
    if (!values.some(isKnown)) {
      this.reject(file.name, this.#whyUnknown(values[0] ?? null, file.name))
      return
    }
    for (const [i, json] of values.entries()) {
      const where = values.length === 1 ? file.name : `${file.name} item ${i + 1}`
      if (foreignEvent(json) !== undefined) {
        const text = isWhole ? (textOf(file.bytes) ?? '') : ''
        // The bytes as they came, where the file is the event; of a list, the item with its numbers as they were.
        this.#add(where, json, isWhole ? text : writeJsonText(json), file.name)
        continue
      }
      this.#add(
        where,
        json,
        JSON.stringify(json, (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item)),
        file.name,
      )
    }
  }

  /** A line is one record, or a batch of them as its authority delivers it. */
  #addLine(where: string, json: Json, { line, fileName }: { readonly line: string; readonly fileName: string }): void {
    const records = authorityRecords(json) ?? documentsIn(json)
    if (records === undefined) this.#add(where, json, line, fileName)
    else
      for (const [i, record] of records.entries())
        this.#add(`${where} item ${i + 1}`, record, writeJsonText(record), fileName)
  }

  #add(where: string, json: Json, original: string, fileName: string): void {
    const event = foreignEvent(json)
    if (event !== undefined) {
      this.#read++
      this.#formats.add(event.format)
      const why = this.#foreign.add(event, original)
      if (why !== undefined) this.reject(where, why)
      return
    }
    const document = declaredRecord(json, fileName, this.#declared)
    if (document !== undefined) {
      this.#read++
      this.#formats.add(document.event.format)
      const why = this.#foreign.add(document.event, document.framed ?? original)
      if (why !== undefined) this.reject(where, why)
      return
    }
    const reading = readRun(json, where, stemOf(fileName))
    if (reading === undefined) this.reject(where, this.#whyUnknown(json, fileName))
    else this.#take(where, reading, original)
  }

  #whyUnknown(json: Json, fileName: string): string {
    return needsAgent(json, fileName, this.#declared)
      ? 'the document does not say whose it is: name the agent that it declares (--agent)'
      : unknownLayout(typeof json === 'string' ? (parseYaml(json) ?? json) : json)
  }

  #take(where: string, reading: RunReading, original: string): void {
    this.#read++
    if (reading.status === 'rejected') {
      this.reject(where, reading.why)
      return
    }
    this.#formats.add(reading.run.format)
    for (const { why, records } of this.#runs.add(reading.run, hash('sha256', original, 'hex')))
      this.reject(where, why, records)
  }

  #readOtlp(where: string, text: string): void {
    const signal = isOtlpJson(text) ?? 'traces'
    this.#takeOtlp(
      readOtlpRequest({
        signal,
        encoding: 'json',
        body: new TextEncoder().encode(text),
        where,
        arrival: this.#arrival,
      }),
    )
  }

  #readProtobuf(file: UnpackedFile): void {
    if (!/\.(pb|binpb|otlp|proto)$/i.test(file.name)) {
      this.reject(file.name, 'neither text nor a protobuf file (.pb)')
      return
    }
    const requests = delimitedRequests(file.bytes) ?? [file.bytes]
    for (const [i, body] of requests.entries()) {
      const where = requests.length === 1 ? file.name : `${file.name} request ${i + 1}`
      const read = (signal: OtlpSignal): OtlpFileReading =>
        readOtlpRequest({ signal, encoding: 'proto', body, where, arrival: this.#arrival })
      const first = read(/logs?\b/i.test(file.name) ? 'logs' : 'traces')
      // A name that says nothing: a request of logs has no span that could be read.
      const second = first.accepted === 0 && !/traces?\b|logs?\b/i.test(file.name) ? read('logs') : first
      this.#takeOtlp(second.accepted > 0 ? second : first)
    }
  }

  #takeOtlp(reading: OtlpFileReading): void {
    this.#read++
    this.#formats.add('otlp')
    for (const group of reading.groups) this.#otlp.push(group)
    this.#otlpAccepted += reading.accepted
    for (const { where, why, records } of reading.rejected) this.reject(where, why, records)
  }
}

function recordsIn(json: Json): readonly Json[] {
  return authorityRecords(json) ?? documentsIn(json) ?? [json]
}
