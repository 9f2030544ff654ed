import { isEverything, isWithin, parseRange, type Range } from './address.ts'
import type { Flow } from './flow.ts'
import { fieldsOf, listOf, type Fields } from './selector.ts'

/** One part of a policy that lets through or refuses, compiled; asked for each flow. */
export type FlowTest = (flow: Flow) => boolean

/** What a policy says of the traffic that leaves one pod. */
export type CompiledPolicy = {
  readonly name: string
  /** True where its presence alone refuses all that no policy lets through. */
  readonly isolates: boolean
  /** In the order of the document, each with its pointer. */
  readonly allows: readonly { readonly pointer: string; readonly test: FlowTest }[]
  readonly denies: readonly { readonly pointer: string; readonly test: FlowTest }[]
  /** Parts that were not understood: of these no claim is made. */
  readonly unread: readonly string[]
}

/** Of a flow of which only the name is known, a range holds the address only where it holds all of them. */
export function inRange(flow: Flow, range: Range, except: readonly Range[] = []): boolean {
  if (flow.pod !== undefined && flow.addresses.length === 0) return false
  if (flow.addresses.length === 0) return isEverything(range) && except.length === 0
  return flow.addresses.some(
    (address) => isWithin(address, range) && !except.some((excepted) => isWithin(address, excepted)),
  )
}

/** Ranges of `{cidr, except}`; undefined where they cannot be read. */
export function blockOf(value: unknown): { readonly range: Range; readonly except: readonly Range[] } | undefined {
  const fields = fieldsOf(value)
  const { cidr, except = [] } = fields ?? {}
  const range = typeof cidr === 'string' ? parseRange(cidr) : undefined
  const excepted = listOf(except)?.map((one) => (typeof one === 'string' ? parseRange(one) : undefined))
  if (range === undefined || excepted === undefined) return undefined
  const ranges = excepted.filter((one) => one !== undefined)
  return ranges.length === excepted.length ? { range, except: ranges } : undefined
}

/**
 * Ports as NetworkPolicy and Cilium write them: absent is all, `endPort` the end of a span, in Cilium 0 is all too. A port that
 * has a name is known to the cluster alone, and gives undefined.
 */
export function portsTest(entries: readonly unknown[], protocolUnlessSaid: 'TCP' | 'ANY'): FlowTest | undefined {
  const tests = entries.map((entry) => portTest(fieldsOf(entry), protocolUnlessSaid))
  const known = tests.filter((test) => test !== undefined)
  if (known.length !== tests.length) return undefined
  return (flow) => known.some((test) => test(flow))
}

function portTest(fields: Fields | undefined, protocolUnlessSaid: 'TCP' | 'ANY'): FlowTest | undefined {
  if (fields === undefined) return undefined
  const { port, endPort, protocol = protocolUnlessSaid } = fields
  const first = port === undefined || port === null ? 0 : Number(port)
  const last = endPort === undefined || endPort === 0 ? first : Number(endPort)
  if (!Number.isInteger(first) || !Number.isInteger(last) || typeof protocol !== 'string') return undefined
  const wanted = protocol.toLowerCase()
  return (flow) =>
    (wanted === 'any' || wanted === flow.protocol) && (first === 0 || (first <= flow.port && flow.port <= last))
}
