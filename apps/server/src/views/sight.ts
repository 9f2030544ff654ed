import { SHOWN_TOGETHER, textOfSegment, type Query } from '@holdfast/api'
import { parseRfc3339, type EventSummary, type UnixNano } from '@holdfast/model'
import { QuestionError } from './view-sources.ts'

/** By which clock time is told: as the source claims that it happened, or as the log had it. */
export type SightClock = 'happened' | 'known'

/** What is looked at: conversations beside the one that was named, and up to when. */
export type Sight = { readonly with: readonly string[]; readonly at: UnixNano | undefined; readonly by: SightClock }

/** Throws 400 for what cannot be looked at so; nothing asked for is left out in silence. */
export function sightOf({ with: others, at, by = 'happened' }: Pick<Query<'getGraph'>, 'with' | 'at' | 'by'>): Sight {
  const instant = at === undefined ? undefined : parseRfc3339(at)
  if (at !== undefined && instant === undefined)
    throw new QuestionError(400, `at "${at}" is no RFC 3339 time with a zone, such as 2026-11-21T14:32:00Z`)
  const together = [...new Set((others ?? '').split(',').filter((part) => part !== ''))]
  if (together.length > SHOWN_TOGETHER)
    throw new QuestionError(
      400,
      `${together.length} conversations beside one are more than the ${SHOWN_TOGETHER} that fit`,
    )
  return { with: together.map(idOf), at: instant, by }
}

/** When an event began, by that clock. What claims no time is taken at the time it was recorded. */
export function beganAt({ claimedAt, recordedAt }: EventSummary, by: SightClock): UnixNano {
  return by === 'known' || claimedAt === 0n ? recordedAt : claimedAt
}

function idOf(segment: string): string {
  try {
    return textOfSegment(decodeURIComponent(segment))
  } catch {
    // A percent sign that encodes nothing.
    throw new QuestionError(400, `with "${segment}" is no percent-encoded id`)
  }
}
