import type { Component, Sighting } from '@holdfast/model'
import { componentId, placed } from '../component.ts'
import { minuteOf, type Cell } from '../cells.ts'
import { withSighting, type Part } from '../part.ts'
import { around, type Mark, type Stand, type Trail } from '../stand.ts'

const MINUTE = 60_000_000_000n

/** A component seen at these minutes, `loaded` unless told. */
export type Seen = {
  readonly component: Component
  readonly minutes: readonly number[]
  readonly sight?: 'loaded' | 'called'
  readonly unloadedAt?: number
}

export function minute(at: number): bigint {
  return BigInt(at) * MINUTE
}

/** Where such a component stands at a minute: all that the projection would find for it. */
export function standAt({ component, minutes, sight = 'loaded', unloadedAt }: Seen, at: number): Stand {
  const own = placed(component)
  const id = componentId(own)
  const sightings = minutes.map((when): Sighting => ({
    component: own,
    sight,
    // Brands are made by parsers; whole minutes are in range.
    claimedAt: minute(when) as Sighting['claimedAt'],
    recordedAt: minute(when) as Sighting['recordedAt'],
    entry: when,
    tier: 'boundary',
  }))
  const part = sightings.reduce<Part | undefined>((known, one) => withSighting(known, id, one), undefined)
  if (part === undefined) throw new Error('a component that was never seen stands nowhere')
  const { last, next } = around(sightings.map(cellOf), minute(at))
  const first = sightings.map(markOf).toSorted((a, b) => (a.at < b.at ? -1 : 1))[0]
  const trail: Trail | undefined =
    last === undefined || first === undefined ? undefined : { first, last, ...(next === undefined ? {} : { next }) }
  return {
    part,
    ...(trail === undefined ? {} : { [sight]: trail }),
    ...(next === undefined ? {} : { next }),
    ...(unloadedAt === undefined || unloadedAt > at ? {} : { unloaded: { at: minute(unloadedAt), entry: unloadedAt } }),
  }
}

function markOf({ claimedAt, entry }: Sighting): Mark {
  return { at: claimedAt, entry }
}

function cellOf({ claimedAt, recordedAt, entry }: Sighting): Cell {
  return {
    first: claimedAt,
    firstEntry: entry,
    last: claimedAt,
    lastEntry: entry,
    count: 1,
    recordedMinute: minuteOf(recordedAt),
    knownFrom: entry,
  }
}
