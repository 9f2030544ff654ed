import type { Sight } from '../data/conversation-queries.ts'
import type { ConversationSearch, TimeSearch } from '../search-params.ts'

/** What an address looks at: nothing stands in it that is not asked for, so that equal looks are one request. */
export function sightOf({ with: together, at, by }: Pick<ConversationSearch, 'with'> & TimeSearch): Sight {
  return {
    ...(together === undefined ? {} : { with: together }),
    ...(at === undefined ? {} : { at }),
    // Without an instant the clock decides nothing.
    ...(at === undefined || by === undefined ? {} : { by }),
  }
}
