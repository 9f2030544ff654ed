import type { Event, EventBody } from '@holdfast/model'

/**
 * The order in which an execution is read: by the time that the source claims, a result and an answer by their end; at one instant what was
 * heard comes before what was done. Depends on what is told alone, so that the same events give the same verdict in whatever order and
 * portions they arrive. Clocks of several machines may disagree: then the order is as good as the worst of them.
 */
export function inOrder(events: readonly Event[]): readonly Event[] {
  return events
    .map((event) => ({ event, at: timeOf(event), rank: RANKS[event.body.kind] ?? LAST, parts: partsOf(event.id) }))
    .toSorted((a, b) => compare(a.at, b.at) || a.rank - b.rank || compareParts(a.parts, b.parts))
    .map(({ event }) => event)
}

const RANKS: Readonly<Partial<Record<EventBody['kind'], number>>> = {
  'tool-result': 0,
  'context-item': 0,
  memory: 0,
  prompt: 1,
  'model-output': 2,
  'tool-call': 3,
  delegation: 3,
}
const LAST = 4

function timeOf({ body, claimedAt, claimedUntil }: Event): bigint {
  return body.kind === 'tool-result' || body.kind === 'model-output' ? (claimedUntil ?? claimedAt) : claimedAt
}

/** `m10.in.2` comes behind `m9.in.10`: numbers in an id count. */
function partsOf(id: string): readonly (string | number)[] {
  return id.split(/([0-9]+)/).map((part, i) => (i % 2 === 1 && part.length < 10 ? Number(part) : part))
}

function compareParts(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] ?? '', b[i] ?? '']
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : compare(String(x), String(y))
    if (order !== 0) return order
  }
  return a.length - b.length
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
