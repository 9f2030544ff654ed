import type { EventSummary } from '@holdfast/model'
import type { ChannelRow } from './audit-answer.ts'
import type { Drawn } from './derive-scope.ts'
import { PROOFS_SHOWN } from './limits.ts'
import type { Material } from './material.ts'
import { callsById, channelOf } from './scoped-items.ts'
import { taintOf } from './taint.ts'
import { broughtBy } from './texts.ts'

/** Every way into the contexts of the scope over the window, with what was read on it and what each gate said. */
export function channelRows(material: Material, { roots, agents, window, swept }: Drawn): readonly ChannelRow[] {
  const ids = new Set<string>(agents)
  const tainted = taintOf(material, roots)
  const calls = callsById(material.events)
  const flagged = new Set<string>(
    material.incident.signals.flatMap(({ quote, events }) => (quote === undefined ? events : [quote.event])),
  )
  const rows = new Map<string, Found>()
  const inWindow = (event: EventSummary): boolean =>
    event.claimedAt === 0n || (event.claimedAt >= window.from && event.claimedAt <= window.until)
  for (const event of material.events) {
    if (!ids.has(event.agent.id) || !inWindow(event)) continue
    const channel = channelOf(event, calls)
    const content = event.body.kind === 'memory' ? event.body.content : broughtBy(event.body)
    if (channel === undefined || content === undefined) continue
    const key = `${event.agent.id} ${channel}`
    const row = rows.get(key) ?? emptyRow(event.agent.id, channel)
    rows.set(key, row)
    row.texts++
    if (!('digest' in content)) row.unread++
    if (flagged.has(event.id)) row.flagged++
    if (tainted(event)) row.broughtTaint = true
    if (row.entries.length < PROOFS_SHOWN) row.entries.push(event.entry)
  }
  const tainting = new Set(
    swept.sweep.receivers.flatMap(({ receiver, verdict }) => (verdict === 'tainted' ? [receiver] : [])),
  )
  for (const { giver, receiver, payload } of swept.handovers) {
    if (!ids.has(receiver)) continue
    const channel = `delegation:${giver}`
    const key = `${receiver} ${channel}`
    const row = rows.get(key) ?? emptyRow(receiver, channel)
    rows.set(key, row)
    row.texts++
    if (payload.state !== 'whole') row.unread++
    if (tainting.has(receiver)) row.broughtTaint = true
    if (payload.state !== 'absent' && row.entries.length < PROOFS_SHOWN) row.entries.push(payload.entry)
  }
  const guards = guardsOf(material, ids, inWindow)
  return [...rows]
    .map(([key, { agent, channel, texts, unread, broughtTaint, flagged: hits, entries }]): ChannelRow => ({
      key,
      agent,
      channel,
      texts,
      broughtTaint,
      entries,
      gates: [
        {
          name: 'Holdfast, afterwards',
          // What was not captured nobody could look at.
          hasResult: unread === 0,
          results: [
            { verdict: 'read', count: texts - unread },
            ...(hits === 0 ? [] : [{ verdict: 'instructed', count: hits }]),
            ...(unread === 0 ? [] : [{ verdict: 'not captured', count: unread }]),
          ],
          entries: [],
        },
        ...(guards.get(agent) ?? [])
          .filter(({ target }) => isOn(target, channel))
          .map(({ name, hasResult, results, entries: seen }) => ({ name, hasResult, results, entries: seen })),
      ],
    }))
    .toSorted((a, b) => Number(b.broughtTaint) - Number(a.broughtTaint) || compare(a.key, b.key))
}

type Found = {
  readonly agent: string
  readonly channel: string
  texts: number
  unread: number
  broughtTaint: boolean
  flagged: number
  readonly entries: number[]
}

function emptyRow(agent: string, channel: string): Found {
  return { agent, channel, texts: 0, unread: 0, broughtTaint: false, flagged: 0, entries: [] }
}

type Guard = ChannelRow['gates'][number] & { readonly target: string | undefined }

/** Guards by agent; one that spoke in the conversations and not in the window has no result for it. */
function guardsOf(
  { events }: Material,
  ids: ReadonlySet<string>,
  inWindow: (event: EventSummary) => boolean,
): ReadonlyMap<string, readonly Guard[]> {
  const found = new Map<
    string,
    Map<string, { target: string | undefined; verdicts: Map<string, number>; entries: number[] }>
  >()
  for (const event of events) {
    const { agent, body, entry } = event
    if (body.kind !== 'guardrail' || !ids.has(agent.id)) continue
    const own =
      found.get(agent.id) ??
      new Map<string, { target: string | undefined; verdicts: Map<string, number>; entries: number[] }>()
    found.set(agent.id, own)
    const guard = own.get(body.name) ?? { target: body.target, verdicts: new Map<string, number>(), entries: [] }
    own.set(body.name, guard)
    if (!inWindow(event)) continue
    guard.verdicts.set(body.verdict, (guard.verdicts.get(body.verdict) ?? 0) + 1)
    if (guard.entries.length < PROOFS_SHOWN) guard.entries.push(entry)
  }
  return new Map(
    [...found].map(([agent, own]) => [
      agent,
      [...own].map(([name, { target, verdicts, entries }]): Guard => ({
        name,
        hasResult: verdicts.size > 0,
        results: [...verdicts].map(([verdict, count]) => ({ verdict, count })),
        entries,
        target,
      })),
    ]),
  )
}

/** A guard that does not say what it looks at looks at what the user says. */
function isOn(target: string | undefined, channel: string): boolean {
  if (target === undefined) return channel === 'user'
  const named = target.toLowerCase()
  return named.includes('input')
    ? channel === 'user'
    : named.includes(channel.slice(channel.indexOf(':') + 1).toLowerCase())
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
