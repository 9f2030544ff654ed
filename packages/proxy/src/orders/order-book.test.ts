import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { OrderBook, type GivenOrder } from './order-book.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-orders-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Clocks that a test sets. */
class Clock {
  now = 1_000
  wall = 50_000
  boot: string | undefined = 'boot-1'
  sinceBoot = 9_000
  readonly nowMs = () => this.now
  readonly wallMs = () => this.wall
  readonly sinceBootMs = () => this.sinceBoot
  pass(ms: number): void {
    this.now += ms
    this.wall += ms
    this.sinceBoot += ms
  }
}

function book(clock: Clock): OrderBook {
  const isOurs = (hold: { readonly kind: string }) => (hold.kind === 'freeze-model' ? 'no model here' : undefined)
  return new OrderBook({ file: join(folder, 'deep', 'orders.json'), clock, isOurs })
}

const order = (name: string, remainingMs?: number): GivenOrder => ({
  order: name,
  incident: 'inc-1',
  hold: { kind: 'withdraw-tool', tool: name },
  ...(remainingMs === undefined ? {} : { remainingMs }),
})
const held = (one: OrderBook) => one.inForce().map(({ order: name }) => name)

test('what it is given holds, is acknowledged once, and ends when it is given no more', () => {
  const one = book(new Clock())
  expect(one.take([order('a'), order('b', 500)]).map(({ status }) => status)).toEqual(['acknowledged', 'acknowledged'])
  expect(one.take([order('a'), order('b', 400)])).toEqual([])
  expect(held(one)).toEqual(['a', 'b'])
  one.take([order('b', 300)])
  expect(held(one)).toEqual(['b'])
})

test('its time runs here from when it was first given, whatever a server says later, and its end is told once', () => {
  const clock = new Clock()
  const one = book(clock)
  one.take([order('a', 1_000)])
  clock.pass(900)
  one.take([order('a', 5_000)])
  expect(held(one)).toEqual(['a'])
  clock.pass(100)
  expect(held(one)).toEqual([])
  expect(one.takeEnded()).toMatchObject([{ order: 'a', status: 'ended' }])
  expect(one.takeEnded()).toEqual([])
})

test('a step of the wall clock ends nothing and lengthens nothing', () => {
  const clock = new Clock()
  const one = book(clock)
  one.take([order('a', 1_000)])
  clock.wall += 3_600_000
  expect(held(one)).toEqual(['a'])
  clock.wall -= 7_200_000
  clock.pass(1_000)
  expect(held(one)).toEqual([])
})

test.each([
  ['within the boot', 'boot-1'],
  ['after another boot, by the wall clock', 'boot-2'],
  ['where the boot is not known', undefined],
])('a proxy that starts again starts held, with what is left of the time: %s', (_, boot) => {
  const clock = new Clock()
  book(clock).take([order('a', 1_000), order('b')])
  clock.pass(600)
  const again = new Clock()
  Object.assign(again, { now: 5, wall: clock.wall, sinceBoot: boot === 'boot-2' ? 3 : clock.sinceBoot, boot })
  const second = book(again)
  expect(held(second)).toEqual(['a', 'b'])
  again.pass(399)
  expect(held(second)).toEqual(['a', 'b'])
  again.pass(1)
  expect(held(second)).toEqual(['b'])
})

test('what it cannot carry out it refuses, once, and takes as known', () => {
  const one = book(new Clock())
  const strange = { order: 'x', incident: 'i', hold: { kind: 'paint-it-black', colour: 'black' } }
  const frozen = { order: 'y', incident: 'i', hold: { kind: 'freeze-model' } }
  const short = { order: 'z', incident: 'i', hold: { kind: 'quarantine-item', id: 'ab' } }
  expect(one.take([strange, frozen, short]).map(({ status, detail }) => [status, detail])).toEqual([
    ['refused', expect.stringContaining('"paint-it-black" is not known')],
    ['refused', 'no model here'],
    ['refused', expect.stringContaining('not known to this proxy')],
  ])
  expect(one.take([strange, frozen, short])).toEqual([])
  expect(one.known()).toEqual(['x', 'y', 'z'])
  expect(held(one)).toEqual([])
})

test('a file that is none is no reason not to start, and the last release removes it', () => {
  const clock = new Clock()
  const one = book(clock)
  one.take([order('a')])
  const file = join(folder, 'deep', 'orders.json')
  expect(readFileSync(file, 'utf8')).toContain('withdraw-tool')
  writeFileSync(file, '{"version":1,"orders":[{"hold":')
  expect(held(book(clock))).toEqual([])
  one.take([])
  expect(() => readFileSync(file)).toThrow('ENOENT')
})
