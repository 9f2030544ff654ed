import type { UnixNano } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { harmStanding, type HarmQuestion, type Hold } from './harm-standing.ts'

const SECOND = 1_000_000_000n
const at = (seconds: number): UnixNano => (1_790_000_000_000_000_000n + BigInt(seconds) * SECOND) as UnixNano // in range

function hold(agent: string, state: Hold['state'], since: number, rung: Hold['rung'] = 'soft-quarantine'): Hold {
  return { agent, rung, state, since: at(since), entries: [7] }
}

function asked(question: Partial<HarmQuestion>): HarmQuestion {
  return { outcome: 'incident', actors: ['a'], acts: [at(0)], holds: [], left: [], now: at(7_200), ...question }
}

test('an act of a minute ago with nothing in its way goes on', () => {
  expect(harmStanding(asked({ now: at(60) }))).toMatchObject({ state: 'continuing', at: at(0) })
})

test('what came to its end after its last act goes on no more, and is not stopped', () => {
  const ended = { words: 'its end', basis: 'inferred', entries: [9] } as const
  const over = harmStanding(asked({ now: at(60), ended: { ...ended, at: at(2) } }))
  expect(over).toMatchObject({ state: 'unknown', at: at(2), because: [ended, {}] })
  expect(over.words).toContain('started again')
  // Something else of it acted later.
  expect(harmStanding(asked({ now: at(60), acts: [at(3)], ended: { ...ended, at: at(2) } })).state).toBe('continuing')
  const leaks = asked({ now: at(60), holds: [hold('a', 'leaks', 30)], ended: { ...ended, at: at(2) } })
  expect(harmStanding(leaks).state).toBe('continuing')
})

test('where one execution went on with what another had ended with, the end of the latest is no end', () => {
  const ground = { words: 'the end of what did it', basis: 'inferred', entries: [] } as const
  const stateOf = (ends: readonly UnixNano[], acts: readonly UnixNano[]) =>
    harmStanding(asked({ now: at(60), acts, ended: { ...ground, at: at(50), ends } })).state
  expect(stateOf([at(10), at(50)], [at(5), at(45)])).toBe('continuing')
  // What was over before the first act was another matter.
  expect(stateOf([at(2), at(50)], [at(5), at(45)])).toBe('unknown')
  expect(stateOf([at(50)], [at(5), at(45)])).toBe('unknown')
})

test('silence is no stop: without a hold it is unknown since the last act', () => {
  expect(harmStanding(asked({}))).toMatchObject({ state: 'unknown', at: at(0) })
})

test('it is stopped when a probe found every acting agent held', () => {
  const holds = [hold('a', 'confirmed', 100), hold('b', 'confirmed', 200, 'pause')]
  expect(harmStanding(asked({ actors: ['a', 'b'], holds }))).toMatchObject({ state: 'stopped', at: at(200) })
  expect(harmStanding(asked({ actors: ['a', 'b'], holds: holds.slice(0, 1) }))).toMatchObject({
    state: 'unknown',
    words: '1 of 2 agents are not held',
  })
})

test('applied is not confirmed, and a restricted tool is no held agent', () => {
  expect(harmStanding(asked({ holds: [hold('a', 'claimed', 100)] })).state).toBe('unknown')
  expect(harmStanding(asked({ holds: [hold('a', 'confirmed', 100, 'restrict')] })).state).toBe('unknown')
})

test('an act after the hold, a way left open and a probe that got through are not stopped', () => {
  const holds = [hold('a', 'confirmed', 100)]
  expect(harmStanding(asked({ holds, acts: [at(0), at(101)] }))).toMatchObject({ state: 'continuing', at: at(101) })
  expect(harmStanding(asked({ holds, left: ['hold the workload'] }))).toMatchObject({
    state: 'held',
    open: ['hold the workload'],
  })
  expect(harmStanding(asked({ holds: [hold('a', 'leaks', 100)] })).state).toBe('continuing')
})

test('what probes found held says by what, by how many of them and until when, and what stays open by itself', () => {
  const found = { ...hold('a', 'confirmed', 100), isInKernel: true as const, probes: 6, until: at(900) }
  const { state, words, because, ...more } = harmStanding(asked({ holds: [found], left: ['freeze the credential'] }))
  expect(state).toBe('held')
  expect(words).toBe(
    'the agent is held in the kernel of its host by R2 soft-quarantine, confirmed by 6 probes; no act of it was recorded since',
  )
  expect(more).toEqual({
    at: at(100),
    hold: { rung: 'soft-quarantine', probes: 6, until: at(900) },
    open: ['freeze the credential'],
  })
  expect(because.map((ground) => [ground.basis, ground.words])).toEqual([
    ['proven', 'soft-quarantine of a in the kernel of its host: a probe found it held'],
    ['inferred', expect.stringContaining('freeze the credential')],
  ])
})

test('several holds are as hard as the softest of them, and end with the first', () => {
  const holds = [
    { ...hold('a', 'confirmed', 100, 'pause'), probes: 1, until: at(800) },
    { ...hold('b', 'confirmed', 200), probes: 6 },
  ]
  const { hold: told } = harmStanding(asked({ actors: ['a', 'b'], holds }))
  expect(told).toEqual({ rung: 'soft-quarantine', probes: 7, until: at(800) })
})

test('what a host saw end is over, and where a hold was let go it says by whom', () => {
  const ended = { words: 'its process ended', basis: 'proven', entries: [9], at: at(30) } as const
  const released = { words: 'soft-quarantine of a was released by ann: done', basis: 'proven', entries: [8] } as const
  const over = harmStanding(asked({ now: at(60), ended, released: { ...released, at: at(30) } }))
  expect(over).toMatchObject({ state: 'ended', at: at(30), because: [{ entries: [9] }, released, {}] })
  expect(over.words).toContain('its process ended: nothing of it runs')
  // Something of it acted after that.
  expect(harmStanding(asked({ now: at(60), acts: [at(31)], ended })).state).toBe('continuing')
  for (const now of [at(60), at(7_200)])
    expect(harmStanding(asked({ now, released: { ...released, at: at(30) } })).words).toContain('released by ann: done')
})

test('what got through a hold counts until a later one, no softer, is found to hold', () => {
  const leak = hold('a', 'leaks', 100)
  const stateOf = (...holds: readonly Hold[]) => harmStanding(asked({ holds })).state
  expect(stateOf(leak, hold('a', 'confirmed', 200, 'pause'))).toBe('stopped')
  expect(stateOf(leak, hold('a', 'confirmed', 200, 'restrict'))).toBe('continuing')
  expect(stateOf(leak, hold('a', 'claimed', 200, 'pause'))).toBe('continuing')
  expect(stateOf(leak, hold('a', 'confirmed', 50, 'pause'))).toBe('continuing')
  expect(stateOf(leak, hold('b', 'confirmed', 200, 'pause'))).toBe('continuing')
})

test('a harder hold that was only asked for takes nothing from the one that holds', () => {
  const holds = [hold('a', 'claimed', 200, 'kill'), hold('a', 'confirmed', 100)]
  expect(harmStanding(asked({ holds }))).toMatchObject({ state: 'stopped', at: at(100) })
})

test('that an act came after a hold is the word of who told of it, and no proof', () => {
  const { because } = harmStanding(asked({ holds: [hold('a', 'confirmed', 100)], acts: [at(101)] }))
  expect(because.map(({ basis }) => basis)).toEqual(['proven', 'inferred'])
})

test('an instruction without an effect shows no harm', () => {
  expect(harmStanding(asked({ outcome: 'attempt', acts: [] })).state).toBe('none-seen')
})

test('whatever holds there are, it is stopped only with a confirmed one for each acting agent', () => {
  const holds = fc.array(
    fc.record({
      agent: fc.constantFrom('a', 'b', 'c'),
      rung: fc.constantFrom('watch', 'restrict', 'soft-quarantine', 'pause', 'stop', 'kill'),
      state: fc.constantFrom('confirmed', 'claimed', 'leaks'),
      since: fc.integer({ min: 0, max: 1_000 }).map(at),
      entries: fc.constant([]),
    }),
    { maxLength: 6 },
  )
  const actors = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 })
  fc.assert(
    fc.property(holds, actors, fc.array(fc.integer({ min: 0, max: 2_000 }).map(at)), (some, who, acts) => {
      const { state } = harmStanding(asked({ holds: some, actors: who, acts }))
      if (state !== 'stopped') return
      expect(who.length).toBeGreaterThan(0)
      for (const agent of who) expect(some.some((one) => one.agent === agent && one.state === 'confirmed')).toBe(true)
    }),
  )
})
