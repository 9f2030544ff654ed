import type { RuleSet, StepsOfWork } from '@holdfast/detect'
import type { AgentId, UnixNano } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import type { CaseReader } from '../incidents/case-reader.ts'
import { keys } from '../incidents/keys.ts'
import type { Conversations } from '../views/conversations.ts'
import { keys as viewKeys, lastPart } from '../views/keys.ts'
import { CONVERSATIONS_LOOKED, ORDINARY_ENTRIES, ORDINARY_READ } from './limits.ts'

export type OrdinaryQuestion = {
  readonly agents: readonly AgentId[]
  /** What began later is no past of the chain. */
  readonly until: UnixNano
  readonly rules: RuleSet
}

/** Which rules met something in how many ordinary conversations. */
export type OrdinaryAnswer = { readonly cases: number; readonly met: ReadonlyMap<string, number> }

export type OrdinarySources = {
  readonly workspace: Pick<ProjectionStore, 'scan'>
  readonly incidents: Pick<ProjectionStore, 'get'>
  readonly conversations: Conversations
  readonly cases: CaseReader
}

/** Holds rules against what the agents did before, in conversations of which nothing speaks for an incident. */
export function* heldAgainstOrdinary(
  { agents, until, rules }: OrdinaryQuestion,
  sources: OrdinarySources,
): StepsOfWork<OrdinaryAnswer> {
  const met = new Map<string, number>()
  let cases = 0
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
      const events = yield* sources.cases.events(one, ORDINARY_ENTRIES)
      if (events.length === 0 || events.some(({ claimedAt }) => claimedAt >= until)) continue
      own += 1
      const names = new Set((yield* rules.signalling(events)).map(({ detector }) => detector))
      for (const detector of names) met.set(detector, (met.get(detector) ?? 0) + 1)
    }
    cases += own
  }
  return { cases, met }
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
