import type { Answer } from '@holdfast/api'
import { hostOf, inForceAt, restrictedBy, type Restricted, type RolloutState } from '@holdfast/enforce'
import type { Allowed } from '@holdfast/model'
import type { ViewsClient } from '../views/client.ts'
import { allowedText, parseAllowed } from './allowed-text.ts'
import { ALLOWED_MOST, COLLECTORS_MOST } from './limits.ts'

/** What an agent may go on reaching, and of which policy that is; of none where it has no policy of its own. */
export type Others = { readonly allow: readonly Allowed[] } & Partial<Pick<Restricted, 'envelope'>>

type Asked = { readonly agent: string; readonly shut: readonly string[]; readonly now: string }

/**
 * What an agent normally reaches, without what is to be shut. Where an egress list of it is in force that is the list, line by
 * line, so that what holds the agent is what it is judged by; else what its profile shows. Undefined where nothing of it is known,
 * or nothing is named that could be shut: then no list can restrict it to the rest.
 */
export async function othersThan(
  { views, state }: { readonly views: Pick<ViewsClient, 'ask'>; readonly state: RolloutState },
  asked: Asked,
): Promise<Others | undefined> {
  if (asked.shut.length === 0) return undefined
  const own = envelopeWithout(state, asked)
  if (own !== undefined) return own.allow.length === 0 ? undefined : own
  const allow = await destinationsWithout(views, asked)
  return allow && { allow }
}

/** By the list that is enforced where one is, else by one that watches. */
function envelopeWithout(state: RolloutState, { agent, shut, now }: Asked): Restricted | undefined {
  const [list] = inForceAt(state, agent, { time: now })
    .filter(({ artifact }) => artifact.kind === 'host-egress')
    .toSorted((a, b) => Number(b.mode === 'enforce') - Number(a.mode === 'enforce'))
  const found = list && restrictedBy(list.artifact, shut)
  // More than a hold takes: a part of a list would cut what nobody named.
  if (found === undefined || found.allow.length > ALLOWED_MOST - COLLECTORS_MOST) return undefined
  return found.allow.every((one) => parseAllowed(allowedText(one)) !== undefined) ? found : undefined
}

async function destinationsWithout(
  views: Pick<ViewsClient, 'ask'>,
  { agent, shut, now }: Asked,
): Promise<readonly Allowed[] | undefined> {
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
