import { isIPv4, isIPv6 } from 'node:net'
import { type EventSummary, formatRfc3339, type Signal, type UnixNano } from '@holdfast/model'
import type { Observable } from '@holdfast/respond'
import { OBSERVABLE_ENTRIES, REPORT_OBSERVABLES } from './limits.ts'

type Named = { readonly kind: Observable['kind']; readonly value: string }
type Seen = {
  readonly named: Named
  isIndicator: boolean
  count: number
  first: bigint
  last: bigint
  entries: number[]
}

/**
 * What others could look for: where the deeds of an incident went, what they touched, and the addresses in the sentences that
 * ordered them. What only stands in its conversations beside a deed is not among them.
 */
export function observablesOf(events: readonly EventSummary[], signals: readonly Signal[]): readonly Observable[] {
  const seen = new Map<string, Seen>()
  const note = (named: Named, at: UnixNano, entry: number, isIndicator: boolean): void => {
    const key = `${named.kind}:${named.value}`
    const known = seen.get(key) ?? { named, isIndicator, count: 0, first: at, last: at, entries: [] }
    if (seen.size >= REPORT_OBSERVABLES && known.count === 0) return
    seen.set(key, known)
    known.count += 1
    known.isIndicator ||= isIndicator
    if (at < known.first) known.first = at
    if (at > known.last) known.last = at
    if (known.entries.length < OBSERVABLE_ENTRIES && !known.entries.includes(entry)) known.entries.push(entry)
  }
  const byId = new Map(events.map((event) => [event.id, event]))
  for (const { events: told, deed, sends, quote, claimedAt } of signals) {
    // What the instruction names is what it was for.
    for (const named of quote === undefined ? [] : namedIn(quote.text)) note(named, claimedAt, quote?.entry ?? 0, true)
    for (const event of told.flatMap((id) => byId.get(id) ?? []))
      for (const named of touchedBy(event))
        note(named, event.claimedAt, event.entry, event.id === deed && sends === true)
  }
  return [...seen.values()].map(({ named, isIndicator, count, first, last, entries }) => ({
    ...named,
    isIndicator,
    count,
    // Both came from events, whose times are such.
    first: formatRfc3339(first as UnixNano),
    last: formatRfc3339(last as UnixNano),
    entries,
  }))
}

function touchedBy({ body }: EventSummary): readonly Named[] {
  if (body.kind === 'egress') return hostOf(body.destination)
  if (body.kind === 'connection') return body.remote === undefined ? [] : hostOf(body.remote.address)
  if (body.kind === 'dns') return hostOf(body.name)
  if (body.kind === 'file') return [{ kind: 'file', value: body.path }]
  if (body.kind === 'process') return 'binary' in body ? [{ kind: 'file', value: body.binary }] : []
  if (body.kind === 'api-call') return [{ kind: 'account', value: body.principal.id }]
  return []
}

function hostOf(host: string): readonly Named[] {
  if (isIPv4(host)) return [{ kind: 'ipv4', value: host }]
  if (isIPv6(host)) return [{ kind: 'ipv6', value: host }]
  return /^[a-z0-9.-]{1,253}\.[a-z][a-z0-9-]{1,62}$/i.test(host) ? [{ kind: 'domain', value: host.toLowerCase() }] : []
}

/** Addresses in a sentence of a signal, which has a bound. Untrusted. */
function namedIn(text: string): readonly Named[] {
  const urls = [...text.matchAll(/\bhttps?:\/\/[^\s"'<>)\]]{1,500}/gi)].map(([value]) => value)
  const mails = [...text.matchAll(/[\w.%+-]{1,64}@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})/gi)]
  return [
    ...urls.map((value): Named => ({ kind: 'url', value })),
    ...urls.flatMap((value) => (URL.canParse(value) ? hostOf(new URL(value).hostname) : [])),
    ...mails.map(([value]): Named => ({ kind: 'email', value: value.toLowerCase() })),
    ...mails.flatMap(([, host = '']) => hostOf(host)),
  ]
}
