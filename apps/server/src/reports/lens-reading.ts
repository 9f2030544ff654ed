import { normalise } from '@holdfast/capture'
import type { StepsOfWork } from '@holdfast/detect'
import { backward } from '@holdfast/graph'
import type { Event, ExecutionGraph, Incident } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { type Lenses, lensesOf, type StackFrame } from '@holdfast/respond'
import type { United } from '../views/graph-queries.ts'
import { LENS_ENTRIES, LENS_ENTRIES_PER_STEP, LENS_FRAMES, LENS_STACKS } from './limits.ts'

/** The lenses of an incident and what they could not look at. */
export type LensReading = {
  readonly incident: string
  readonly lenses: Lenses
  /** Log entries that were not read, and acts whose way was not looked for. */
  readonly entriesLeftOut: number
  readonly stacksLeftOut: number
}

type LensSources = { readonly incident: Incident; readonly united: United; readonly reader: LogReader }

/** Reads what the lenses of an incident are made of, step by step: its conversations, and what authorities told of its deeds. */
export function* readLenses({ incident, united, reader }: LensSources): StepsOfWork<LensReading> {
  const all = new Set([...united.entries, ...incident.signals.flatMap(({ entries }) => entries)])
  const entries = [...all].toSorted((a, b) => a - b)
  const events: Event[] = []
  for (const [at, index] of entries.slice(0, LENS_ENTRIES).entries()) {
    if (at % LENS_ENTRIES_PER_STEP === 0) yield
    const entry = reader.entry(index)
    if (entry !== undefined) events.push(...normalise(entry).events)
  }
  const stacks = new Stacks(united.graph)
  const lenses = yield* lensesOf({
    events,
    stackOf: (event) => stacks.of(event),
    actOf: (event) => stacks.actOf(event),
    roots: rootsOf(incident, united.graph),
  })
  return {
    incident: incident.id,
    lenses,
    entriesLeftOut: united.cut + Math.max(0, entries.length - LENS_ENTRIES),
    stacksLeftOut: stacks.leftOut,
  }
}

/**
 * Events with which it began: those of the origin and the entry, else those that brought the sentences, else the input that set the
 * execution off.
 */
function rootsOf({ chain, signals }: Incident, { nodes }: ExecutionGraph): ReadonlySet<string> {
  const links = chain.links.filter(
    ({ stage, state }) => (stage === 'origin' || stage === 'entry') && state !== 'not-seen',
  )
  const first = links[0]?.events ?? []
  if (first.length > 0) return new Set(first)
  const quoted = signals.flatMap(({ quote }) => quote?.event ?? [])
  return new Set(quoted.length > 0 ? quoted : nodes.flatMap(({ trigger, events }) => (trigger === true ? events : [])))
}

type Frame = Omit<StackFrame, 'isRootCause'>

/** Ways from a prompt to an act, looked up in one graph. */
class Stacks {
  readonly #graph: ExecutionGraph
  readonly #nodes = new Map<string, ExecutionGraph['nodes'][number]>()
  readonly #nodeOfEvent = new Map<string, string>()
  #looked = 0
  #frames = 0
  leftOut = 0

  constructor(graph: ExecutionGraph) {
    this.#graph = graph
    for (const node of graph.nodes) {
      this.#nodes.set(node.id, node)
      for (const event of node.events) if (!this.#nodeOfEvent.has(event)) this.#nodeOfEvent.set(event, node.id)
    }
  }

  /** The node that an event stands in; the event itself where it is in none. */
  actOf(event: string): string {
    return this.#nodeOfEvent.get(event) ?? event
  }

  /** The outermost first; empty where the event stands in no node or too many were asked for. */
  of(event: string): readonly Frame[] {
    const node = this.#nodeOfEvent.get(event)
    if (node === undefined) return []
    if (++this.#looked > LENS_STACKS || this.#frames >= LENS_FRAMES) {
      this.leftOut += 1
      return []
    }
    const path = backward(this.#graph, node)?.triggerPath ?? []
    this.#frames += path.length + 1
    return [...path.filter((id) => id !== node), node].flatMap((id) => {
      const found = this.#nodes.get(id)
      if (found === undefined) return []
      const { kind, label, agent, events } = found
      return [{ kind, label, agent, events: events.slice(0, EVENTS_SHOWN) }]
    })
  }
}

/** One node may stand for all messages of a conversation that are alike. */
const EVENTS_SHOWN = 16
