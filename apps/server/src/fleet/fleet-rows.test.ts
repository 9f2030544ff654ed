import type { FleetRow } from '@holdfast/api'
import { expect, test } from 'vitest'
import { blindSpots } from './blind-spots.ts'
import { countFleet } from './fleet-queries.ts'
import { withDeeds } from './fleet-rows.ts'

function row(name: string, given: Partial<FleetRow> = {}): FleetRow {
  return {
    agent: `host:a/${name}`,
    name,
    class: 'support',
    marks: ['converged'],
    incidents: [],
    clocks: ['live'],
    tier: 'boundary',
    events: 1,
    contents: { captured: 1, all: 1 },
    lastSeen: '2026-11-21T10:00:00Z',
    ...given,
  }
}

const quiet = { held: [], incidents: [] }

test('an agent that is held or in an open incident comes first, and bears both beside its profile', () => {
  const rows = [row('calm'), row('watched', { marks: ['observing'] }), row('caught')]
  const deeds = {
    held: [['host:a/caught', 'isolate']] as const,
    incidents: [
      ['host:a/caught', 'inc-1'],
      ['host:a/caught', 'inc-2'],
      ['host:a/unknown', 'inc-3'],
    ] as const,
  }
  const [first, ...others] = withDeeds(rows, deeds, 1)
  expect(first).toMatchObject({ name: 'caught', marks: ['incident', 'contained', 'converged'], rung: 'isolate' })
  expect(first?.incidents).toEqual(['inc-1'])
  expect(others.map(({ name }) => name)).toEqual(['watched', 'calm'])
})

test('an agent is counted under each of its marks, in its class and in all, and the classes stand in their order', () => {
  const rows = [
    row('a', { marks: ['observing', 'own-word'], class: 'orchestrator' }),
    row('b', { marks: ['converged', 'own-word'] }),
    row('c', { class: 'of nobody' }),
  ]
  const fleet = countFleet(rows, { asOf: '2026-11-21T10:00:00Z', total: 3, unread: 0 })
  expect(fleet.marks).toEqual([
    { mark: 'observing', agents: 1 },
    { mark: 'converged', agents: 2 },
    { mark: 'own-word', agents: 2 },
  ])
  expect(fleet.classes.map((one) => [one.class, one.agents])).toEqual([
    ['support', 1],
    ['orchestrator', 1],
    ['of nobody', 1],
  ])
})

test('tiles are cut from the mildest, and every count is of all', () => {
  const mild = Array.from({ length: 600 }, (_, i) => row(`calm-${i}`))
  const bad = row('bad', { marks: ['incident', 'observing'] })
  const fleet = countFleet(withDeeds([...mild, bad], quiet, 10), { asOf: '', total: 601, unread: 0 })
  expect(fleet.tiles).toHaveLength(400)
  expect(fleet.tiles[0]?.name).toBe('bad')
  expect(fleet.marks.find(({ mark }) => mark === 'converged')?.agents).toBe(600)
})

test('a large class hides no small one', () => {
  const many = Array.from({ length: 600 }, (_, i) => row(`bad-${i}`, { marks: ['incident'] }))
  const fleet = countFleet([...many, row('calm', { class: 'retrieval' })], { asOf: '', total: 601, unread: 0 })
  expect(fleet.tiles).toHaveLength(400)
  expect(fleet.tiles[0]?.name).toBe('calm')
})

test('the longest under observation is named first', () => {
  const observed = (hours: number): FleetRow['observed'] => ({
    since: '2026-11-01T00:00:00Z',
    days: 1,
    ofDays: 14,
    observations: 1,
    ofObservations: 100,
    hours,
  })
  const rows = [
    row('new', { marks: ['observing'], observed: observed(1) }),
    row('old', { marks: ['non-convergent'], observed: observed(900) }),
  ]
  expect(countFleet(rows, { asOf: '', total: 2, unread: 0 }).observing.map(({ name }) => name)).toEqual(['old', 'new'])
})

test('a blind spot says how many of how many, and what is in full sight is none', () => {
  const agents = countFleet([row('mute', { marks: ['converged', 'capture-off'] }), row('fine')], {
    asOf: '',
    total: 5,
    unread: 0,
  })
  const local = { state: 'off', obstacles: [] } as const
  const spots = blindSpots({ agents, sensors: [], local, platforms: [] })
  expect(spots.map(({ id, count, of }) => [id, count, of])).toEqual([
    ['capture-off', 1, 2],
    ['beyond', 3, 5],
    ['no-sensor', 0, 0],
  ])
  expect(spots.find(({ id }) => id === 'no-sensor')?.remedy).toContain('--no-sensor')
})
