import { parseRange, type Address } from './address.ts'
import type { Flow } from './flow.ts'
import { CELL_FLOWS } from '../limits.ts'
import { plainName } from './cilium-rules.ts'
import { fieldsOf, listOf, type Fields } from './selector.ts'

/**
 * Flows that stand for all others: ranges and spans of the documents cut addresses and ports into cells in which every policy
 * answers alike, and the first of each cell is here, for each protocol, and once for each name and for a name that nobody knows.
 * `isOrdered`: some rule overrules another.
 * `isWhole` is false where there are more cells than the bounds.
 */
export function cellsOf(
  documents: readonly unknown[],
  { isOrdered }: { readonly isOrdered: boolean },
): { readonly flows: readonly Flow[]; readonly isWhole: boolean } {
  const edges = { 32: new Set([0n]), 128: new Set([0n]) }
  const ports = new Set([1])
  const names = new Set<string>(['unknown.invalid'])
  for (const document of documents) collect(document, { edges, ports, names })
  const addresses: readonly Address[] = ([32, 128] as const).flatMap((bits) =>
    [...edges[bits]].filter((value) => value < 1n << BigInt(bits)).map((value) => ({ bits, value })),
  )
  const usedPorts = [...ports].filter((port) => port >= 1 && port <= 65_535)
  const named = [...names].map((name) => ({ addresses: [], names: [name] }))
  const plain = addresses.map((address) => ({ addresses: [address], names: [] }))
  // A flow may go by a name and meet a range too. That matters where one rule overrules another; where rules add up it does not.
  const both = !isOrdered
    ? []
    : addresses.flatMap((address) => [...names].map((name) => ({ addresses: [address], names: [name] })))
  const perEnd = usedPorts.length * 2
  const ends: readonly Pick<Flow, 'addresses' | 'names'>[] = [...named, ...plain, ...both]
  const flows = ends
    .slice(0, Math.floor(CELL_FLOWS / perEnd))
    .flatMap((end) =>
      usedPorts.flatMap((port) => (['tcp', 'udp'] as const).map((protocol): Flow => ({ ...end, port, protocol }))),
    )
  return { flows, isWhole: ends.length * perEnd <= CELL_FLOWS }
}

type Found = {
  readonly edges: Readonly<Record<32 | 128, Set<bigint>>>
  readonly ports: Set<number>
  readonly names: Set<string>
}

/** Walks a document for all that can cut: where it stands in it does not matter, one cut too many is harmless. */
function collect(value: unknown, found: Found): void {
  const list = listOf(value)
  if (list !== undefined) for (const one of list) collect(one, found)
  const fields = fieldsOf(value)
  if (fields === undefined) {
    if (typeof value === 'string') collectRange(value, found)
    return
  }
  collectPorts(fields, found)
  for (const key of ['matchName', 'matchPattern'])
    if (typeof fields[key] === 'string') found.names.add(plainName(fields[key].replaceAll('*', 'x')))
  for (const one of Object.values(fields)) collect(one, found)
}

function collectRange(text: string, { edges }: Found): void {
  const range = /[.:]/.test(text) ? parseRange(text) : undefined
  if (range === undefined) return
  edges[range.bits].add(range.first)
  edges[range.bits].add(range.last + 1n)
}

function collectPorts(fields: Fields, { ports }: Found): void {
  const number = (value: unknown): number | undefined => {
    const port = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN
    return Number.isInteger(port) ? port : undefined
  }
  const first = number(fields['port']) ?? number(fields['number']) ?? number(fields['start'])
  const last = number(fields['endPort']) ?? number(fields['end']) ?? first
  if (first !== undefined) ports.add(first)
  if (last !== undefined) ports.add(last + 1)
}
