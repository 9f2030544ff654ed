import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import type { ConversationSearch, TimeSearch } from '../search-params.ts'
import type { Sight } from '../data/conversation-queries.ts'
import { sightOf } from './sight.ts'

const route = getRouteApi('/conversations/$conversation')

/** What the address says is shown and selected, and the one way to change it. */
export type Selection = {
  readonly conversation: string
  readonly search: ConversationSearch & TimeSearch
  /** What is looked at, as each question about it says. */
  readonly sight: Sight
  /** Id of the selected node of the execution graph. */
  readonly node: string | undefined
  readonly set: (change: Partial<ConversationSearch & TimeSearch>) => void
  readonly select: (node: string | undefined) => void
}

export function useSelection(): Selection {
  const { conversation } = route.useParams()
  const search = route.useSearch()
  const navigate = useNavigate()
  const { event } = search
  const sight = sightOf(search)
  // A link by event, as search gives it, selects the node that stands for it.
  const found = useQuery({
    ...queries.nodeOfEvent(conversation, event ?? '', sight),
    enabled: event !== undefined && search.node === undefined,
  })
  const set = (change: Partial<ConversationSearch & TimeSearch>): void =>
    void navigate({
      to: paths.conversation,
      params: { conversation },
      search: (before) => ({ ...conversationDefaults, ...before, ...change }),
      replace: true,
      resetScroll: false,
    })
  return {
    conversation,
    search,
    sight,
    node: search.node ?? (event === undefined ? undefined : found.data?.items[0]?.id),
    set,
    select: (node) =>
      set({ node, event: undefined, ...(node === undefined ? { path: undefined, via: undefined } : {}) }),
  }
}

const conversationDefaults = { view: 'graph', mode: 'aggregated' } as const
