import type { LogReader, Recorder } from '@holdfast/recorder'
import { wallClock } from '../clock.ts'
import type { Handlers } from '../http/handlers.ts'
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
    hunt: async ({ query, caller }) => {
      await recordIfRead(reveals, caller.name, query.q)
      return views.ask('hunt', { query, now: String(wallClock()) })
    },
    huntFacets: async ({ query, caller }) => {
      await recordIfRead(reveals, caller.name, query.q)
      return views.ask('huntFacets', { query, now: String(wallClock()) })
    },
    listSavedViews: async () => ({ items: [...savedViews.list()] }),
    saveView: ({ body, caller }) => savedViews.save(body, caller.name),
    changeView: ({ params, body, caller }) => savedViews.change(params.view, body, caller.name),
    removeView: ({ params, caller }) => savedViews.remove(params.view, caller.name),
  }
}

/** On record before it is answered (FC3). */
async function recordIfRead(reveals: Sources['reveals'], by: string, q: string | undefined): Promise<void> {
  const target = revealOfHunt(q)
  if (target !== undefined) await reveals.record(by, target)
}
