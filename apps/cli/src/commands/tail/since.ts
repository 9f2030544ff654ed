import type { ApiEvent } from '@holdfast/api'
import { counted, parseUnixNanoText, type UnixNano } from '@holdfast/model'
import { nanosOf } from '../../instant.ts'
import { PAGE_ROWS, SINCE_PAGES } from '../../limits.ts'
import type { Api } from '../../server/api.ts'

/** Where a tail begins. */
export type Since =
  | { readonly kind: 'entry'; readonly entry: number }
  | { readonly kind: 'time'; readonly time: UnixNano }

/** Reads `#17`, a log entry, or an instant of any form. `flag` is the one that it was given to, for the message. */
export function parseSince(text: string, nowMs: number, flag = 'since'): Since {
  const entry = /^#([0-9]{1,15})$/.exec(text)?.[1]
  if (entry !== undefined) return { kind: 'entry', entry: Number(entry) }
  return { kind: 'time', time: nanosOf(flag, text, nowMs, flag === 'since' ? ', or #N for a log entry' : '') }
}

/**
 * Events recorded since then, oldest first, as far back as a bounded number of pages reaches; says so where that is not
 * far enough.
 */
export async function eventsSince(
  api: Api,
  since: Since,
  options: { readonly agent: string | undefined; readonly say: (line: string) => void },
): Promise<readonly ApiEvent[]> {
  const events: ApiEvent[] = []
  let cursor: string | undefined
  for (let page = 0; page < SINCE_PAGES; page++) {
    const answer = await api.call('listEvents', {
      query: {
        limit: PAGE_ROWS,
        ...(options.agent === undefined ? {} : { agent: options.agent }),
        ...(cursor === undefined ? {} : { cursor }),
      },
    })
    const young = answer.items.filter((event) => isYoung(event, since))
    events.push(...young)
    cursor = answer.nextCursor
    if (cursor === undefined || young.length < answer.items.length) return events.reverse()
  }
  options.say(`--since lies more than ${counted(events.length, 'event')} back: the earlier ones are left out`)
  return events.reverse()
}

function isYoung(event: ApiEvent, since: Since): boolean {
  switch (since.kind) {
    case 'entry':
      return event.entry >= since.entry
    case 'time':
      return (parseUnixNanoText(event.recordedAt) ?? 0n) >= since.time
  }
}
