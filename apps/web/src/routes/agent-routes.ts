import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { driftQueries } from '../drift/queries.ts'
import { queries } from '../data/queries.ts'
import { demoQueries } from '../demo/queries.ts'
import { paths } from '../paths.ts'
import { agentSearch, agentsSearch, baselineSearch, inventorySearch, scopeSearch } from '../search-params.ts'
import { rootRoute } from './root-route.ts'

const agentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.agents,
  validateSearch: agentsSearch,
  loaderDeps: ({ search }) => ({ q: search.q }),
  loader: ({ context, deps }) => context.queryClient.ensureInfiniteQueryData(queries.agents(deps.q)),
  component: lazyRouteComponent(() => import('../agents/AgentsPage.tsx'), 'AgentsPage'),
})

/** The same as the first page of a log without agents, to be gone back to. */
const startRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.start,
  loader: ({ context }) => context.queryClient.ensureQueryData(demoQueries.demo()),
  component: lazyRouteComponent(() => import('../agents/FirstRun.tsx'), 'FirstRun'),
})

const agentRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.agent,
  loader: ({ context, params }) => context.queryClient.ensureQueryData(queries.agent(params.agent)),
  component: lazyRouteComponent(() => import('../agents/AgentPage.tsx'), 'AgentPage'),
})

/** An agent's own address is that of its first tab. */
const agentIndexRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    // The router's own way to lead on is to throw where.
    throw redirect({ to: paths.agentOverview, params, replace: true })
  },
})

const agentOverviewRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: 'overview',
  validateSearch: agentSearch,
  loaderDeps: ({ search }) => ({ q: search.q }),
  loader: ({ context, params, deps }) =>
    context.queryClient.ensureInfiniteQueryData(queries.conversations(params.agent, deps.q)),
  component: lazyRouteComponent(() => import('../agents/OverviewTab.tsx'), 'OverviewTab'),
})

const agentInventoryRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: 'inventory',
  validateSearch: inventorySearch,
  loaderDeps: ({ search }) => ({ at: search.at, by: search.by }),
  loader: ({ context, params, deps }) => context.queryClient.ensureQueryData(queries.bom(params.agent, deps)),
  component: lazyRouteComponent(() => import('../inventory/InventoryTab.tsx'), 'InventoryTab'),
})

const agentBaselineRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: 'baseline',
  validateSearch: baselineSearch,
  loaderDeps: ({ search }) => ({ at: search.at }),
  loader: ({ context, params, deps }) => context.queryClient.ensureQueryData(queries.baseline(params.agent, deps.at)),
  component: lazyRouteComponent(() => import('../baseline/BaselineTab.tsx'), 'BaselineTab'),
})

const agentScopeRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: 'scope',
  validateSearch: scopeSearch,
  loaderDeps: ({ search }) => ({ at: search.at }),
  loader: ({ context, params, deps }) => context.queryClient.ensureQueryData(queries.scope(params.agent, deps.at)),
  component: lazyRouteComponent(() => import('../scope/ScopeTab.tsx'), 'ScopeTab'),
})

const agentDriftRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: 'drift',
  validateSearch: scopeSearch,
  loaderDeps: ({ search }) => ({ at: search.at }),
  loader: ({ context, params, deps }) => context.queryClient.ensureQueryData(driftQueries.agent(params.agent, deps.at)),
  component: lazyRouteComponent(() => import('../drift/DriftTab.tsx'), 'DriftTab'),
})

const agentPoliciesRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: 'policies',
  loader: ({ context, params }) => context.queryClient.ensureQueryData(queries.policies(params.agent)),
  component: lazyRouteComponent(() => import('../policies/PoliciesTab.tsx'), 'PoliciesTab'),
})

const agentKernelRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: 'kernel',
  component: lazyRouteComponent(() => import('../agents/KernelTab.tsx'), 'KernelTab'),
})

const agentContainmentRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: 'containment',
  loader: ({ context, params }) => context.queryClient.ensureQueryData(queries.containments(params.agent)),
  component: lazyRouteComponent(() => import('../agents/ContainmentTab.tsx'), 'ContainmentTab'),
})

/** The agents, the first page without one, and every tab of an agent. */
export const agentRoutes = [
  agentsRoute,
  startRoute,
  agentRoute.addChildren([
    agentIndexRoute,
    agentOverviewRoute,
    agentInventoryRoute,
    agentBaselineRoute,
    agentScopeRoute,
    agentDriftRoute,
    agentPoliciesRoute,
    agentKernelRoute,
    agentContainmentRoute,
  ]),
] as const
