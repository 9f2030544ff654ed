import type { RuleSet, StepsOfWork } from '@holdfast/detect'
import type { AgentId, Event, UnixNano } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import { type KnownKeys, memoryKeysOf } from '@holdfast/respond'
import type { CaseReader } from '../incidents/case-reader.ts'
import { keys } from '../incidents/keys.ts'
import type { Conversations } from '../views/conversations.ts'
import { keys as viewKeys, lastPart } from '../views/keys.ts'
import { CONVERSATIONS_LOOKED, ORDINARY_ENTRIES, ORDINARY_READ } from './limits.ts'

/** Whose past, and until when: what began later is no past of the chain. */
export type OrdinaryPast = { readonly agents: readonly AgentId[]; readonly until: UnixNano }

export type OrdinaryQuestion = OrdinaryPast & {
  readonly rules: RuleSet
  /** Conversations from there on are counted apart: what was read from those before was not made from them. */
  readonly from?: UnixNano | undefined
}

type Met = ReadonlyMap<string, number>

/** Which rules met something in how many ordinary conversations; `metLately`: of those that began later than asked. */
export type OrdinaryAnswer = { readonly cases: number; readonly met: Met; readonly metLately: Met }

export type OrdinarySources = {
  readonly workspace: Pick<ProjectionStore, 'scan'>
  readonly incidents: Pick<ProjectionStore, 'get'>
  readonly conversations: Conversations
  readonly cases: CaseReader
}

/** Holds rules against what the agents did before, in conversations of which nothing speaks for an incident. */
export function* heldAgainstOrdinary(
  { rules, from, ...past }: OrdinaryQuestion,
  sources: OrdinarySources,
): StepsOfWork<OrdinaryAnswer> {
  const [met, metLately] = [new Map<string, number>(), new Map<string, number>()]
  let cases = 0
  yield* eachOrdinary(past, sources, function* (events) {
    cases += 1
    const isLate = from !== undefined && beginOf(events) >= from
    for (const name of new Set((yield* rules.signalling(events)).map(({ detector }) => detector))) {
      met.set(name, (met.get(name) ?? 0) + 1)
      if (isLate) metLately.set(name, (metLately.get(name) ?? 0) + 1)
    }
  })
  return { cases, met, metLately }
}

/** What the agents kept in their memory in the older half of their past, and where the newer half begins. */
export type OrdinaryKeys = { readonly keys: KnownKeys; readonly from: UnixNano }

/** Undefined where there is no past to halve. */
export function* ordinaryKeys(past: OrdinaryPast, sources: OrdinarySources): StepsOfWork<OrdinaryKeys | undefined> {
  const found: { readonly begin: UnixNano; readonly writes: readonly Event[] }[] = []
  yield* eachOrdinary(past, sources, function* (events) {
    const writes = events.filter(({ body }) => body.kind === 'memory' && body.operation === 'write')
    found.push({ begin: beginOf(events), writes })
    yield
  })
  const inOrder = found.toSorted((a, b) => (a.begin < b.begin ? -1 : a.begin > b.begin ? 1 : 0))
  const from = inOrder[Math.floor(inOrder.length / 2)]?.begin
  if (from === undefined) return undefined
  return { keys: memoryKeysOf(found.filter(({ begin }) => begin < from).flatMap(({ writes }) => writes)), from }
}

type Visit = (events: readonly [Event, ...Event[]]) => StepsOfWork<void>

/** The ordinary conversations, agent by agent, the latest first, as many as are read of one incident. */
function* eachOrdinary({ agents, until }: OrdinaryPast, sources: OrdinarySources, visit: Visit): StepsOfWork<void> {
  for (const agent of agents) {
    let own = 0
    for (const name of conversationsOf(agent, sources.workspace)) {
      if (own >= Math.ceil(ORDINARY_READ / agents.length)) break
      if (sources.incidents.get(keys.evidence(name)) !== undefined) continue
      const [found] = sources.conversations.named(name)
      const trace = found?.traces[0]
      const one = trace === undefined ? undefined : sources.cases.caseOf(trace)
      if (one === undefined || one.found.some(({ doc }) => sources.incidents.get(keys.evidence(doc.id)) !== undefined))
        continue
      const [first, ...others] = yield* sources.cases.events(one, ORDINARY_ENTRIES)
      if (first === undefined || [first, ...others].some(({ claimedAt }) => claimedAt >= until)) continue
      own += 1
      yield* visit([first, ...others])
    }
  }
}

function beginOf([first, ...others]: readonly [Event, ...Event[]]): UnixNano {
  return others.reduce((least, { claimedAt }) => (claimedAt < least ? claimedAt : least), first.claimedAt)
}

function* conversationsOf(agent: AgentId, workspace: OrdinarySources['workspace']): Iterable<string> {
  let looked = 0
  for (let after: string | undefined; looked < CONVERSATIONS_LOOKED;) {
    const rows = workspace.scan({
      prefix: viewKeys.recentsOfAgent(agent),
      limit: 100,
      ...(after === undefined ? {} : { after }),
    })
    for (const [key] of rows) {
      after = key
      looked += 1
      yield lastPart(key)
    }
    if (rows.length < 100) return
  }
}
