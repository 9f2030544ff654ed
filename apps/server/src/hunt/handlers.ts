import { routes } from '@holdfast/api'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { wallClock } from '../clock.ts'
import { type Caller, mayCall } from '../http/auth.ts'
import type { Handlers } from '../http/handlers.ts'
import { leftBy } from '../http/left-by.ts'
import { HttpError } from '../http/problem.ts'
import type { RevealLog } from '../reveal-log.ts'
import type { ViewsClient } from '../views/client.ts'
import { revealOfHunt } from './reveal-target.ts'
import { SavedViews } from './saved-views.ts'

type HuntRoute = 'hunt' | 'huntFacets' | 'listSavedViews' | 'saveView' | 'changeView' | 'removeView'

type Sources = {
  readonly views: Pick<ViewsClient, 'ask'>
  readonly recorder: Recorder
  readonly reader: LogReader
  readonly reveals: Pick<RevealLog, 'record'>
}

/** Hunting, and the searches that people saved. */
export function huntHandlers({ views, recorder, reader, reveals }: Sources): Pick<Handlers, HuntRoute> {
  const savedViews = new SavedViews({ recorder, reader, clock: wallClock })
  return {
    hunt: async ({ query, caller, reply }) => {
      await recordIfRead(reveals, caller, query.q)
      return views.ask('hunt', { query, now: String(wallClock()) }, leftBy(reply))
    },
    huntFacets: async ({ query, caller, reply }) => {
      await recordIfRead(reveals, caller, query.q)
      return views.ask('huntFacets', { query, now: String(wallClock()) }, leftBy(reply))
    },
    listSavedViews: async () => ({ items: [...savedViews.list()] }),
    saveView: ({ body, caller }) => savedViews.save(body, caller.name),
    changeView: ({ params, body, caller }) => savedViews.change(params.view, body, caller.name),
    removeView: ({ params, caller }) => savedViews.remove(params.view, caller.name),
  }
}

/**
 * On record before it is answered (FC3). Who may not read a text may not ask which texts hold a word either: letter by letter
 * that is the text. Throws 403.
 */
async function recordIfRead(reveals: Sources['reveals'], caller: Caller, q: string | undefined): Promise<void> {
  const target = revealOfHunt(q)
  if (target === undefined) return
  const { access } = routes.getContent
  if (!mayCall(caller, access))
    throw new HttpError(
      403,
      `a hunt through captured text needs the role ${access}, and ${caller.name} is ${caller.role}; leave out "text:"`,
    )
  await reveals.record(caller.name, target)
}
