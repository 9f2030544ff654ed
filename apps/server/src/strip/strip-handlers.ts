import type { BaselineWire, Gap, IncidentRowWire } from '@holdfast/api'
import { counted, parseRfc3339, parseUnixNanoText, formatRfc3339, type UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import type { Containments } from '../containment/containments.ts'
import type { Handlers } from '../http/handlers.ts'
import type { IntegrityLedger } from '../integrity-ledger.ts'
import { STRIP_INCIDENTS } from '../limits.ts'
import type { PlanBook } from '../response/plan-book.ts'
import { planWire } from '../response/wire.ts'
import type { ViewsClient } from '../views/client.ts'
import { erasedTexts } from '../views/erasures.ts'
import type { StripTimes } from '../views/strip-of.ts'
import { marksWithin, type StripMark } from './marks.ts'

export type StripSources = {
  readonly views: ViewsClient
  readonly reader: LogReader
  readonly ledger: IntegrityLedger
  readonly clock: () => UnixNano
  readonly containments: Containments
  readonly response: { readonly book: PlanBook }
}

/** The time of a conversation, with what else was recorded of it and of its agents. */
export function stripHandlers(sources: StripSources): Pick<Handlers, 'getStrip'> {
  return {
    getStrip: async ({ params, query }) => {
      const asked = await sources.views.ask('getStrip', { ...params, query })
      const { agents, conversations, ...times } = JSON.parse(asked) as StripTimes // our own worker's answer
      const untold: string[] = []
      const marks = [
        ...(await orUntold(untold, 'findings', () => findingsOf(sources, conversations))),
        ...(await orUntold(untold, 'deploys', () => deploysOf(sources, agents))),
        ...containmentsOf(sources, agents),
        ...(await gapsOf(sources)),
        ...erasuresOf(sources.reader, agents),
      ]
      const [first] = sources.reader.segments({ from: 0, limit: 1 })
      return {
        ...times,
        ...marksWithin(marks, times),
        ...(first === undefined ? {} : { recordedSince: first.recordedAt.toString() }),
        untold,
      }
    },
  }
}

/** A projection that cannot answer takes its own marks away and no other, and that is said. */
async function orUntold(
  untold: string[],
  what: string,
  read: () => Promise<readonly StripMark[]>,
): Promise<readonly StripMark[]> {
  try {
    return await read()
  } catch (error) {
    untold.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    return []
  }
}

async function findingsOf({ views }: StripSources, conversations: readonly string[]): Promise<readonly StripMark[]> {
  const marks = new Map<string, StripMark>()
  for (const conversation of conversations) {
    const asked = await views.ask('listIncidents', {
      query: { conversation, outcome: 'all', limit: STRIP_INCIDENTS },
    })
    const { items } = JSON.parse(asked) as { readonly items: readonly IncidentRowWire[] } // our own worker's answer
    for (const { id, headline, firstClaimed, lastClaimed } of items) {
      const [at, last] = [nanosOf(firstClaimed), nanosOf(lastClaimed)]
      if (at === undefined) continue
      const until = last === undefined || last === at ? {} : { until: last.toString() }
      marks.set(id, { kind: 'finding', at: at.toString(), ...until, label: headline, incident: id })
    }
  }
  return [...marks.values()]
}

/** Changes of an agent that a system or a profile has on record: what its convergence is marked with, too. */
async function deploysOf({ views, clock }: StripSources, agents: readonly string[]): Promise<readonly StripMark[]> {
  const marks: StripMark[] = []
  for (const agent of agents) {
    const asked = await views
      .ask('getBaseline', { agent, query: {}, now: formatRfc3339(clock()) })
      .catch((error: unknown) => {
        // An agent that was never observed has no profile, and no deploys that could be shown.
        if (error instanceof Error && 'status' in error && error.status === 404) return undefined
        throw error
      })
    if (asked === undefined) continue
    const { changes } = JSON.parse(asked) as BaselineWire // our own worker's answer
    for (const { at, change, subject, from, to, entry } of changes) {
      const time = nanosOf(at)
      const step = from === undefined && to === undefined ? '' : `: ${from ?? 'nothing'} to ${to ?? 'nothing'}`
      if (time !== undefined)
        marks.push({ kind: 'deploy', at: time.toString(), label: `${change} ${subject}${step}`, entry, agent })
    }
  }
  return marks
}

/** What a sensor held, and what plans over several systems did. */
function containmentsOf({ containments, response }: StripSources, agents: readonly string[]): readonly StripMark[] {
  const held = agents.flatMap((agent) =>
    containments.list(agent).flatMap(({ record, steps }) =>
      steps.map(({ at, state, by }): StripMark => {
        return { kind: 'containment', at: at.toString(), label: `${record.plan.rung} ${state} by ${by}`, agent }
      }),
    ),
  )
  const planned = response.book
    .list()
    .filter(({ made }) => made.basis.agents.some(({ id }) => agents.includes(id)))
    .flatMap((kept) => {
      const { history, incident } = planWire(kept)
      return history.map(({ at, by, words, entry }): StripMark => {
        return { kind: 'containment', at, label: `${words} (${by})`, entry, incident }
      })
    })
  return [...held, ...planned]
}

async function gapsOf({ ledger, clock }: StripSources): Promise<readonly StripMark[]> {
  await ledger.catchUp(clock())
  return ledger.newestGaps.flatMap((gap) => {
    const [at, until] = [nanosOf(gap.from), nanosOf(gap.to)]
    if (at === undefined || until === undefined) return []
    return [
      { kind: 'gap' as const, at: at.toString(), until: until.toString(), label: gapWords(gap), entry: gap.entry },
    ]
  })
}

function gapWords({ reason, records, requests }: Gap): string {
  const lost = records === undefined ? counted(requests, 'request') : counted(records, 'record')
  return `not recorded: ${lost} (${reason})`
}

/** Where texts of these agents were erased: the log proves that they were there, and not what they said. */
function erasuresOf(reader: LogReader, agents: readonly string[]): readonly StripMark[] {
  return erasedTexts(reader)
    .filter(({ agent }) => agents.includes(agent))
    .map(({ agent, entry, at }) => ({
      kind: 'erased',
      at: at.toString(),
      label: 'its texts were erased',
      entry,
      agent,
    }))
}

function nanosOf(text: string): UnixNano | undefined {
  return parseUnixNanoText(text) ?? parseRfc3339(text)
}
