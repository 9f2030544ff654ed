import type { ApiEvent } from '@holdfast/api'
import { parseUnixNano, parseUnixNanoText, type UnixNano } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import { PAGE_ROWS, SINCE_PAGES } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import type { Api } from '../../server/api.ts'

/** Where a tail begins. */
export type Since =
  | { readonly kind: 'entry'; readonly entry: number }
  | { readonly kind: 'time'; readonly time: UnixNano }

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/**
 * Reads `#17`, `10m`, a time in RFC 3339, or an epoch in s, ms, us or ns. A time without a zone is refused, because two
 * people would read it differently. `flag` is the one that it was given to, for the message.
 */
export function parseSince(text: string, nowMs: number, flag = 'since'): Since {
  const entry = /^#([0-9]{1,15})$/.exec(text)?.[1]
  if (entry !== undefined) return { kind: 'entry', entry: Number(entry) }
  const [, count, unit] = /^([0-9]{1,6})([smhd])$/.exec(text) ?? []
  if (count !== undefined && (unit === 's' || unit === 'm' || unit === 'h' || unit === 'd')) {
    return {
      kind: 'time',
      time: nanoOf(BigInt(Math.max(0, nowMs - Number(count) * UNIT_MS[unit])) * 1_000_000n, text, flag),
    }
  }
  if (/^[0-9]{10,19}$/.test(text))
    return { kind: 'time', time: nanoOf(BigInt(text) * epochUnit(text.length), text, flag) }
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(text)) {
    throw new CliError('usage', `--${flag} ${text} has no zone`, {
      remedy: `write --${flag} ${text.replace(' ', 'T')}Z for UTC`,
    })
  }
  const isRfc3339 = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text)
  const ms = isRfc3339 ? Date.parse(text.replace(' ', 'T')) : Number.NaN
  if (Number.isNaN(ms)) {
    throw new CliError('usage', `--${flag} does not understand "${inert(text)}"`, {
      remedy: `write 10m, 2h, 2026-11-21T01:20:04Z${flag === 'since' ? ', or #N for a log entry' : ''}`,
    })
  }
  return { kind: 'time', time: nanoOf(BigInt(ms) * 1_000_000n, text, flag) }
}

/** Digits of an epoch of this era tell its unit: 10 for seconds, 13, 16 and 19 for ms, us and ns. */
function epochUnit(digits: number): bigint {
  if (digits <= 11) return 1_000_000_000n
  if (digits <= 14) return 1_000_000n
  return digits <= 17 ? 1000n : 1n
}

function nanoOf(value: bigint, text: string, flag: string): UnixNano {
  const time = parseUnixNano(value)
  if (time === undefined) throw new CliError('usage', `--${flag} ${inert(text)} is out of range`)
  return time
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
  options.say(`--since lies more than ${events.length} events back: the earlier ones are left out`)
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
