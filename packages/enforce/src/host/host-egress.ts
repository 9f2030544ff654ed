import { parseHostEgress, TRANSPORT_NOT_KEPT } from '@holdfast/model'
import type { Allowed, ArtifactLine, Event, HostEgress, PolicyArtifact, PolicyJudgement } from '@holdfast/model'
import { addressOf } from '@holdfast/observe'
import { groundOf, makeArtifact } from '../artifact.ts'
import { decisionsFor } from '../decisions.ts'
import { refusalOf } from '../eligible.ts'
import type { Generation, Generator, GeneratorFacts, ProfileFact } from '../generator.ts'
import { LINES_MOST } from '../limits.ts'
import { isWithin, parseRange, prefixOf } from '../network/address.ts'
import { nameMatcher } from '../network/cilium-rules.ts'
import { destinationsOf, freshAddresses, type Destination } from '../network/destinations.ts'
import { attemptOf, type Attempt } from '../network/flow.ts'
import { keptOpen, type KeptOpen } from '../network/kept-open.ts'
import { NameTable } from '../network/name-table.ts'
import { networkBlindSpots, seenText, tooLarge } from '../network/policy-facts.ts'

/** The list of destinations that `holdfast run --policy` puts into the kernel for the run's cgroup. */
export const hostEgressGenerator: Generator = { kind: 'host-egress', generate, judge }

type Entry = { readonly entry: Allowed; readonly line: Omit<ArtifactLine, 'pointer'> }

const BOTH = ['tcp', 'udp'] as const

function generate(facts: GeneratorFacts): Generation {
  const refusal = refusalOf(facts, 'host-egress')
  if (refusal !== undefined) return refusal
  const decisions = decisionsFor('host-egress', facts)
  const destinations = destinationsOf(facts, decisions)
  const byName = decisions.granularity.value === 'name'
  const platform = keptOpen(facts, { isOnHost: true }).map(platformEntry)
  // A name server is seen like any other destination: what the platform has open already needs no second line.
  const isOpen = new Set(platform.map(({ entry }) => JSON.stringify(entry)))
  const observed = destinations
    .flatMap((destination) => destinationEntries(destination, byName))
    .filter(({ entry }) => !isOpen.has(JSON.stringify(entry)))
  const entries = [...platform, ...observed]
  if (entries.length >= LINES_MOST) return tooLarge(entries.length + 1)
  const document: HostEgress = { version: 1, egress: entries.map(({ entry }) => entry), default: 'deny' }
  const lines = entries.map(({ line }, at): ArtifactLine => ({ pointer: `/egress/${at}`, ...line }))
  return {
    status: 'made',
    artifact: makeArtifact('host-egress', facts, {
      document,
      lines: [DEFAULT_LINE, ...lines],
      blindSpots: [
        ...networkBlindSpots(destinations).slice(0, destinations.length === 0 ? 1 : 2),
        'what the program may reach over its own loopback may reach further: a proxy there is a destination of its own',
        ...(platformKnown(facts)
          ? []
          : [
              'no name server was seen: names of the list are resolved by the host, and a run may ask the servers on loopback that /etc/resolv.conf names',
            ]),
      ],
      effective: {
        narrows: true,
        reason: 'a program that is run without a list reaches all that its host reaches',
        against: [],
      },
    }),
  }
}

const DEFAULT_LINE: ArtifactLine = {
  pointer: '/default',
  effect: 'deny',
  what: 'every other destination',
  because: 'default',
  reason: 'the kernel refuses a connection of the run to what is not on the list',
  grounds: [],
}

function platformKnown({ platform }: GeneratorFacts): boolean {
  return platform.dns.length > 0
}

function platformEntry({ what, host, isAddress, port, protocol }: KeptOpen): Entry {
  return {
    entry: isAddress ? { address: host, prefix: prefixOf(host), port, protocol } : { name: host, port, protocol },
    line: {
      effect: 'allow',
      what: `${what === 'dns' ? 'name server' : 'collector'} ${host}:${port}/${protocol}`,
      because: 'platform',
      reason:
        what === 'dns'
          ? 'without names the agent reaches nothing that it is meant to reach'
          : 'cut off from it the agent would act unseen',
      grounds: [],
    },
  }
}

/** An entry for each transport, which the profile does not keep; by address each with its own ground. */
function destinationEntries(destination: Destination, byName: boolean): readonly Entry[] {
  const { key, name, port = 0, facts } = destination
  const line = (protocol: string, what: string, own: readonly ProfileFact[]): Entry['line'] => ({
    effect: 'allow',
    what: `${what}/${protocol}`,
    because: 'observed',
    reason: `${seenText(destination)}; ${TRANSPORT_NOT_KEPT}, so both are let through`,
    grounds: own.map(groundOf),
  })
  const fresh = freshAddresses(destination)
  if (name !== undefined && (byName || fresh.length === 0))
    return BOTH.map((protocol) => ({ entry: { name, port, protocol }, line: line(protocol, key, facts) }))
  return fresh.flatMap(({ address, fact }) =>
    BOTH.map((protocol) => ({
      entry: { address, prefix: prefixOf(address), port, protocol },
      line: line(protocol, name === undefined ? key : `${address} (${key})`, [fact]),
    })),
  )
}

/** What the list would do to a recorded connection or request; all else is outside. */
function judge({ document, lines }: PolicyArtifact): (event: Event) => PolicyJudgement {
  const list = parseHostEgress(document)
  const tests = 'fault' in list ? [] : list.egress.map(testOf)
  const table = new NameTable('fault' in list ? new Map() : addressesByName(list, lines))
  return (event) => {
    table.learn(event)
    const attempt = attemptOf(event)
    if (attempt === undefined) return { status: 'outside' }
    const names = attempt.address === undefined ? [attempt.host] : table.namesOf(attempt.host, event)
    const at = tests.findIndex((test) => test(attempt, names))
    const what = `${attempt.key}/${attempt.protocol}`
    return at < 0
      ? { status: 'denied', pointer: '/default', what }
      : { status: 'allowed', pointer: `/egress/${at}`, what }
  }
}

/** Addresses that a name was seen at: they are the keys of what its line rests on. */
function addressesByName(
  { egress }: HostEgress,
  lines: readonly ArtifactLine[],
): ReadonlyMap<string, readonly string[]> {
  const addresses = new Map<string, readonly string[]>()
  for (const { pointer, grounds } of lines) {
    const entry = egress[Number(pointer.replace('/egress/', ''))]
    if (entry === undefined || !('name' in entry)) continue
    const seen = grounds.flatMap(({ key }) => addressOf(key) ?? [])
    addresses.set(entry.name, [...new Set([...(addresses.get(entry.name) ?? []), ...seen])])
  }
  return addresses
}

type EntryTest = (attempt: Attempt, names: readonly string[]) => boolean

function testOf(entry: Allowed): EntryTest {
  const isPort = (attempt: Attempt): boolean =>
    entry.protocol === attempt.protocol && (entry.port === 0 || entry.port === attempt.port)
  if ('name' in entry) {
    const isNamed = nameMatcher(entry.name)
    return (attempt, names) => isPort(attempt) && names.some(isNamed)
  }
  const range = parseRange(`${entry.address}/${entry.prefix}`)
  return (attempt) =>
    range !== undefined && attempt.address !== undefined && isPort(attempt) && isWithin(attempt.address, range)
}
