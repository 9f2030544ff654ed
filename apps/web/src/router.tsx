import { QueryClient } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { ApiError } from '@holdfast/api'
import { agentRoutes } from './routes/agent-routes.ts'
import { fleetRoutes } from './routes/fleet-routes.ts'
import { incidentRoutes } from './routes/incident-routes.ts'
import { recordRoutes } from './routes/record-routes.ts'
import { rootRoute } from './routes/root-route.ts'
import { FailedPage } from './shell/FailedPage.tsx'
import { PageLoading } from './ui/States.tsx'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal stays one; silence is worth a second try, and a server that has too much to do asks for one.
      retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status === 503),
    },
  },
})

export const router = createRouter({
  routeTree: rootRoute.addChildren([...agentRoutes, ...fleetRoutes, ...incidentRoutes, ...recordRoutes]),
  context: { queryClient },
  defaultErrorComponent: FailedPage,
  defaultPendingComponent: PageLoading,
  defaultPendingMs: 300,
  defaultPreload: 'intent',
  // The query cache decides what is fresh.
  defaultPreloadStaleTime: 0,
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
