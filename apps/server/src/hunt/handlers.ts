import type { LogReader, Recorder } from '@holdfast/recorder'
import { wallClock } from '../clock.ts'
import { parseHuntQuery } from '@holdfast/model'
import type { Handlers } from '../http/handlers.ts'
import type { RevealLog } from '../reveal-log.ts'
import type { ViewsClient } from '../views/client.ts'
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

/** Who asks which texts hold a word reads them by asking: that is on record before it is answered (FC3). */
async function recordIfRead(reveals: Sources['reveals'], by: string, q: string | undefined): Promise<void> {
  const parsed = parseHuntQuery(q ?? '')
  const words = parsed.status === 'ok' ? parsed.query.filter(({ kind }) => kind === 'text') : []
  if (words.length > 0) await reveals.record(by, `hunt ${words.map(({ value }) => value).join(' ')}`.slice(0, 300))
}
