import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What one library exported while it ran one variant of the story in `fixtures/record`. */
export type Recording = {
  /** Folder below `fixtures/dialects`. */
  readonly dialect: string
  /** `main`, or the name of the folder inside the dialect's. */
  readonly variant: string
  /** `meta.json` as it stands: library, version, how it was recorded. */
  readonly meta: Readonly<Record<string, unknown>>
  /** In the order in which the exports were received. */
  readonly requests: readonly RecordedRequest[]
}

/** One OTLP/HTTP request body, as it came over the wire but inflated. */
export type RecordedRequest = {
  readonly file: string
  readonly signal: 'traces' | 'logs'
  readonly encoding: 'pb' | 'json'
  readonly body: Buffer
}

const root = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'dialects')

/** All recordings, by dialect and variant. Throws when a folder has no `meta.json`. */
export function loadRecordings(): readonly Recording[] {
  return foldersIn(root).flatMap((dialect) => [
    loadRecording(dialect, 'main', join(root, dialect)),
    ...foldersIn(join(root, dialect)).map((variant) => loadRecording(dialect, variant, join(root, dialect, variant))),
  ])
}

function loadRecording(dialect: string, variant: string, folder: string): Recording {
  const files = readdirSync(folder).toSorted()
  const meta: unknown = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'))
  if (typeof meta !== 'object' || meta === null) throw new Error(`${folder}/meta.json is not an object`)
  return {
    dialect,
    variant,
    meta: { ...meta },
    requests: files.flatMap((file) => loadRequest(folder, file)),
  }
}

/** Nothing for a file that is not an export, such as what a test expects of them. */
function loadRequest(folder: string, file: string): readonly RecordedRequest[] {
  const found = /^\d{3}\.(traces|logs)\.(pb|json)$/.exec(file)
  if (found === null) return []
  const signal = found[1] === 'traces' ? 'traces' : 'logs'
  const encoding = found[2] === 'pb' ? 'pb' : 'json'
  return [{ file, signal, encoding, body: readFileSync(join(folder, file)) }]
}

function foldersIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return entries.map((entry) => entry.name).toSorted()
}
