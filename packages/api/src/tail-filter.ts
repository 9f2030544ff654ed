import { huntMatcher } from '@holdfast/model'
import type { Query } from './routes.ts'
import { askedOfStream, huntValuesOf } from './hunt-values.ts'
import type { ApiEvent } from './wire.ts'

/** Which events a live tail shows; `bad` with the reason where its query cannot be asked of a stream. */
export type TailFilter =
  | { readonly status: 'ok'; readonly isShown: (event: ApiEvent) => boolean }
  | { readonly status: 'bad'; readonly reason: string }

/** The same for what comes and for what was recorded before: plain words, never a pattern, so that none makes it slow. */
export function tailFilter({ since, agent, kind, include, exclude, q = '' }: Query<'tail'>): TailFilter {
  const asked = askedOfStream(q)
  if (asked.status === 'bad') return asked
  const isFound = huntMatcher(asked.query)
  const [included, excluded] = [include?.toLowerCase(), exclude?.toLowerCase()]
  const isShown = (event: ApiEvent): boolean => {
    if (since !== undefined && event.entry < since) return false
    if (agent !== undefined && event.agent.id !== agent && event.agent.name !== agent) return false
    if (kind !== undefined && event.kind !== kind) return false
    const text = `${event.label} ${event.kind} ${event.agent.name} ${event.conversation}`.toLowerCase()
    if (included !== undefined && !text.includes(included)) return false
    if (excluded !== undefined && text.includes(excluded)) return false
    return q === '' || isFound(event.label, huntValuesOf(event))
  }
  return { status: 'ok', isShown }
}
