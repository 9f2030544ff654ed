import { addressClass, addressOf, namedDestination } from '@holdfast/observe'
import type { DerivationDecisions } from '@holdfast/model'
import { admittedFacts } from '../decisions.ts'
import type { GeneratorFacts, ProfileFact } from '../generator.ts'
import { ADDRESSES_PER_NAME } from '../limits.ts'

/** One place that an agent speaks to, by the name that it goes by. */
export type Destination = {
  /** `api.example.test:443`; under its address where no name is known. Untrusted text. */
  readonly key: string
  /** May hold `*` for what tells one machine of many apart. */
  readonly name?: string
  /** Undefined where nobody said. */
  readonly port?: number
  /** Those that it was seen at; none where only its name was told. */
  readonly addresses: readonly { readonly address: string; readonly fact: ProfileFact }[]
  /** All entries of the profile that it was put together from. */
  readonly facts: readonly ProfileFact[]
  /** As one entry: days are at least these, because two addresses may share a day. */
  readonly whole: ProfileFact
}

/**
 * Destinations that the profile admits, in order of their key. Addresses that were seen under names go by each of these: which
 * one it was is not known, and all were asked for. What never leaves the machine is none.
 */
export function destinationsOf(
  facts: Pick<GeneratorFacts, 'entries' | 'names'>,
  decisions: Pick<DerivationDecisions, 'confidence'>,
): readonly Destination[] {
  const groups = new Map<string, ProfileFact[]>()
  for (const fact of facts.entries) {
    if (fact.dimension !== 'destination' || isOwnMachine(fact.key)) continue
    const address = addressOf(fact.key)
    const names = address === undefined ? [] : (facts.names.get(address) ?? [])
    const named = names.map((name) => namedDestination(fact.key, [name]))
    const unnamed = address === undefined ? namedDestination(fact.key, []) : fact.key
    for (const key of named.length === 0 ? [unnamed] : new Set(named)) {
      const own = groups.get(key)
      if (own === undefined) groups.set(key, [fact])
      else own.push(fact)
    }
  }
  return [...groups]
    .map(([key, own]) => destinationOf(key, own))
    .filter(({ whole }) => admittedFacts({ entries: [whole] }, decisions).length > 0)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

/** What was seen last and has not faded, in order: that the destination was seen often enough is settled by then. */
export function freshAddresses({ addresses }: Destination): Destination['addresses'] {
  return addresses
    .filter(({ fact }) => admittedFacts({ entries: [fact] }, ONE_DAY).length > 0)
    .toSorted((a, b) => (a.fact.last < b.fact.last ? 1 : -1))
    .slice(0, ADDRESSES_PER_NAME)
    .toSorted((a, b) => (a.address < b.address ? -1 : 1))
}

const ONE_DAY = { confidence: { value: 'days>=1', chosenBy: 'default', reason: 'the name was seen often enough' } }

/** Host and port of a key of the profile. */
export function hostAndPort(key: string): { readonly host: string; readonly port?: number } {
  const at = key.lastIndexOf(':')
  const port = key.slice(at + 1)
  return { host: key.slice(0, at), ...(/^\d{1,5}$/.test(port) && Number(port) > 0 ? { port: Number(port) } : {}) }
}

/** True for what stays on the machine, whatever policy there is. */
export function isOwnMachine(key: string): boolean {
  const { host } = hostAndPort(key)
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  const address = addressOf(key)
  return address !== undefined && ['loopback', 'unspecified'].includes(addressClass(address))
}

function destinationOf(key: string, facts: readonly ProfileFact[]): Destination {
  const { host, port } = hostAndPort(key)
  const days = new Set(facts.flatMap(({ first, last }) => [first.slice(0, 10), last.slice(0, 10)]))
  const [one] = facts
  const whole: ProfileFact = {
    dimension: 'destination',
    key,
    count: facts.reduce((sum, { count }) => sum + count, 0),
    daysSeen: Math.max(days.size === 1 ? 1 : Math.min(days.size, 366), ...facts.map(({ daysSeen }) => daysSeen)),
    recency: Math.max(...facts.map(({ recency }) => recency)),
    first: facts.map(({ first }) => first).reduce((a, b) => (a < b ? a : b), one?.first ?? ''),
    last: facts.map(({ last }) => last).reduce((a, b) => (a > b ? a : b), one?.last ?? ''),
    entries: [...new Set(facts.flatMap(({ entries }) => entries))].toSorted((a, b) => a - b),
  }
  return {
    key,
    ...(addressOf(key) === undefined ? { name: host } : {}),
    ...(port === undefined ? {} : { port }),
    addresses: facts.flatMap((fact) => {
      const address = addressOf(fact.key)
      return address === undefined ? [] : [{ address, fact }]
    }),
    facts: facts.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    whole,
  }
}
