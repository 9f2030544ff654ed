import { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  retainSearchParams,
  stripSearchParams,
} from '@tanstack/react-router'
import { ApiError, pathSegment, textOfSegment } from '@holdfast/api'
import { diagnosticQueries } from './diagnostic/queries.ts'
import { auditQueries } from './audit/queries.ts'
import { driftQueries } from './drift/queries.ts'
import { fleetQueries } from './fleet/queries.ts'
import { sightOf } from './conversation/sight.ts'
import { drawnQuery } from './conversation/drawn-query.ts'
import { queries } from './data/queries.ts'
import { demoQueries } from './demo/queries.ts'
import { paths } from './paths.ts'
import {
  agentSearch,
  agentsSearch,
  auditSearch,
  baselineSearch,
  conversationSearch,
  diagnosticSearch,
  fleetSearch,
  incidentSearch,
  incidentsSearch,
  huntSearch,
  integritySearch,
  inventorySearch,
  openSearch,
  policySearch,
  scopeSearch,
  sourceSearch,
  tailSearch,
  timeSearch,
} from './search-params.ts'
import { AppShell } from './shell/AppShell.tsx'
import { FailedPage } from './shell/FailedPage.tsx'
import { NotFoundPage } from './shell/NotFoundPage.tsx'
import { PageLoading } from './ui/States.tsx'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal stays one; only silence is worth a second try.
      retry: (count, error) => count < 2 && error instanceof ApiError && error.status === 0,
    },
  },
})

type Context = { readonly queryClient: QueryClient }

const rootRoute = createRootRouteWithContext<Context>()({
  validateSearch: timeSearch,
  // One instant for the whole workspace: every link keeps it until it is cleared.
  search: { middlewares: [retainSearchParams(['at', 'by'])] },
  // Beside the page's own loader, not before it: both are answered at once.
  loader: ({ context }) => context.queryClient.ensureQueryData(queries.session()),
  component: AppShell,
  errorComponent: FailedPage,
  notFoundComponent: NotFoundPage,
})

const agentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.agents,
  validateSearch: agentsSearch,
  loaderDeps: ({ search }) => ({ q: search.q }),
  loader: ({ context, deps }) => context.queryClient.ensureInfiniteQueryData(queries.agents(deps.q)),
  component: lazyRouteComponent(() => import('./agents/AgentsPage.tsx'), 'AgentsPage'),
})

/** The same as the first page of a log without agents, to be gone back to. */
const startRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.start,
  loader: ({ context }) => context.queryClient.ensureQueryData(demoQueries.demo()),
  component: lazyRouteComponent(() => import('./agents/FirstRun.tsx'), 'FirstRun'),
})

const agentRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.agent,
  loader: ({ context, params }) => context.queryClient.ensureQueryData(queries.agent(params.agent)),
  component: lazyRouteComponent(() => import('./agents/AgentPage.tsx'), 'AgentPage'),
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
  component: lazyRouteComponent(() => import('./agents/OverviewTab.tsx'), 'OverviewTab'),
})

const agentInventoryRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: 'inventory',
  validateSearch: inventorySearch,
  loaderDeps: ({ search }) => ({ at: search.at, by: search.by }),
  loader: ({ context, params, deps }) => context.queryClient.ensureQueryData(queries.bom(params.agent, deps)),
  component: lazyRouteComponent(() => import('./inventory/InventoryTab.tsx'), 'InventoryTab'),
})

const agentBaselineRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: 'baseline',
  validateSearch: baselineSearch,
  loaderDeps: ({ search }) => ({ at: search.at }),
  loader: ({ context, params, deps }) => context.queryClient.ensureQueryData(queries.baseline(params.agent, deps.at)),
  component: lazyRouteComponent(() => import('./baseline/BaselineTab.tsx'), 'BaselineTab'),
})

const agentScopeRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: 'scope',
  validateSearch: scopeSearch,
  loaderDeps: ({ search }) => ({ at: search.at }),
  loader: ({ context, params, deps }) => context.queryClient.ensureQueryData(queries.scope(params.agent, deps.at)),
  component: lazyRouteComponent(() => import('./scope/ScopeTab.tsx'), 'ScopeTab'),
})

const agentDriftRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: 'drift',
  validateSearch: scopeSearch,
  loaderDeps: ({ search }) => ({ at: search.at }),
  loader: ({ context, params, deps }) => context.queryClient.ensureQueryData(driftQueries.agent(params.agent, deps.at)),
  component: lazyRouteComponent(() => import('./drift/DriftTab.tsx'), 'DriftTab'),
})

const agentPoliciesRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: 'policies',
  loader: ({ context, params }) => context.queryClient.ensureQueryData(queries.policies(params.agent)),
  component: lazyRouteComponent(() => import('./policies/PoliciesTab.tsx'), 'PoliciesTab'),
})

const agentKernelRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: 'kernel',
  component: lazyRouteComponent(() => import('./agents/KernelTab.tsx'), 'KernelTab'),
})

const agentContainmentRoute = createRoute({
  getParentRoute: () => agentRoute,
  path: 'containment',
  loader: ({ context, params }) => context.queryClient.ensureQueryData(queries.containments(params.agent)),
  component: lazyRouteComponent(() => import('./agents/ContainmentTab.tsx'), 'ContainmentTab'),
})

const conversationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.conversation,
  params: {
    parse: ({ conversation }) => ({ conversation: textOfSegment(conversation) }),
    // The router percent-encodes what this gives.
    stringify: ({ conversation }) => ({ conversation: decodeURIComponent(pathSegment(conversation)) }),
  },
  validateSearch: conversationSearch,
  search: { middlewares: [stripSearchParams({ view: 'graph', mode: 'aggregated' })] },
  loaderDeps: ({ search: { node: _node, event: _event, path: _path, ...search } }) => search,
  loader: async ({ context: { queryClient: client }, params: { conversation }, deps }) => {
    // The header is the page; the view starts on its way beside it, and says itself that it is loading.
    if (deps.view === 'graph') {
      void client.prefetchQuery(queries.drawn(conversation, drawnQuery(deps)))
      // What draws is large, and is read while the server answers.
      void import('./conversation/graph/GraphView.tsx')
      void import('./conversation/graph/Canvas.tsx')
    } else {
      const { q, only } = deps
      void client.prefetchQuery(queries.rows(conversation, { page: 0, q, only, sight: sightOf(deps) }))
    }
    void client.prefetchQuery(queries.evidence({ kind: 'conversation', id: conversation }))
    await client.ensureQueryData(queries.conversation(conversation))
  },
  component: lazyRouteComponent(() => import('./conversation/ConversationPage.tsx'), 'ConversationPage'),
})

const fleetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.fleet,
  validateSearch: fleetSearch,
  loader: ({ context }) => context.queryClient.ensureQueryData(fleetQueries.fleet()),
  component: lazyRouteComponent(() => import('./fleet/FleetPage.tsx'), 'FleetPage'),
})

const doctorRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.doctor,
  loader: ({ context }) => context.queryClient.ensureQueryData(queries.doctor()),
  component: lazyRouteComponent(() => import('./doctor/DoctorPage.tsx'), 'DoctorPage'),
})

const rosterRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.roster,
  loader: async ({ context }) => {
    await Promise.all([
      context.queryClient.ensureQueryData(queries.roster()),
      context.queryClient.ensureQueryData(queries.inventoryFindings()),
    ])
  },
  component: lazyRouteComponent(() => import('./roster/RosterPage.tsx'), 'RosterPage'),
})

const observedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.observed,
  loader: ({ context }) => context.queryClient.ensureQueryData(queries.observed()),
  component: lazyRouteComponent(() => import('./baseline/ObservedPage.tsx'), 'ObservedPage'),
})

const driftRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.drift,
  loader: ({ context }) => context.queryClient.ensureQueryData(driftQueries.list()),
  component: lazyRouteComponent(() => import('./drift/DriftPage.tsx'), 'DriftPage'),
})

const policiesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.policies,
  loader: ({ context: { queryClient: client } }) =>
    Promise.all([client.ensureQueryData(queries.policies(undefined)), client.ensureQueryData(queries.rollouts())]),
  component: lazyRouteComponent(() => import('./policies/PoliciesPage.tsx'), 'PoliciesPage'),
})

const policyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.policy,
  validateSearch: policySearch,
  loader: ({ context: { queryClient: client }, params }) =>
    Promise.all([
      client.ensureQueryData(queries.policy(params.artifact)),
      client.ensureQueryData(queries.policies(undefined)),
    ]),
  component: lazyRouteComponent(() => import('./policies/PolicyPage.tsx'), 'PolicyPage'),
})

const incidentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.incidents,
  validateSearch: incidentsSearch,
  loaderDeps: ({ search: { attempts, agent } }) => ({ attempts, agent }),
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(queries.incidents(deps)),
  component: lazyRouteComponent(() => import('./incidents/IncidentsPage.tsx'), 'IncidentsPage'),
})

const incidentRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.incident,
  validateSearch: incidentSearch,
  loader: async ({ context: { queryClient: client }, params: { incident: asked }, location: { search } }) => {
    const incident = await client.ensureQueryData(queries.incident(asked))
    if (incident.id === asked) return
    // An incident that grew has another id than when it was named: the address becomes the one that lasts.
    client.setQueryData(queries.incident(incident.id).queryKey, incident)
    throw redirect({
      to: paths.incident,
      params: { incident: incident.id },
      search,
      state: { formerIncident: asked },
      replace: true,
    })
  },
  component: lazyRouteComponent(() => import('./incidents/IncidentPage.tsx'), 'IncidentPage'),
})

const diagnosticRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.diagnostic,
  validateSearch: diagnosticSearch,
  loaderDeps: ({ search: { agent, at } }) => ({ agent, at }),
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(diagnosticQueries.diagnostic(deps)),
  component: lazyRouteComponent(() => import('./diagnostic/DiagnosticPage.tsx'), 'DiagnosticPage'),
})

const auditRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.audit,
  validateSearch: auditSearch,
  loaderDeps: ({ search: { kind, artifact } }) => ({ kind, artifact }),
  loader: ({ context, deps }) => context.queryClient.ensureInfiniteQueryData(auditQueries.list(deps)),
  component: lazyRouteComponent(() => import('./audit/AuditPage.tsx'), 'AuditPage'),
})

const auditRowRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.auditRow,
  loader: async ({ context: { queryClient: client }, params: { row } }) => {
    // Any id in a row leads to it.
    if (!row.startsWith('row~')) {
      const { items } = await client.fetchQuery(auditQueries.find(row))
      const [first] = items
      // The router's own way to lead on is to throw where.
      if (first !== undefined) throw redirect({ to: paths.auditRow, params: { row: first.row }, replace: true })
    }
    await client.ensureQueryData(auditQueries.row(row))
  },
  component: lazyRouteComponent(() => import('./audit/AuditRowPage.tsx'), 'AuditRowPage'),
})

const tailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.tail,
  validateSearch: tailSearch,
  component: lazyRouteComponent(() => import('./tail/TailPage.tsx'), 'TailPage'),
})

const huntRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.hunt,
  validateSearch: huntSearch,
  component: lazyRouteComponent(() => import('./hunt/HuntPage.tsx'), 'HuntPage'),
})

const sourceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.source,
  validateSearch: sourceSearch,
  component: lazyRouteComponent(() => import('./sources/SourcePage.tsx'), 'SourcePage'),
})

const integrityRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.integrity,
  validateSearch: integritySearch,
  loader: ({ context }) => context.queryClient.ensureQueryData(queries.integrity()),
  component: lazyRouteComponent(() => import('./integrity/IntegrityPage.tsx'), 'IntegrityPage'),
})

const searchRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.search,
  validateSearch: openSearch,
  component: lazyRouteComponent(() => import('./search/SearchPage.tsx'), 'SearchPage'),
})

export const router = createRouter({
  routeTree: rootRoute.addChildren([
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
    fleetRoute,
    doctorRoute,
    rosterRoute,
    observedRoute,
    driftRoute,
    policiesRoute,
    policyRoute,
    conversationRoute,
    incidentsRoute,
    incidentRoute,
    auditRoute,
    auditRowRoute,
    diagnosticRoute,
    tailRoute,
    integrityRoute,
    huntRoute,
    sourceRoute,
    searchRoute,
  ]),
  context: { queryClient },
  defaultErrorComponent: FailedPage,
  defaultPendingComponent: PageLoading,
  defaultPendingMs: 300,
  defaultPreload: 'intent',
  // The query cache decides what is fresh.
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }

  interface HistoryState {
    /** The id by which somebody came to an incident that has another one now. */
    readonly formerIncident?: string
  }
}
