import { formatRfc3339, parseInstant, parseRfc3339, parseUnixNano, type UnixNano } from '@holdfast/model'
import type { HuntSearch, TimeSearch } from '../search-params.ts'
import type { HuntAsked } from './queries.ts'

/**
 * What the address asks. Where the workspace is shown as of an instant, nothing after it is found, by the clock of that
 * instant, whatever window the hunt has; `now` is what a time like `2h ago` counts from.
 */
export function askedOf({ q, from, to, clock, at, by }: HuntSearch & TimeSearch, now: UnixNano): HuntAsked {
  const until = at === undefined ? to : earlier(to, at, now)
  const whose = at === undefined ? clock : by === 'known' ? 'recorded' : undefined
  return {
    ...(q === undefined ? {} : { q }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { to: until }),
    ...(whose === undefined ? {} : { clock: whose }),
  }
}

/** What happened at the instant itself belongs to it, and the end of a window does not count. */
function earlier(to: string | undefined, at: string, now: UnixNano): string {
  const after = parseUnixNano((parseRfc3339(at) ?? 0n) + 1n)
  const end = to === undefined ? undefined : parseInstant(to, { now })
  // A time that cannot be read is for the server to refuse.
  if (to !== undefined && end?.status !== 'ok') return to
  if (after === undefined) return at
  return to !== undefined && end?.status === 'ok' && end.at <= after ? to : formatRfc3339(after)
}
