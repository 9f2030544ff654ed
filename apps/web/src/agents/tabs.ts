import { paths } from '../paths.ts'

/** The tabs of an agent's page in their order; each is a route of its own (router.tsx) and one file. */
export const AGENT_TABS = [
  { to: paths.agentOverview, label: 'Overview' },
  { to: paths.agentInventory, label: 'Inventory' },
  { to: paths.agentBaseline, label: 'Baseline' },
  { to: paths.agentScope, label: 'Scope' },
  { to: paths.agentDrift, label: 'Drift' },
  { to: paths.agentPolicies, label: 'Policies' },
  { to: paths.agentKernel, label: 'Kernel' },
  { to: paths.agentContainment, label: 'Containment' },
] as const
