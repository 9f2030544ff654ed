import { quoted, type Candidate } from './candidates.ts'
import type { DriftDay } from './drift-day.ts'
import { bareTool } from './execution.ts'
import type { KnownProfile } from './known-profile.ts'
import { SHARE_RETRIEVALS, SHARE_RISE, SHARE_TIMES } from './limits.ts'
import { namesOf } from './matching.ts'
import type { SeenValue } from './seen-values.ts'

/**
 * Values that an argument never had, where it takes them from a closed list. One change for each argument, and another for what
 * came after those that a person decided on (`decided`, as for entries).
 */
export function valueCandidates(
  { values }: DriftDay,
  known: KnownProfile,
  decided: (candidate: Candidate) => number,
): readonly (Candidate & { readonly execution: string })[] {
  return [...values].flatMap(([path, { of }]) => {
    const closed = known.values.closed(path)
    if (closed === undefined) return []
    const news = of.but(closed).toSorted(([, a], [, b]) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1))
    const first = news[0]?.[1]
    if (first === undefined) return []
    const tool = path.split(' ')[0] ?? path
    if (known.isYoungTool(bareTool(tool), first.at)) return []
    const whole = valueCandidate(path, news, closed.size)
    const count = whole === undefined ? 0 : decided(whole)
    const apart = count === 0 ? [news] : [news.slice(0, count), news.slice(count)]
    return apart.flatMap((some) => valueCandidate(path, some, closed.size) ?? [])
  })
}

function valueCandidate(
  path: string,
  news: readonly (readonly [digest: string, seen: SeenValue])[],
  listed: number,
): (Candidate & { readonly execution: string }) | undefined {
  const first = news[0]?.[1]
  if (first === undefined) return undefined
  const also = news.map(([digest]) => `argument-value\n${path} ${digest}`)
  return {
    identity: `argument-value\n${path}`,
    also,
    parts: also,
    since: `${first.at}`,
    kind: 'new',
    asking: 'argument-value',
    subject: 'tool',
    dimension: 'argument-value',
    key: path,
    what: `gave ${quoted(path)} ${news.length === 1 ? 'a value' : `${news.length} values`} that it never had, of a list of ${listed}`,
    at: first.at,
    entries: news.map(([, { entry }]) => entry),
    names: namesOf('argument-value', path),
    aside: [],
    isUsualNews: false,
    execution: first.execution,
  }
}

/** How often each document was retrieved on one day. */
export type Shares = ReadonlyMap<string, number>

/** Documents that take far more of a week's retrievals than they did while the profile was made. */
export function shareCandidates(
  { documents }: DriftDay,
  { week, before }: { readonly week: Shares; readonly before: Shares },
): readonly (Candidate & { readonly execution: string })[] {
  const [total, base] = [sum(week), sum(before)]
  if (total < SHARE_RETRIEVALS || base < SHARE_RETRIEVALS) return []
  return [...documents].flatMap(([key, { act, execution }]) => {
    const [share, was] = [(week.get(key) ?? 0) / total, (before.get(key) ?? 0) / base]
    if (was === 0 || share < SHARE_TIMES * was || share < was + SHARE_RISE) return []
    return [
      {
        identity: `share\n${key}`,
        also: [],
        parts: [`share\n${key}`],
        since: `${act.at}`,
        kind: 'share' as const,
        asking: 'document' as const,
        subject: 'data' as const,
        dimension: 'document' as const,
        key,
        what: `${percent(share)} of what it retrieves in a week is ${quoted(key)}, where it was ${percent(was)}`,
        at: act.at,
        entries: [act.entry],
        names: namesOf('document', key),
        aside: [],
        isUsualNews: false,
        execution,
      },
    ]
  })
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function sum(shares: Shares): number {
  return [...shares.values()].reduce((all, count) => all + count, 0)
}
