import type { Query } from '@holdfast/api'
import { type ConversationSearch } from '../search-params.ts'
/** The drawing that an address asks for. The loader and the view ask alike, so that one request serves both. */
export declare function drawnQuery(
  search: Pick<ConversationSearch, 'mode' | 'hide' | 'limit'>,
  focus?: string,
): Query<'getDrawnGraph'>
//# sourceMappingURL=drawn-query.d.ts.map
