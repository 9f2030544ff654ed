import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROFILE_DIMENSIONS, type EventSummary, type LogEntry } from '@holdfast/model'
import type { Observation } from '@holdfast/observe'
import { ProjectionStore } from '@holdfast/recorder'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { FoldInput } from '../views/fold-input.ts'
import type { FoldOutput } from '../views/fold.ts'
import { foldProfiles } from './fold-profile.ts'
import { countsOf, ProfileReader } from './profile-reader.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-profile-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const AGENT = 'host:-/desk'
const HOUR = 3_600_000_000_000n

/** What one entry says: its own claimed time in hours, an execution, a tool, an amount. */
const act = fc.record({
  hour: fc.bigInt({ min: 24n * 100n, max: 24n * 104n }),
  execution: fc.constantFrom('t1', 't2', 't3'),
  tool: fc.constantFrom('a', 'b', 'c'),
  tokens: fc.integer({ min: 1, max: 5_000 }),
})
type Act = { readonly hour: bigint; readonly execution: string; readonly tool: string; readonly tokens: number }

/** `name` names the act whatever its position: what a source calls it. */
function inputOf({ hour, execution, tool, tokens }: Act, name: number, index: number): FoldInput {
  const shared = { claimedAt: hour * HOUR, entry: index, event: `e${name}`, execution }
  const observations = [
    { ...shared, kind: 'seen', dimension: 'tool', key: tool },
    { ...shared, kind: 'call', toolName: tool, teller: 'self' },
    { ...shared, kind: 'amount', measure: 'input-tokens', amount: tokens },
  ] as unknown as readonly Observation[] // times are in range
  const entry = { index, recordedAt: 0n, envelope: { agent: AGENT, agentName: 'desk', clock: 'simulated' } }
  return {
    entry: entry as LogEntry,
    events: [],
    unmapped: [],
    sightings: [],
    observations,
    observed: [],
    titleOf: () => undefined,
  }
}

type MarkInput = {
  readonly mark: string
  readonly markId: string
  readonly from?: string
  readonly to?: string
  readonly positions?: readonly (readonly [number, number])[]
}

function markInput(mark: MarkInput, index: number): FoldInput {
  const record = { kind: 'profile-mark', agent: AGENT, reason: 'test', by: 'admin', ...mark }
  const event = {
    entry: index,
    recordedAt: 0n,
    source: {},
    agent: { id: 'host:-/holdfast' },
    context: {},
    body: { kind: 'control', record },
  }
  const entry = { index, recordedAt: 0n, envelope: { agent: 'host:-/holdfast', agentName: 'holdfast', clock: 'live' } }
  return {
    entry: entry as LogEntry,
    events: [event as unknown as EventSummary],
    unmapped: [],
    sightings: [],
    observations: [],
    observed: [],
    titleOf: () => undefined,
  }
}

/** Sorted keys and bytes: what the fold and the reader ask of a store. */
class Rows {
  readonly #rows = new Map<string, Uint8Array>()

  get(key: string): Uint8Array | undefined {
    return this.#rows.get(key)
  }

  scan({ prefix, limit, after = '' }: { readonly prefix: string; readonly limit: number; readonly after?: string }) {
    const found = [...this.#rows].filter(([key]) => key.startsWith(prefix) && key > after)
    return found.toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, limit)
  }

  apply({ puts, deletes }: FoldOutput): void {
    for (const key of deletes) this.#rows.delete(key)
    for (const [key, bytes] of puts) this.#rows.set(key, bytes)
  }
}

function folded(inputs: readonly FoldInput[], batch: number): Rows {
  const store = new Rows()
  for (let from = 0; from < inputs.length; from += batch)
    store.apply(foldProfiles(store, inputs.slice(from, from + batch)))
  return store
}

function shown(store: Rows, at?: bigint) {
  const reader = ProfileReader.open(store, AGENT, at)
  if (reader === undefined) return 'nothing'
  const sorted = <K, V>(map: ReadonlyMap<K, V>) => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const days = PROFILE_DIMENSIONS.flatMap((dimension) =>
    sorted(reader.days(dimension)).flatMap(([day, entries]) =>
      entries.size === 0 ? [] : [[dimension, day, sorted(entries)]],
    ),
  )
  const volumes = sorted(reader.volumes()).flatMap(([measure, by]) =>
    sorted(by).flatMap(([day, histogram]) => (histogram.size === 0 ? [] : [[measure, day, sorted(histogram)]])),
  )
  return { days, volumes }
}

const acts = fc.array(act, { minLength: 1, maxLength: 25 })
const order = fc.infiniteStream(fc.nat())

test('a profile is the same in whatever order its entries arrive, and however they are batched', () => {
  fc.assert(
    fc.property(acts, order, fc.integer({ min: 1, max: 30 }), (all, noise, batch) => {
      const inOrder = all.map((one, i) => [one, i] as const)
      const mixed = inOrder.map((one) => [noise.next().value as number, one] as const).toSorted(([a], [b]) => a - b)
      const plain = folded(
        inOrder.map(([one, name], i) => inputOf(one, name, i)),
        100,
      )
      const other = folded(
        mixed.map(([, [one, name]], i) => inputOf(one, name, i)),
        batch,
      )
      expect(shown(other)).toEqual(shown(plain))
    }),
    { numRuns: 60 },
  )
})

test('a profile without what a mark covers is the profile of the other entries alone', () => {
  const hours = fc.tuple(fc.bigInt({ min: 24n * 100n, max: 24n * 104n }), fc.bigInt({ min: 1n, max: 60n }))
  const positions = fc.tuple(fc.nat(25), fc.nat(8))
  fc.assert(
    fc.property(acts, hours, positions, fc.boolean(), (all, [from, length], [first, more], isTimed) => {
      const time = (hour: bigint) => new Date(Number(hour) * 3_600_000).toISOString()
      const mark: MarkInput = isTimed
        ? { mark: 'contaminated', markId: 'm1', from: time(from), to: time(from + length) }
        : { mark: 'contaminated', markId: 'm1', positions: [[first, first + more]] }
      const isCovered = ({ hour }: Act, i: number) =>
        isTimed ? hour >= from && hour < from + length : i >= first && i <= first + more
      const inputs = all.map((one, i) => inputOf(one, i, i))
      const marked = folded([...inputs, markInput(mark, all.length)], 7)
      const without = folded(
        inputs.filter((_, i) => !isCovered(all[i] as Act, i)),
        7,
      ) // `inputs` has an act for each
      const lifted = folded(
        [...inputs, markInput(mark, all.length), markInput({ mark: 'lifted', markId: 'm1' }, all.length + 1)],
        7,
      )
      const whole = folded(inputs, 7)
      const left = shown(without)
      expect(shown(marked)).toEqual(left === 'nothing' ? { days: [], volumes: [] } : left)
      expect(shown(lifted)).toEqual(shown(whole))
    }),
    { numRuns: 80 },
  )
})

test('a profile as of an instant is the profile of what was claimed until then', () => {
  fc.assert(
    fc.property(acts, fc.bigInt({ min: 24n * 100n, max: 24n * 104n }), (all, hour) => {
      const inputs = all.map((one, i) => inputOf(one, i, i))
      const whole = folded(inputs, 9)
      const until = folded(
        inputs.filter((_, i) => (all[i]?.hour ?? 0n) <= hour),
        9,
      )
      const left = shown(until)
      expect(shown(whole, hour * HOUR)).toEqual(left === 'nothing' ? { days: [], volumes: [] } : left)
    }),
    { numRuns: 60 },
  )
})

test('proofs of an entry come in log order whatever their days, page by page, up to the instant', () => {
  fc.assert(
    fc.property(
      acts,
      order,
      fc.integer({ min: 1, max: 5 }),
      fc.bigInt({ min: 2_400n, max: 2_496n }),
      (all, gaps, limit, hour) => {
        let at = 0
        const placed = all.map((one) => [one, (at += 1 + ((gaps.next().value as number) % 900))] as const)
        const store = folded(
          placed.map(([one, index]) => inputOf(one, index, index)),
          3,
        )
        const reader = ProfileReader.open(store, AGENT, hour * HOUR)
        const pages: number[] = []
        for (let page: readonly number[] = [-1]; page.length > 0; pages.push(...page))
          page = (reader?.proofs('tool', 'a', { after: pages.at(-1) ?? -1, limit }) ?? []).map(({ entry }) => entry)
        const naive = placed.filter(([one]) => one.tool === 'a' && one.hour <= hour).map(([, index]) => index)
        expect(pages).toEqual(naive)
      },
    ),
    { numRuns: 60 },
  )
})

test('a rebuild starts over where it says', () => {
  const at = (hour: bigint, tool: string) => ({ hour, execution: 't1', tool, tokens: 1 })
  const inputs = [at(2_400n, 'old'), at(2_430n, 'new')].map((one, i) => inputOf(one, i, i))
  const from = new Date(2_420 * 3_600_000).toISOString()
  const store = folded([...inputs, markInput({ mark: 'rebuild', markId: 'r', from }, 2)], 3)
  const reader = ProfileReader.open(store, AGENT)
  expect([...countsOf(reader?.days('tool') ?? new Map())].filter(([, day]) => day.size > 0)).toEqual([
    [101, new Map([['new', 1]])],
  ])
})

test('the newest entries of a hot key rewrite one small row, however long it is known', () => {
  const inputs = Array.from({ length: 6_000 }, (_, i) =>
    inputOf({ hour: 2_400n, execution: `t${i}`, tool: 'a', tokens: 1 }, i, i),
  )
  using store = ProjectionStore.open({ folder, name: 'hot', version: 1 })
  for (let from = 0; from < inputs.length; from += 1_024) {
    const part = inputs.slice(from, from + 1_024)
    store.apply({ cursor: from + part.length, ...foldProfiles(store, part) })
  }
  const next = foldProfiles(store, [inputOf({ hour: 2_400n, execution: 'last', tool: 'a', tokens: 1 }, 9_999, 6_000)])
  const largest = Math.max(...next.puts.map(([, bytes]) => bytes.length))
  expect(largest).toBeLessThan(8_192)
  expect(
    ProfileReader.open(store, AGENT)
      ?.proofs('tool', 'a', { after: 5_990, limit: 100 })
      .map(({ entry }) => entry),
  ).toEqual([5_991, 5_992, 5_993, 5_994, 5_995, 5_996, 5_997, 5_998, 5_999])
})
