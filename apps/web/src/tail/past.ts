import type { ApiEvent } from '@holdfast/api'
import { parseInstant, parseUnixNanoText, type UnixNano } from '@holdfast/model'

export type Past = {
  /** Oldest first. */
  readonly events: readonly ApiEvent[]
  /** How many events were looked through, of all agents. */
  readonly looked: number
  /** More lies before those, and is younger than the instant. */
  readonly isCut: boolean
}

type PastOptions = {
  /** In any form; what is no instant has no past. */
  readonly since: string
  readonly now: UnixNano
  readonly isShown: (event: ApiEvent) => boolean
  /** At most so many are looked through. */
  readonly most: number
  /** The newest recorded first. */
  readonly readPage: (
    cursor: string | undefined,
  ) => Promise<{ readonly items: readonly ApiEvent[]; readonly nextCursor?: string | undefined }>
}

/** What was recorded from an instant on and passes a filter. */
export async function readPast({ since, now, isShown, most, readPage }: PastOptions): Promise<Past> {
  const parsed = parseInstant(since, { now })
  if (parsed.status !== 'ok') return { events: [], looked: 0, isCut: false }
  const young: ApiEvent[] = []
  let looked = 0
  let cursor: string | undefined
  do {
    const { items, nextCursor } = await readPage(cursor)
    const ofPage = items.filter(({ recordedAt }) => (parseUnixNanoText(recordedAt) ?? 0n) >= parsed.at)
    young.push(...ofPage)
    looked += items.length
    cursor = ofPage.length < items.length ? undefined : nextCursor
  } while (cursor !== undefined && looked < most)
  return { events: young.filter(isShown).reverse(), looked, isCut: cursor !== undefined }
}
