import {
  formatRfc3339,
  type HuntQuery,
  parseHuntQuery,
  parseInstant,
  parseUnixNanoText,
  type UnixNano,
} from '@holdfast/model'
import { QuestionError } from '../views/view-sources.ts'
import type { Place } from './chunk-reader.ts'
import type { HuntAsk } from './evaluate.ts'

type Asked = {
  readonly q?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly clock?: 'happened' | 'recorded' | undefined
}

/** How times were read; what a list says beside itself. */
export type UnderstoodWindow = { from?: string; to?: string; fromText?: string; toText?: string }

/** The question as typed, read. Throws {@link QuestionError} with the place of what is wrong. */
export function askOf(
  { q = '', from, to, clock = 'happened' }: Asked,
  now: string,
): { readonly ask: HuntAsk; readonly understood: UnderstoodWindow } {
  const query = queryOf(q)
  const clockNow = parseUnixNanoText(now) ?? (0n as UnixNano) // 0 is a time
  const [low, high] = [instantOf('from', from, clockNow), instantOf('to', to, clockNow)]
  if (low !== undefined && high !== undefined && low.at >= high.at)
    throw new QuestionError(400, `from ${formatRfc3339(low.at)} is not before to ${formatRfc3339(high.at)}`)
  return {
    ask: { query, from: low?.at, to: high?.at, clock },
    understood: {
      ...(low === undefined ? {} : { from: formatRfc3339(low.at), fromText: low.understood }),
      ...(high === undefined ? {} : { to: formatRfc3339(high.at), toText: high.understood }),
    },
  }
}

function queryOf(text: string): HuntQuery {
  const parsed = parseHuntQuery(text)
  if (parsed.status === 'ok') return parsed.query
  throw new QuestionError(400, `q: ${parsed.reason}, at character ${parsed.at + 1}`)
}

function instantOf(
  name: string,
  text: string | undefined,
  now: UnixNano,
): { readonly at: UnixNano; readonly understood: string } | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const parsed = parseInstant(text, { now })
  if (parsed.status === 'ok') return parsed
  throw new QuestionError(400, `${name}: ${parsed.reason}`)
}

/**
 * The query with every incident by the id that it goes by now. A view that was saved, or an address that was passed on, asks for
 * what it was called then: before a part joined, or before its conversation had its name.
 */
export function byPresentIds(query: HuntQuery, idOf: (id: string) => string | undefined): HuntQuery {
  return query.map((term) =>
    term.kind === 'field' && term.field === 'incident'
      ? { ...term, value: idOf(term.value.toLowerCase()) ?? term.value }
      : term,
  )
}

/** `812.3`: log entry and which of its events. */
export function placeOf(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined
  const [, entry, part] = /^(\d{1,15})\.(\d{1,9})$/.exec(cursor) ?? []
  if (entry === undefined || part === undefined)
    throw new QuestionError(400, `cursor "${cursor}" is not one that this list gave`)
  return { entry: Number(entry), part: Number(part) }
}

export function cursorOf({ entry, part }: Place): string {
  return `${entry}.${part}`
}
