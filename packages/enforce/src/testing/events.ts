import type { Event, EventBody } from '@holdfast/model'
import type { ProfileFact } from '../generator.ts'

/** An event as judges read one: what it is, and nothing else. */
export function eventOfBody(body: EventBody, context: Event['context'] = {}): Event {
  return { id: 'e1', entry: 7, claimedAt: 5n, agent: { id: 'a', name: 'a' }, context, body } as unknown as Event // as normalised
}

export function connectEvent(address: string, port: number, protocol: 'tcp' | 'udp' = 'tcp'): Event {
  return eventOfBody({ kind: 'connection', action: 'connect', protocol, remote: { address, port }, result: 0 })
}

export function egressEvent(destination: string, port = 443): Event {
  return eventOfBody({ kind: 'egress', destination, port, protocol: 'https' })
}

export function dnsEvent(name: string, answers: readonly string[]): Event {
  return eventOfBody({ kind: 'dns', action: 'answer', name, recordType: 'A', answers })
}

/** An entry of a profile that was seen every day for six weeks; `at` is the log position that proves it. */
export function profileFact(
  dimension: ProfileFact['dimension'],
  key: string,
  at: number,
  changed: Partial<ProfileFact> = {},
): ProfileFact {
  return {
    dimension,
    key,
    count: 420,
    daysSeen: 42,
    recency: 1,
    first: '2026-07-20T08:00:00Z',
    last: '2026-08-31T17:00:00Z',
    entries: [at],
    ...changed,
  }
}
