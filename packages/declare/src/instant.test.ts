import type { Component } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeCells, type Cell } from './cells.ts'
import { rowsAt, type Catalogue } from './instant.ts'
import { minute, standAt, type Seen } from './testing/seen.ts'

const model = (name: string): Component => ({ kind: 'model', name, details: {} })
const tool = (name: string, digest?: string): Component => ({
  kind: 'tool',
  name,
  ...(digest === undefined ? {} : { digest }),
  details: { server: 's' },
})
const digest = (character: string) => character.repeat(64)

function namesAt(at: number, seen: readonly Seen[], catalogues: readonly Catalogue[] = []): readonly string[] {
  const rows = rowsAt({ at: minute(at), stands: seen.map((one) => standAt(one, at)), catalogues, declared: [] })
  return rows.map(
    ({ component }) => `${component.name}${component.digest === undefined ? '' : ` ${component.digest[0]}`}`,
  )
}

test('I3 a component of a slot holds until another is seen there', () => {
  const seen = [
    { component: model('a'), minutes: [1, 5, 9] },
    { component: model('b'), minutes: [30, 31] },
  ]
  expect([0, 1, 29, 30, 500].map((at) => namesAt(at, seen))).toEqual([[], ['a'], ['a'], ['b'], ['b']])
})

test('I3 two of a slot hold while both are seen again within ten minutes', () => {
  const seen = [
    { component: model('a'), minutes: [1, 3, 5, 40] },
    { component: model('b'), minutes: [2, 4, 6, 50] },
  ]
  expect(namesAt(4, seen)).toEqual(['a', 'b'])
  expect(namesAt(7, seen)).toEqual(['b'])
  expect(namesAt(45, seen)).toEqual(['a'])
})

test('I3 a model that is named without its date does not end the dated one, and is one row with it', () => {
  const seen = [
    { component: model('gpt-4.1-2025-04-14'), minutes: [1] },
    { component: model('gpt-4.1'), minutes: [2] },
  ]
  expect(namesAt(100, seen)).toEqual(['gpt-4.1-2025-04-14'])
})

test('I4 what was let go no longer holds, unless it is seen again', () => {
  const component: Component = { kind: 'skill', name: 'fill-forms', version: '1', details: {} }
  expect(namesAt(19, [{ component, minutes: [1], unloadedAt: 20 }])).toEqual(['fill-forms'])
  expect(namesAt(21, [{ component, minutes: [1], unloadedAt: 20 }])).toEqual([])
  expect(namesAt(31, [{ component, minutes: [1, 30], unloadedAt: 20 }])).toEqual(['fill-forms'])
})

test('I5 a tool goes with the first whole list of its server that lacks it', () => {
  const server = (letter: string): Component => ({ kind: 'mcp-server', name: 's', digest: digest(letter), details: {} })
  const seen = [
    { component: server('1'), minutes: [1] },
    { component: server('2'), minutes: [20] },
    { component: tool('kept', digest('a')), minutes: [1, 20] },
    { component: tool('dropped', digest('b')), minutes: [1] },
    { component: tool('dropped'), minutes: [3], sight: 'called' as const },
  ]
  const catalogues = [
    { server: 's', digest: digest('1'), tools: ['kept', 'dropped'] },
    { server: 's', digest: digest('2'), tools: ['kept'] },
  ]
  expect(namesAt(19, seen, catalogues)).toEqual(['s 1', 'dropped b', 'kept a'])
  expect(namesAt(21, seen, catalogues)).toEqual(['s 2', 'kept a'])
})

test('I6 a call names no version: it is told in the row of the definition that holds', () => {
  const seen = [
    { component: tool('t', digest('a')), minutes: [1] },
    { component: tool('t'), minutes: [2, 7], sight: 'called' as const },
  ]
  const [row, ...others] = rowsAt({
    at: minute(10),
    stands: seen.map((one) => standAt(one, 10)),
    catalogues: [],
    declared: [],
  })
  expect(others).toEqual([])
  expect(row).toMatchObject({ loaded: { first: minute(1) }, called: { first: minute(2), last: minute(7) } })
})

test('I6 a server that first only names its version and then lists its tools is one part', () => {
  const server = (more: Partial<Component>): Component => ({
    kind: 'mcp-server',
    name: 's',
    version: '1',
    details: {},
    ...more,
  })
  const seen = [
    { component: server({}), minutes: [1, 50] },
    { component: server({ digest: digest('1') }), minutes: [2] },
    { component: server({ version: '2' }), minutes: [80] },
  ]
  expect([1, 2, 60, 81].map((at) => namesAt(at, seen))).toEqual([['s'], ['s 1'], ['s 1'], ['s']])
})

test('I7 documents that name a part join its row, others stand alone', () => {
  const at = 10
  const declared = [model('gpt-4.1'), model('claude-x')].map((component, i) => {
    const stand = standAt({ component, minutes: [i] }, at)
    return { stand, span: { first: minute(i), firstEntry: i, last: minute(i), lastEntry: i } }
  })
  const stands = [standAt({ component: model('gpt-4.1-2025-04-14'), minutes: [5] }, at)]
  const rows = rowsAt({ at: minute(at), stands, catalogues: [], declared })
  expect(rows.map(({ component, standing }) => [component.name, standing])).toEqual([
    ['claude-x', 'declared'],
    ['gpt-4.1-2025-04-14', 'both'],
  ])
})

test('the rows of an instant are the same in whatever order parts are read', () => {
  const seen: Seen[] = [
    { component: model('a'), minutes: [1, 12] },
    { component: model('b'), minutes: [6] },
    { component: tool('t', digest('a')), minutes: [1] },
    { component: tool('t', digest('b')), minutes: [9] },
    { component: tool('t'), minutes: [3] },
  ]
  const expected = [0, 5, 8, 11, 20].map((at) => namesAt(at, seen))
  fc.assert(
    fc.property(fc.shuffledSubarray(seen, { minLength: seen.length }), (shuffled) => {
      expect([0, 5, 8, 11, 20].map((at) => namesAt(at, shuffled))).toEqual(expected)
    }),
    { verbose: true },
  )
})

test('cells come out the same in whatever order and batches they are merged', () => {
  const cell = fc
    .record({ at: fc.integer({ min: 0, max: 3599 }), recorded: fc.integer({ min: 0, max: 3 }) })
    .map(({ at, recorded }): Cell => ({
      first: BigInt(at) * 1_000_000_000n,
      firstEntry: at + recorded * 10_000,
      last: BigInt(at) * 1_000_000_000n,
      lastEntry: at + recorded * 10_000,
      count: 1,
      recordedMinute: recorded,
      knownFrom: at + recorded * 10_000,
    }))
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 60 }), fc.nat(60), (cells, cut) => {
      const whole = mergeCells([], cells)
      expect(mergeCells(mergeCells([], cells.slice(cut)), cells.slice(0, cut))).toEqual(whole)
      expect(whole.reduce((sum, { count }) => sum + count, 0)).toBe(cells.length)
    }),
    { verbose: true },
  )
})
