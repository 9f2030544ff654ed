import type { SimulatedWire } from '@holdfast/api'
import { normalise } from '@holdfast/capture'
import { generatorOf, Simulation, type Denial } from '@holdfast/enforce'
import { formatRfc3339, parseRfc3339, type AgentId, type PolicyArtifact, type UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { DENIALS_KEPT, DENIALS_SHOWN, ROWS_SHOWN, TRACES_REMEMBERED } from './limits.ts'
import { conversationLink, permalinkOf } from './permalink.ts'

/** A window of the log to replay against artifacts. */
export type SimulationTask = {
  readonly artifacts: readonly {
    readonly artifact: PolicyArtifact
    readonly principals: readonly string[]
    /** The agent that stands in for it in staging. */
    readonly actedBy?: string
  }[]
  /** Claimed times, RFC 3339; `to` exclusive. */
  readonly from: string
  readonly to: string
}

/** How far it is, in log entries. */
export type SimulationProgress = { readonly read: number; readonly total: number }

/** Replays the window; yields its progress after every segment and returns the result. Segments of other agents are not opened. */
export function* simulated(
  task: SimulationTask,
  { reader, now }: { readonly reader: LogReader; readonly now: () => number },
): Generator<SimulationProgress, SimulatedWire> {
  const begun = now()
  const judged = task.artifacts.flatMap(({ artifact, principals, actedBy }) => {
    const judge = generatorOf(artifact.kind)?.judge(artifact)
    return judge === undefined ? [] : [{ artifact, principals, judge, ...(actedBy === undefined ? {} : { actedBy }) }]
  })
  const simulation = new Simulation(judged, { denials: DENIALS_KEPT, traces: TRACES_REMEMBERED })
  const [from, to] = [timeOf(task.from), timeOf(task.to)]
  const segments = segmentsOf(task, reader, { from, to })
  const total = segments.reduce((sum, { count }) => sum + count, 0)
  let read = 0
  yield { read, total }
  for (const { first, count } of segments) {
    for (const entry of reader.entries({ from: first, to: first + count })) {
      read += 1
      for (const event of normalise(entry).events)
        if (event.claimedAt >= from && event.claimedAt < to) simulation.add(event)
    }
    yield { read, total }
  }
  const { denials, ...result } = simulation.result()
  const lines = new Map(task.artifacts.map(({ artifact }) => [artifact.id, linesOf(artifact)]))
  return {
    ...result,
    from: task.from,
    to: task.to,
    entries: read,
    agents: [...result.agents],
    affectedAgents: [...result.affectedAgents],
    artifacts: [...result.artifacts],
    denials: denials.slice(0, DENIALS_SHOWN).map((denial) => denialWire(denial, lines)),
    cut: result.cut + Math.max(0, denials.length - DENIALS_SHOWN),
    ...listsOf(denials, lines),
    ms: now() - begun,
  }
}

type Segment = { readonly first: number; readonly count: number }

/**
 * Segments of the agents and, where an artifact judges what a cloud recorded, of the identities that they act as: an audit log stands
 * under the identity's own name.
 */
function segmentsOf(
  { artifacts }: SimulationTask,
  reader: LogReader,
  { from, to }: { readonly from: UnixNano; readonly to: UnixNano },
): readonly Segment[] {
  const own = artifacts.map(({ artifact, actedBy }) => actedBy ?? artifact.agent)
  const names = artifacts.flatMap(({ principals }) => principals)
  const identities =
    names.length === 0
      ? []
      : reader
          .agents()
          .map(({ agent }) => agent as string)
          .filter((agent) => names.some((name) => isIdentity(agent, name)))
  const found = new Map<number, Segment>()
  for (const agent of new Set([...own, ...identities]))
    for (const { first, count } of reader.segments({ agent: agent as AgentId, claimedFrom: from, claimedTo: to }))
      // an id of the log
      found.set(first, { first, count })
  return [...found.values()].toSorted((a, b) => a.first - b.first)
}

/** An identity's records stand under `host:<plane> <account>/<name>` (capture/authority). */
function isIdentity(agent: string, principal: string): boolean {
  const name = (/^arn:(?:[^:]*:){4}(.+)$/.exec(principal)?.[1] ?? principal).split('/').at(-1) ?? ''
  return name !== '' && agent.startsWith('host:') && agent.includes(name)
}

type Lines = ReadonlyMap<string, ReadonlyMap<string, string>>

function linesOf({ lines }: PolicyArtifact): ReadonlyMap<string, string> {
  return new Map(lines.map(({ pointer, what }) => [pointer, what]))
}

function denialWire(denial: Denial, lines: Lines): SimulatedWire['denials'][number] {
  const { at, conversation, ...rest } = denial
  const line = lines.get(denial.artifact)?.get(denial.pointer)
  return {
    ...rest,
    at: formatRfc3339(at as UnixNano), // as the event claims it
    ...(line === undefined ? {} : { line }),
    ...(conversation === undefined ? {} : { conversation }),
    permalink: permalinkOf(conversation ?? denial.event, denial.event),
  }
}

function listsOf(
  denials: readonly Denial[],
  lines: Lines,
): Pick<SimulatedWire, 'byLine' | 'byToolCall' | 'byConversation'> {
  const byLine = Map.groupBy(denials, ({ artifact, pointer }) => `${artifact} ${pointer}`)
  const byCall = Map.groupBy(
    denials.filter(({ toolCall }) => toolCall !== undefined),
    ({ toolCall }) => toolCall ?? '',
  )
  const byTalk = Map.groupBy(
    denials.filter(({ conversation }) => conversation !== undefined),
    ({ conversation }) => conversation ?? '',
  )
  return {
    byLine: mostFirst(
      [...byLine.values()].flatMap((some) =>
        some.slice(0, 1).map(({ artifact, kind, pointer, what }) => ({
          artifact,
          kind,
          pointer,
          what: lines.get(artifact)?.get(pointer) ?? what,
          count: some.length,
        })),
      ),
    ),
    byToolCall: mostFirst(
      [...byCall].map(([toolCall, some]) => ({
        toolCall,
        tool: some[0]?.tool ?? '',
        count: some.length,
        permalink: permalinkOf(some[0]?.conversation ?? toolCall, toolCall),
      })),
    ),
    byConversation: mostFirst(
      [...byTalk].map(([conversation, some]) => ({
        conversation,
        count: some.length,
        permalink: conversationLink(conversation),
      })),
    ),
  }
}

function mostFirst<T extends { readonly count: number }>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => b.count - a.count).slice(0, ROWS_SHOWN)
}

function timeOf(text: string): UnixNano {
  const time = parseRfc3339(text)
  if (time === undefined) throw new Error(`"${text.slice(0, 60)}" is no time in RFC 3339`)
  return time
}

/** What the thread of a simulation is started with, and says. */
export type SimulationData = { readonly folder: string; readonly task: SimulationTask }
export type FromSimulation =
  | ({ readonly kind: 'progress' } & SimulationProgress)
  | { readonly kind: 'done'; readonly result: SimulatedWire }
  | { readonly kind: 'failed'; readonly message: string }
