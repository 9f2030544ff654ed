/** Every path of the workspace, as the router matches it. Links are built from these and nothing else. */
export const paths = {
  agents: '/',
  start: '/start',
  agent: '/agents/$agent',
  agentOverview: '/agents/$agent/overview',
  agentInventory: '/agents/$agent/inventory',
  agentBaseline: '/agents/$agent/baseline',
  agentScope: '/agents/$agent/scope',
  agentDrift: '/agents/$agent/drift',
  agentPolicies: '/agents/$agent/policies',
  agentKernel: '/agents/$agent/kernel',
  agentContainment: '/agents/$agent/containment',
  fleet: '/fleet',
  doctor: '/doctor',
  roster: '/roster',
  observed: '/observed',
  drift: '/drift',
  policies: '/policies',
  policy: '/policies/$artifact',
  conversation: '/conversations/$conversation',
  incidents: '/incidents',
  incident: '/incidents/$incident',
  audit: '/audit',
  auditRow: '/audit/$row',
  diagnostic: '/diagnostic',
  tail: '/tail',
  integrity: '/integrity',
  search: '/search',
  hunt: '/hunt',
  source: '/source',
} as const

/** A path that an answer named, or undefined where it would lead out of this workspace. */
export function safePath(href: string): string | undefined {
  return href.startsWith('/') && !href.startsWith('//') && !href.startsWith('/\\') ? href : undefined
}
