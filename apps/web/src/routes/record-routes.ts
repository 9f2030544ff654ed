import { createRoute, lazyRouteComponent, stripSearchParams } from '@tanstack/react-router'
import { pathSegment, textOfSegment } from '@holdfast/api'
import { sightOf } from '../conversation/sight.ts'
import { drawnQuery } from '../conversation/drawn-query.ts'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import {
  conversationSearch,
  huntSearch,
  integritySearch,
  openSearch,
  sourceSearch,
  tailSearch,
} from '../search-params.ts'
import { rootRoute } from './root-route.ts'

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
      void import('../conversation/graph/GraphView.tsx')
      void import('../conversation/graph/Canvas.tsx')
    } else {
      const { q, only } = deps
      void client.prefetchQuery(queries.rows(conversation, { page: 0, q, only, sight: sightOf(deps) }))
    }
    void client.prefetchQuery(queries.evidence({ kind: 'conversation', id: conversation }))
    await client.ensureQueryData(queries.conversation(conversation))
  },
  component: lazyRouteComponent(() => import('../conversation/ConversationPage.tsx'), 'ConversationPage'),
})

const tailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.tail,
  validateSearch: tailSearch,
  component: lazyRouteComponent(() => import('../tail/TailPage.tsx'), 'TailPage'),
})

const huntRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.hunt,
  validateSearch: huntSearch,
  component: lazyRouteComponent(() => import('../hunt/HuntPage.tsx'), 'HuntPage'),
})

const sourceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.source,
  validateSearch: sourceSearch,
  component: lazyRouteComponent(() => import('../sources/SourcePage.tsx'), 'SourcePage'),
})

const integrityRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.integrity,
  validateSearch: integritySearch,
  loader: ({ context }) => context.queryClient.ensureQueryData(queries.integrity()),
  component: lazyRouteComponent(() => import('../integrity/IntegrityPage.tsx'), 'IntegrityPage'),
})

const searchRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: paths.search,
  validateSearch: openSearch,
  component: lazyRouteComponent(() => import('../search/SearchPage.tsx'), 'SearchPage'),
})

/** What was recorded: one conversation, the stream, the log and whatever is looked for in them. */
export const recordRoutes = [conversationRoute, tailRoute, huntRoute, sourceRoute, integrityRoute, searchRoute] as const
