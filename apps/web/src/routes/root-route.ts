import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, retainSearchParams } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { demoQueries } from '../demo/queries.ts'
import { timeSearch } from '../search-params.ts'
import { AppShell } from '../shell/AppShell.tsx'
import { FailedWorkspace } from '../shell/FailedWorkspace.tsx'
import { NotFoundPage } from '../shell/NotFoundPage.tsx'

type Context = { readonly queryClient: QueryClient }

/** What every page has: who is signed in, one instant for all of them, and the frame around them. */
export const rootRoute = createRootRouteWithContext<Context>()({
  validateSearch: timeSearch,
  // One instant and one zone for the whole workspace: every link keeps them until they are cleared.
  search: { middlewares: [retainSearchParams(['at', 'by', 'zone'])] },
  // Beside the page's own loader, not before it: all are answered at once. The strip of demo data stands above every page,
  // which would else be pushed down under the pointer when it comes; a page is there without it too.
  loader: ({ context: { queryClient } }) =>
    Promise.all([
      queryClient.ensureQueryData(queries.session()),
      queryClient.ensureQueryData(demoQueries.demo()).catch(() => undefined),
    ]),
  component: AppShell,
  errorComponent: FailedWorkspace,
  notFoundComponent: NotFoundPage,
})
