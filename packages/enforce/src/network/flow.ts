import { addressOf, observationsOf } from '@holdfast/observe'
import type { Event } from '@holdfast/model'
import { parseAddress, type Address } from './address.ts'
import { hostAndPort, isOwnMachine } from './destinations.ts'

/** Traffic that is about to leave a pod or a program. */
export type Flow = {
  /** Any of these it may be: an address that was seen is one, a name that was told may stand for several or for none known. */
  readonly addresses: readonly Address[]
  /** Names that it goes by, in small letters and without the dot at the end. Untrusted text. */
  readonly names: readonly string[]
  /** 0 where nobody said. */
  readonly port: number
  readonly protocol: 'tcp' | 'udp'
  /** The pod at the other end, where it is known to be one. */
  readonly pod?: {
    readonly namespace: string
    readonly namespaceLabels: Readonly<Record<string, string>>
    readonly labels: Readonly<Record<string, string>>
  }
}

/** What a policy for outgoing traffic has a say in: connections that begin, and requests that the agent tells of. */
export type Attempt = {
  /** `api.example.test:443`, as the profile has it. Untrusted text. */
  readonly key: string
  readonly host: string
  readonly address: Address | undefined
  readonly port: number
  readonly protocol: 'tcp' | 'udp'
}

/** Undefined for all else, and for what never leaves the machine. */
export function attemptOf(event: Event): Attempt | undefined {
  const { body, context } = event
  if (context.isSetup === true) return undefined
  if (body.kind !== 'connection' && body.kind !== 'egress') return undefined
  const key =
    body.kind === 'connection' && (body.action === 'refused' || body.action === 'unlisted')
      ? refusedKey(body)
      : seenKey(event)
  if (key === undefined || isOwnMachine(key)) return undefined
  const { host, port = 0 } = hostAndPort(key)
  const text = addressOf(key)
  const address = text === undefined ? undefined : parseAddress(text)
  const protocol = body.kind === 'connection' && body.protocol === 'udp' ? 'udp' : 'tcp'
  return { key, host, address, port, protocol }
}

/** The profile's own reading of an event, so that a policy and the profile it is made of never read one differently. */
function seenKey(event: Event): string | undefined {
  for (const observation of observationsOf(event))
    if (observation.kind === 'seen' && observation.dimension === 'destination') return observation.key
  return undefined
}

/** What a policy refused, or would have, was tried all the same. */
function refusedKey(body: Extract<Event['body'], { readonly kind: 'connection' }>): string | undefined {
  const { remote, protocol } = body
  if (remote === undefined || protocol === 'unix' || addressOf(`${remote.address}:0`) === undefined) return undefined
  return `${remote.address}:${remote.port}`
}
