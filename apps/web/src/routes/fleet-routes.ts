import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { driftQueries } from '../drift/queries.ts'
import { fleetQueries } from '../fleet/queries.ts'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { fleetSearch, policySearch } from '../search-params.ts'
import { rootRoute } from './root-route.ts'

const fleetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.fleet,
  validateSearch: fleetSearch,
  loader: ({ context }) => context.queryClient.ensureQueryData(fleetQueries.fleet()),
  component: lazyRouteComponent(() => import('../fleet/FleetPage.tsx'), 'FleetPage'),
})

const doctorRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.doctor,
  loader: ({ context }) => context.queryClient.ensureQueryData(queries.doctor()),
  component: lazyRouteComponent(() => import('../doctor/DoctorPage.tsx'), 'DoctorPage'),
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
  component: lazyRouteComponent(() => import('../roster/RosterPage.tsx'), 'RosterPage'),
})

const observedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.observed,
  loader: ({ context }) => context.queryClient.ensureQueryData(queries.observed()),
  component: lazyRouteComponent(() => import('../baseline/ObservedPage.tsx'), 'ObservedPage'),
})

const driftRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.drift,
  loader: ({ context }) => context.queryClient.ensureQueryData(driftQueries.list()),
  component: lazyRouteComponent(() => import('../drift/DriftPage.tsx'), 'DriftPage'),
})

const policiesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.policies,
  loader: ({ context: { queryClient: client } }) =>
    Promise.all([client.ensureQueryData(queries.policies(undefined)), client.ensureQueryData(queries.rollouts())]),
  component: lazyRouteComponent(() => import('../policies/PoliciesPage.tsx'), 'PoliciesPage'),
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
  component: lazyRouteComponent(() => import('../policies/PolicyPage.tsx'), 'PolicyPage'),
})

/** All agents at once, what holds them, and whether all is well with what watches them. */
export const fleetRoutes = [
  fleetRoute,
  doctorRoute,
  rosterRoute,
  observedRoute,
  driftRoute,
  policiesRoute,
  policyRoute,
] as const
