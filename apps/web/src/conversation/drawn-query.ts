import type { Query } from '@holdfast/api'
import { hiddenKinds, type ConversationSearch, type TimeSearch } from '../search-params.ts'
import { sightOf } from './sight.ts'

/** Nodes drawn unless more are asked for: what one can read; 300 is what one can still lay out. */
const NODES = 150

/** The drawing that an address asks for. The loader and the view ask alike, so that one request serves both. */
export function drawnQuery(
  search: Pick<ConversationSearch, 'mode' | 'hide' | 'limit' | 'with' | 'hubs' | 'without'> & TimeSearch,
  focus?: string,
): Query<'getDrawnGraph'> {
  const hide = hiddenKinds(search.hide).join(',')
  return {
    mode: search.mode,
    limit: search.limit ?? NODES,
    ...(hide === '' ? {} : { hide }),
    ...(search.hubs === undefined ? {} : { hubs: search.hubs }),
    ...(search.without === undefined ? {} : { without: search.without }),
    ...sightOf(search),
    ...(focus === undefined ? {} : { focus }),
  }
}
