import {
  fieldTermsOf,
  type HuntField,
  type HuntQuery,
  nameTermsOf,
  passesField,
  type FieldTerms,
  type Pattern,
  type UnixNano,
  wordPattern,
} from '@holdfast/model'
import type { Chunk, Column } from './chunk.ts'
import { STORED_FIELDS } from './hunt-row.ts'

/** What is asked of events. `from` is the first instant that counts, `to` the first that does not. */
export type HuntAsk = {
  readonly query: HuntQuery
  readonly from: UnixNano | undefined
  readonly to: UnixNano | undefined
  /** `happened` is the sender's clock, `recorded` ours. */
  readonly clock: 'happened' | 'recorded'
}

/** The column of any field, those too that an event does not tell itself; `names` may repeat, and '' is none. */
export type ColumnOf = (chunk: Chunk, field: HuntField) => Column

/** Field, word or window that an event fails. */
export const PASSES = 0
const FAILS_ELSE = 255

/**
 * For each event of a chunk {@link PASSES}, or what it fails: the place of the one field in `fields`, counted from 1, that
 * keeps it out, or 255. So one pass counts what passes, and for each field what would pass were it not for that field.
 */
export type Verdicts = { readonly fields: readonly FieldTerms[]; readonly of: (chunk: Chunk) => Uint8Array }

export function verdictsOf(ask: HuntAsk, columnOf: ColumnOf): Verdicts {
  const fields = fieldTermsOf(ask.query)
  const words = nameTermsOf(ask.query).map(({ value, isExcluded }) => ({ isFound: wordPattern(value), isExcluded }))
  return {
    fields,
    of: (chunk) => {
      const verdicts = new Uint8Array(chunk.rows)
      if (ask.from !== undefined || ask.to !== undefined) failOutside(verdicts, chunk, ask)
      for (const { isFound, isExcluded } of words) failWord(verdicts, { chunk, isFound, isExcluded })
      for (const [i, terms] of fields.entries()) failField(verdicts, columnOf(chunk, terms.field), terms, i + 1)
      return verdicts
    },
  }
}

const SECOND = 1_000_000_000n

function failOutside(verdicts: Uint8Array, chunk: Chunk, { from, to, clock }: HuntAsk): void {
  const seconds = clock === 'happened' ? chunk.claimedSeconds : chunk.recordedSeconds
  const nanos = clock === 'happened' ? chunk.claimedNanos : chunk.recordedNanos
  const [low, lowNanos] = [Number((from ?? 0n) / SECOND), Number((from ?? 0n) % SECOND)]
  const [high, highNanos] = to === undefined ? [Infinity, 0] : [Number(to / SECOND), Number(to % SECOND)]
  for (let row = 0; row < verdicts.length; row++) {
    const second = seconds[row] ?? 0
    const nano = nanos[row] ?? 0
    const isEarly = second < low || (second === low && nano < lowNanos)
    const isLate = second > high || (second === high && nano >= highNanos)
    if (isEarly || isLate) verdicts[row] = FAILS_ELSE
  }
}

type Word = { readonly chunk: Chunk; readonly isFound: Pattern; readonly isExcluded: boolean }

function failWord(verdicts: Uint8Array, { chunk, isFound, isExcluded }: Word): void {
  const has = new Uint8Array(chunk.rows)
  for (const column of [chunk.labels, ...STORED_FIELDS.flatMap((field) => chunk.columns.get(field) ?? [])]) {
    const found = column.names.map(isFound)
    if (!found.includes(true)) continue
    for (let row = 0; row < has.length; row++) {
      const code = column.codes[row] ?? 0
      if (code !== 0 && found[code - 1] === true) has[row] = 1
    }
  }
  for (let row = 0; row < has.length; row++) if ((has[row] === 1) === isExcluded) verdicts[row] = FAILS_ELSE
}

function failField(verdicts: Uint8Array, column: Column, terms: FieldTerms, place: number): void {
  const none = passesField(terms, undefined)
  const passes = column.names.map((name) => passesField(terms, name === '' ? undefined : name))
  for (let row = 0; row < verdicts.length; row++) {
    const code = column.codes[row] ?? 0
    if (code === 0 ? none : passes[code - 1] === true) continue
    verdicts[row] = verdicts[row] === PASSES ? place : FAILS_ELSE
  }
}
