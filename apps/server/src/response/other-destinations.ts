import type { Answer } from '@holdfast/api'
import type { Allowed } from '@holdfast/model'
import type { ViewsClient } from '../views/client.ts'
import { parseAllowed } from './allowed-text.ts'
import { ALLOWED_MOST } from './limits.ts'

/**
 * What an agent normally reaches, without what is to be shut: by name and port, or by address. Undefined where nothing of it is
 * known, or nothing is named that could be shut: then no list can restrict it to the rest.
 */
export async function destinationsWithout(
  views: Pick<ViewsClient, 'ask'>,
  { agent, shut, now }: { readonly agent: string; readonly shut: readonly string[]; readonly now: string },
): Promise<readonly Allowed[] | undefined> {
  if (shut.length === 0) return undefined
  const query = { dimension: 'destination', state: 'current', limit: ALLOWED_MOST } as const
  const answer = JSON.parse(
    await views.ask('listProfileEntries', { agent, query, now }),
  ) as Answer<'listProfileEntries'> // the worker's answer to this question
  const closed = new Set(shut.map(hostOf))
  const others = answer.items.flatMap(({ key }) => {
    if (closed.has(hostOf(key))) return []
    // A key of a profile is a host and its port; a class of addresses (`public address:443`) is no destination to be let through.
    const address = /^[\d.]+:\d+$/.test(key) ? key.replace(':', '/32:') : key
    return parseAllowed(`${address}/tcp`) ?? []
  })
  return others.length === 0 ? undefined : others
}

/** Whatever of it the port is: who sends harm to a host does not send good to another door of it. */
function hostOf(name: string): string {
  return name
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[:/].*$/, '')
    .toLowerCase()
}
