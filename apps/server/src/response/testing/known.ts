import type { AgentId } from '@holdfast/model'
import type { LadderInputs, ResponseScope } from '@holdfast/respond'

/** An incident about which everything is known: a live agent moves money that does not come back. */
export const LADDER: LadderInputs = {
  outcome: 'incident',
  type: 'privilege-boundary-escape',
  contributing: [],
  confidence: 0.8,
  tier: 'provider',
  isLive: true,
  isRestartable: false,
  harm: { speed: 'fast', isReversible: false },
  reach: 'inside',
  evidence: { completeness: 1, isSealed: true, artifacts: [] },
  duties: [],
  downstream: [],
  lifeSafety: { kind: 'no' },
}

/** Nothing but agents, as a host sensor knows them. */
export function agentScope(incident: string, agents: readonly string[]): ResponseScope {
  return {
    incident,
    agents: agents.map((id) => ({ id: id as AgentId, name: id, pods: [], nodes: [], images: [] })), // a test's own ids
    principals: [],
    tools: [],
    items: [],
    channels: [],
    edges: [],
    destinations: [],
  }
}
