import { ours } from '../../called-as.ts'
import type { Answer, ExecutionGraphWire } from '@holdfast/api'
import { shellWord } from '@holdfast/model'
import type { CliContext } from '../../context.ts'
import { EVENTS_READ, JOINS_READ } from '../../limits.ts'
import type { ListFormat } from '../../render/formats.ts'
import { inert } from '../../render/inert.ts'
import { printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { isNotFound, type Api } from '../../server/api.ts'
import { pick } from '../../server/resolve-id.ts'

type Asked = {
  readonly api: Api
  readonly graph: ExecutionGraphWire
  /** Of the step. */
  readonly id: string
  readonly format: ListFormat
}

/** Prints what travelled by the joins of one step. Who reads captured text is on record, which is said. */
export async function printValues(context: CliContext, { api, graph, id, format }: Asked): Promise<void> {
  const step = stepOf(graph, id)
  const document = await valuesOf(api, graph, step)
  printList(context, { format, columns: valueColumns, rows: document.values, document })
  if (document.values.length === 0) return say(context, `no join of "${inert(step.label)}" rests on a value`)
  if (document.more > 0) say(context, `first ${JOINS_READ} joins by a value; the step has ${document.more} more`)
  say(context, 'that you read captured text is recorded; values are masked and in lower case')
}

type Node = ExecutionGraphWire['nodes'][number]
type FoundValue = Answer<'getEventValues'>['values'][number] & { readonly event: string }

/** A value by which a step was joined to an earlier one. */
type JoinValue = {
  readonly from: string
  readonly fromLabel: string
  readonly to: string
  readonly toLabel: string
  readonly fingerprint: string
  /** Captured text, folded to lower case and masked: untrusted. Undefined where neither step holds it any more. */
  readonly value: string | undefined
  /** Whose text it was read from; undefined with the value. */
  readonly event: string | undefined
  readonly slot: string | undefined
}

/** The values of one step's joins, as the JSON form has them. */
type StepValues = {
  readonly conversation: string
  readonly step: string
  readonly values: readonly JoinValue[]
  /** Joins by a value that the step has beyond those that were read back. */
  readonly more: number
}

/** The step of a graph that a node's or an event's id, or a prefix of one, names. Throws `not-found` or `usage`. */
function stepOf(graph: ExecutionGraphWire, id: string): Node {
  const exact = graph.nodes.find((node) => node.id === id)
  if (exact !== undefined) return exact
  const list = ours`holdfast graph ${shellWord(inert(graph.conversation))} -o wide, in its column NODE`
  const candidates = graph.nodes.map((value) => ({ value, names: [value.id, ...value.events], label: value.id }))
  return pick({ id, what: 'step of this graph', list, candidates })
}

/**
 * Reads back what travelled by each join by content that leads to a step or away from it. Of a join the events of its
 * target are asked first, then those of its source: a host that a request went to is in no text of the request.
 */
async function valuesOf(api: Api, graph: ExecutionGraphWire, step: Node): Promise<StepValues> {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const joins = graph.edges.filter(({ from, to, values }) => (from === step.id || to === step.id) && values?.length)
  const read: JoinValue[] = []
  for (const { from, to, values = [] } of joins.slice(0, JOINS_READ)) {
    const [source, target] = [nodes.get(from), nodes.get(to)]
    const found = await readBack(api, [...(target?.events ?? []), ...(source?.events ?? [])], values)
    for (const fingerprint of values) {
      const { value, event, slot } = found.get(fingerprint) ?? {}
      const ends = { from, fromLabel: source?.label ?? from, to, toLabel: target?.label ?? to }
      read.push({ ...ends, fingerprint, value, event, slot })
    }
  }
  return { conversation: graph.conversation, step: step.id, values: read, more: Math.max(0, joins.length - JOINS_READ) }
}

async function readBack(
  api: Api,
  events: readonly string[],
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, FoundValue>> {
  const found = new Map<string, FoundValue>()
  for (const event of [...new Set(events)].slice(0, EVENTS_READ)) {
    const wanted = fingerprints.filter((print) => !found.has(print))
    if (wanted.length === 0) break
    const query = { fingerprints: wanted.join(',') }
    const answer = await api.call('getEventValues', { params: { event }, query }).catch((fault: unknown) => {
      if (isNotFound(fault)) return undefined // told by a record that was erased since
      throw fault
    })
    for (const value of answer?.values ?? []) found.set(value.fingerprint, { ...value, event })
  }
  return found
}

const valueColumns: readonly Column<JoinValue>[] = [
  { title: 'VALUE', value: ({ value }) => value, show: ({ value }) => value ?? 'in no text any more', widest: 100 },
  { title: 'CAME WITH', value: ({ fromLabel }) => fromLabel },
  { title: 'LEFT WITH', value: ({ toLabel }) => toLabel },
  { title: 'FINGERPRINT', value: ({ fingerprint }) => fingerprint },
  { title: 'SLOT', value: ({ slot }) => slot, isWide: true },
  { title: 'EVENT', value: ({ event }) => event, isWide: true },
  { title: 'FROM', value: ({ from }) => from, isWide: true },
  { title: 'TO', value: ({ to }) => to, isWide: true },
]
