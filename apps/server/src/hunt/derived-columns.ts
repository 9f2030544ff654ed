import type { HuntField } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import { decodeEvidence } from '../incidents/docs.ts'
import type { Chunk, Column } from './chunk.ts'
import type { ColumnOf } from './evaluate.ts'
import { type StoredField, STORED_FIELDS } from './hunt-row.ts'
import { CASES_READ } from './limits.ts'

/** Which incidents a trace is part of, and which detectors speak of a log entry. */
export type Cases = {
  readonly incidentsOf: ReadonlyMap<string, readonly string[]>
  readonly signalsOf: ReadonlyMap<number, string>
  /** True where there are more cases than were read. */
  readonly isCut: boolean
}

/** Prefix of the evidence of cases in the incidents projection (incidents/keys.ts). */
const EVIDENCE = 'v/'

/** Reads all cases that have signals. */
export function readCases(incidents: ProjectionStore): Cases {
  const rows = incidents.scan({ prefix: EVIDENCE, limit: CASES_READ + 1 })
  const incidentsOf = new Map<string, string[]>()
  const signalsOf = new Map<number, Set<string>>()
  for (const [, bytes] of rows.slice(0, CASES_READ)) {
    const { traces, incident, signals } = decodeEvidence(bytes)
    for (const trace of incident === undefined ? [] : traces)
      incidentsOf.set(trace, [...(incidentsOf.get(trace) ?? []), incident ?? ''])
    for (const { detector, entries } of signals)
      for (const entry of entries) signalsOf.set(entry, (signalsOf.get(entry) ?? new Set()).add(detector))
  }
  return {
    incidentsOf,
    signalsOf: new Map([...signalsOf].map(([entry, detectors]) => [entry, [...detectors].toSorted().join('\n')])),
    isCut: rows.length > CASES_READ,
  }
}

type DerivedSources = { readonly classOf: (agent: string) => string | undefined; readonly cases: () => Cases }

const NONE: Column = { names: [], codes: new Uint16Array(0) }
const STORED: ReadonlySet<string> = new Set(STORED_FIELDS)

/** Columns of every field; what agents and cases are now is looked up once a name. */
export function columnsOf({ classOf, cases }: DerivedSources): ColumnOf {
  const classes = new Map<string, string>()
  const known = (agent: string): string => {
    const id = agent.split('\n')[0] ?? ''
    const found = classes.get(id) ?? classOf(id) ?? ''
    classes.set(id, found)
    return found
  }
  const made = new WeakMap<Chunk, Map<HuntField, Column>>()
  return (chunk, field) => {
    if (isStored(field)) return chunk.columns.get(field) ?? NONE
    const ofChunk = made.get(chunk) ?? new Map<HuntField, Column>()
    made.set(chunk, ofChunk)
    const column = ofChunk.get(field) ?? derive(chunk, field)
    ofChunk.set(field, column)
    return column
  }

  function derive(chunk: Chunk, field: Exclude<HuntField, StoredField>): Column {
    switch (field) {
      case 'class':
        return renamed(chunk.columns.get('agent') ?? NONE, known)
      case 'incident': {
        const { incidentsOf } = cases()
        return renamed(chunk.columns.get('conversation') ?? NONE, (names) => {
          const trace = names.slice(names.lastIndexOf('\n') + 1)
          return (incidentsOf.get(trace) ?? []).join('\n')
        })
      }
      case 'signal':
        return signalColumn(chunk, cases().signalsOf)
    }
  }
}

function isStored(field: HuntField): field is StoredField {
  return STORED.has(field)
}

function renamed({ names, codes }: Column, rename: (name: string) => string): Column {
  return { names: names.map(rename), codes }
}

function signalColumn(chunk: Chunk, signalsOf: ReadonlyMap<number, string>): Column {
  const codes = new Uint16Array(chunk.rows)
  const places = new Map<string, number>()
  if (signalsOf.size > 0)
    for (let row = 0; row < chunk.rows; row++) {
      const name = signalsOf.get(chunk.entries[row] ?? -1)
      if (name === undefined) continue
      const place = places.get(name) ?? places.size + 1
      places.set(name, place)
      codes[row] = place
    }
  return { names: [...places.keys()], codes }
}
