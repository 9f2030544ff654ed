import type { ApprovedTools, EndProof, Roster, RosterDecision, RosterEntry } from '@holdfast/model'

/** A decision with the log entry that holds it. */
export type RosterRecord = {
  readonly entry: number
  /** RFC 3339. */
  readonly at: string
  readonly decision: RosterDecision
  readonly reason: string
  readonly by: string
}

export type RosterState = Roster & {
  /** True once anything was decided: before, no agent is held against it. */
  readonly isKept: boolean
  /** The decision that each agent's entry rests on last, and each approval of tools, by {@link approvalKey}. */
  readonly decidedBy: ReadonlyMap<string, RosterRecord>
}

/** The roster after all these decisions, which need not be in order: that of the log counts. */
export function rosterOf(records: readonly RosterRecord[]): RosterState {
  const agents = new Map<string, Roster['agents'][number]>()
  const tools = new Map<string, ApprovedTools>()
  const decidedBy = new Map<string, RosterRecord>()
  let mode: Roster['mode'] = 'open'
  let isKept = false
  let dataRules: Roster['dataRules']
  for (const record of records.toSorted((a, b) => a.entry - b.entry)) {
    const { decision } = record
    isKept ||= !BESIDE.has(decision.do)
    switch (decision.do) {
      case 'add':
        agents.set(decision.entry.agent, { ...decision.entry, state: 'active' })
        decidedBy.set(decision.entry.agent, record)
        break
      case 'pin':
      case 'retire': {
        const known = agents.get(decision.agent)
        if (known === undefined) break
        const change = decision.do === 'pin' ? { version: decision.version } : { state: 'retired' as const }
        agents.set(decision.agent, { ...known, ...change })
        decidedBy.set(decision.agent, record)
        break
      }
      case 'mode':
        mode = decision.mode
        break
      case 'approve-tools':
        tools.set(approvalKey(decision.approved), decision.approved)
        decidedBy.set(approvalKey(decision.approved), record)
        break
      case 'data-rules':
        dataRules = decision.rules
        decidedBy.set(DATA_RULES, record)
        break
      case 'not-admitted':
        // Nobody decided it: it changes nothing.
        break
    }
  }
  const data = dataRules === undefined ? {} : { dataRules }
  return { mode, agents: inOrder(agents), tools: inOrder(tools), ...data, isKept, decidedBy }
}

/** Decisions that hold no agent against the roster. */
const BESIDE: ReadonlySet<RosterDecision['do']> = new Set(['not-admitted', 'approve-tools', 'data-rules'])

/** Key of the rules about data in {@link RosterState.decidedBy}; no agent is named so. */
export const DATA_RULES = '\ndata-rules'

/** Tells approvals apart: one stands for each server of each agent. */
export function approvalKey({ agent, server }: Pick<ApprovedTools, 'agent' | 'server'>): string {
  return JSON.stringify([agent, server])
}

/** Why the roster does not admit an agent as it presents itself; nothing where it does. */
export function refusalsOf(
  roster: Pick<Roster, 'agents'>,
  presented: { readonly names: readonly string[]; readonly version: string | undefined; readonly proof: EndProof },
): readonly string[] {
  const entry = rosterEntryOf(roster, presented.names)
  if (entry === undefined) return ['it is not in the roster']
  const { version } = presented
  return [
    ...(entry.state === 'retired' ? ['it is retired'] : []),
    ...(presented.proof === 'unproven' ? ['it did not prove its name with the key of the roster'] : []),
    ...(presented.proof === 'wrong-key' ? ['it signed with another key than that of the roster'] : []),
    ...(version === entry.version
      ? []
      : [`version ${entry.version} is pinned, ${version === undefined ? 'and it named none' : `not ${version}`}`]),
  ]
}

/** An agent's entry by any of its names, of which its id is one. */
export function rosterEntryOf(
  { agents }: Pick<Roster, 'agents'>,
  names: readonly string[],
): (RosterEntry & { readonly state: 'active' | 'retired' }) | undefined {
  return agents.find(({ agent }) => names.includes(agent))
}

/** What was approved of one server for an agent; of all its servers where the server has not named itself. */
export function approvedOf(
  { tools }: Pick<Roster, 'tools'>,
  names: readonly string[],
  server: string | undefined,
): readonly ApprovedTools[] {
  return tools.filter((one) => names.includes(one.agent) && (server === undefined || one.server === server))
}

function inOrder<V>(map: ReadonlyMap<string, V>): readonly V[] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
}
