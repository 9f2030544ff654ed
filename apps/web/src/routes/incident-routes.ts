import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { diagnosticQueries } from '../diagnostic/queries.ts'
import { auditQueries } from '../audit/queries.ts'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { auditSearch, diagnosticSearch, incidentSearch, incidentsSearch } from '../search-params.ts'
import { rootRoute } from './root-route.ts'

const incidentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.incidents,
  validateSearch: incidentsSearch,
  loaderDeps: ({ search: { attempts, agent } }) => ({ attempts, agent }),
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(queries.incidents(deps)),
  component: lazyRouteComponent(() => import('../incidents/IncidentsPage.tsx'), 'IncidentsPage'),
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
  component: lazyRouteComponent(() => import('../incidents/IncidentPage.tsx'), 'IncidentPage'),
})

const auditRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.audit,
  validateSearch: auditSearch,
  loaderDeps: ({ search: { kind, artifact } }) => ({ kind, artifact }),
  loader: ({ context, deps }) => context.queryClient.ensureInfiniteQueryData(auditQueries.list(deps)),
  component: lazyRouteComponent(() => import('../audit/AuditPage.tsx'), 'AuditPage'),
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
  component: lazyRouteComponent(() => import('../audit/AuditRowPage.tsx'), 'AuditRowPage'),
})

const diagnosticRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.diagnostic,
  validateSearch: diagnosticSearch,
  loaderDeps: ({ search: { agent, at } }) => ({ agent, at }),
  loader: async ({ context: { queryClient: client }, deps }) => {
    // Nobody is chosen where nobody was heard: the page says so, where the question is refused.
    if (deps.agent === undefined && (await client.ensureQueryData(diagnosticQueries.agents())).items.length === 0)
      return
    await client.ensureQueryData(diagnosticQueries.diagnostic(deps))
  },
  component: lazyRouteComponent(() => import('../diagnostic/DiagnosticPage.tsx'), 'DiagnosticPage'),
})

/** What happened, and what somebody else would ask about it. */
export const incidentRoutes = [incidentsRoute, incidentRoute, auditRoute, auditRowRoute, diagnosticRoute] as const
