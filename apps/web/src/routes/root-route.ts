import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, retainSearchParams } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { timeSearch } from '../search-params.ts'
import { AppShell } from '../shell/AppShell.tsx'
import { FailedPage } from '../shell/FailedPage.tsx'
import { NotFoundPage } from '../shell/NotFoundPage.tsx'

type Context = { readonly queryClient: QueryClient }

/** What every page has: who is signed in, one instant for all of them, and the frame around them. */
export const rootRoute = createRootRouteWithContext<Context>()({
  validateSearch: timeSearch,
  // One instant for the whole workspace: every link keeps it until it is cleared.
  search: { middlewares: [retainSearchParams(['at', 'by'])] },
  // Beside the page's own loader, not before it: both are answered at once.
  loader: ({ context }) => context.queryClient.ensureQueryData(queries.session()),
  component: AppShell,
  errorComponent: FailedPage,
  notFoundComponent: NotFoundPage,
})
