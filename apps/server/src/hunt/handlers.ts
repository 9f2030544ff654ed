import type { LogReader, Recorder } from '@holdfast/recorder'
import { wallClock } from '../clock.ts'
import type { Handlers } from '../http/handlers.ts'
import type { ViewsClient } from '../views/client.ts'
import { SavedViews } from './saved-views.ts'

type HuntRoute = 'hunt' | 'huntFacets' | 'listSavedViews' | 'saveView' | 'changeView' | 'removeView'

type Sources = {
  readonly views: Pick<ViewsClient, 'ask'>
  readonly recorder: Recorder
  readonly reader: LogReader
}

/** Hunting, and the searches that people saved. */
export function huntHandlers({ views, recorder, reader }: Sources): Pick<Handlers, HuntRoute> {
  const savedViews = new SavedViews({ recorder, reader, clock: wallClock })
  return {
    hunt: ({ query }) => views.ask('hunt', { query, now: String(wallClock()) }),
    huntFacets: ({ query }) => views.ask('huntFacets', { query, now: String(wallClock()) }),
    listSavedViews: async () => ({ items: [...savedViews.list()] }),
    saveView: ({ body, caller }) => savedViews.save(body, caller.name),
    changeView: ({ params, body, caller }) => savedViews.change(params.view, body, caller.name),
    removeView: ({ params, caller }) => savedViews.remove(params.view, caller.name),
  }
}
