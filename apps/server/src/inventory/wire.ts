import type { BomRowWire, RecordedChangeWire } from '@holdfast/api'
import type { BomRow, RecordedChange, Span } from '@holdfast/declare'
import { formatRfc3339, parseUnixNano, type Component } from '@holdfast/model'
import type { CallProfile } from './docs.ts'

type ComponentWire = BomRowWire['declaredAs'][number]
type SeenWire = NonNullable<BomRowWire['loaded']>

export function componentWire({ kind, name, version, digest }: Component): ComponentWire {
  return {
    kind,
    name,
    ...(version === undefined ? {} : { version }),
    ...(digest === undefined ? {} : { digest }),
  }
}

export function rowWire(row: BomRow, calls: CallProfile | undefined): BomRowWire {
  const { id, component, category, standing, declared, loaded, called, tier, declaredAs, details } = row
  return {
    id,
    ...componentWire(component),
    category,
    standing,
    ...(declared === undefined ? {} : { declared: seenWire(declared) }),
    ...(loaded === undefined ? {} : { loaded: seenWire(loaded) }),
    ...(called === undefined ? {} : { called: seenWire(called) }),
    ...(tier === undefined ? {} : { tier }),
    declaredAs: declaredAs.map(componentWire),
    details: Object.fromEntries(Object.entries(details).map(([name, values]) => [name, [...values]])),
    ...(calls === undefined ? {} : { calls: { ...calls, finishReasons: { ...calls.finishReasons } } }),
  }
}

export function changeWire({ at, ...change }: RecordedChange): RecordedChangeWire {
  return { ...change, at: timeText(at) }
}

/** RFC 3339 in UTC, to the nanosecond. */
export function timeText(nanos: bigint): string {
  const time = parseUnixNano(nanos)
  return time === undefined ? '' : formatRfc3339(time)
}

function seenWire({ first, firstEntry, last, lastEntry }: Span): SeenWire {
  return { first: timeText(first), last: timeText(last), entries: [...new Set([firstEntry, lastEntry])] }
}
