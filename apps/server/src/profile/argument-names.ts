import { VALUES_PER_ARGUMENT, type Observation } from '@holdfast/observe'
import { dayOf, type ValuesDoc } from './docs.ts'

type Value = Extract<Observation, { readonly kind: 'value' }>
type Row = ValuesDoc['values'][number]

/**
 * Takes names in that were given as one argument. Of more than are kept the earliest stay, so that what comes later, an
 * attack among it, pushes nothing out; the same whatever came first.
 */
export function withValues(before: ValuesDoc | undefined, more: readonly Value[]): ValuesDoc {
  const rows = new Map<string, Row>((before?.values ?? []).map((row) => [row[0], row]))
  const days = new Map(before?.days ?? [])
  for (const { digest, claimedAt, entry } of more) {
    const row: Row = [digest, claimedAt.toString(), entry]
    const known = rows.get(digest)
    if (known === undefined || byFirst(row, known) < 0) rows.set(digest, row)
    days.set(dayOf(claimedAt), (days.get(dayOf(claimedAt)) ?? 0) + 1)
  }
  return {
    values: [...rows.values()].toSorted(byFirst).slice(0, VALUES_PER_ARGUMENT),
    days: [...days].toSorted(([a], [b]) => a - b),
    isOpen: before?.isOpen === true || rows.size > VALUES_PER_ARGUMENT,
  }
}

function byFirst(a: Row, b: Row): number {
  const [x, y] = [BigInt(a[1]), BigInt(b[1])]
  return x < y ? -1 : x > y ? 1 : a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[2] - b[2]
}
