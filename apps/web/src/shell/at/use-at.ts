import { useNavigate, useRouterState } from '@tanstack/react-router'
import type { TimeSearch } from '../../search-params.ts'
import { pageTimeOf, type PageTime } from './page-time.ts'

export type At = TimeSearch & {
  /** What this page does with it. */
  readonly page: PageTime
  readonly set: (change: TimeSearch) => void
}

/** The instant that the address names, on whatever page, and the one way to change it. */
export function useAt(): At {
  const navigate = useNavigate()
  const pathname = useRouterState({ select: ({ location }) => location.pathname })
  const search: TimeSearch = useRouterState({
    select: ({ matches: [root] }) => ({ at: root?.search.at, by: root?.search.by }),
    structuralSharing: true,
  })
  return {
    ...search,
    page: pageTimeOf(pathname),
    // Set to undefined and not left out: what is left out is kept.
    set: ({ at, by }) =>
      void navigate({ to: '.', search: (before) => ({ ...before, at, by }), replace: true, resetScroll: false }),
  }
}
