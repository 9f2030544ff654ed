import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { wallClock } from '../clock.ts'
import { receiveAuthority } from './receive-authority.ts'

type ScopeSources = Pick<HandlerSources, 'views' | 'recorder' | 'gaps' | 'policy'>

/** Questions on authority, answered by the projection worker, and records that authorities push. */
export function scopeHandlers({
  views,
  recorder,
  gaps,
  policy,
}: ScopeSources): Pick<Handlers, 'getScope' | 'receiveAuthority'> {
  return {
    receiveAuthority: ({ body, caller }) =>
      receiveAuthority({ recorder, gaps, policy: policy.current(), body, by: caller.name }),
    getScope: ({ params, query }) => views.ask('getScope', { ...params, query, now: wallClock().toString() }),
  }
}
