import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { OrderFollower, type OrdersAnswer, type OrdersAsk } from './follow-orders.ts'
import { OrderBook } from './order-book.ts'
import { systemClock } from './system-clock.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-follow-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ORDER = { order: 'o-1', incident: 'inc-1', hold: { kind: 'withdraw-tool', tool: 'drop' } }

/** A server that answers as the test says. */
function served(answers: (ask: OrdersAsk) => OrdersAnswer | 'away' | 'silent') {
  const asked: OrdersAsk[] = []
  const book = new OrderBook({ file: join(folder, 'o.json'), clock: systemClock(), isOurs: () => undefined })
  const follower = new OrderFollower({
    book,
    ask: async (ask, signal) => {
      asked.push(ask)
      const answer = answers(ask)
      if (answer === 'away') throw new Error('no server')
      if (answer !== 'silent') return answer
      return await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))))
    },
    tryOrder: async (order) => [{ way: order, held: true, detail: 'tried' }],
  })
  return { asked, book, follower }
}

test('what it is given holds, is reported at once, tried when asked, and stays when the server goes away', async () => {
  let isGone = false
  const { asked, book, follower } = served(({ known, tries }) => {
    if (isGone) return 'away'
    if (tries.length > 0) {
      isGone = true
      return { orders: [ORDER], probes: [] }
    }
    return { orders: [ORDER], probes: known.length > 0 ? [{ probe: 'p-1', order: 'o-1' }] : [] }
  })
  await follower.ready(60_000)
  expect(book.inForce()).toHaveLength(1)
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(3), { timeout: 60_000, interval: 20 })
  expect(asked[0]).toMatchObject({ known: [], waitMs: 0 })
  expect(asked[1]).toMatchObject({ known: ['o-1'], reports: [{ order: 'o-1', status: 'acknowledged' }] })
  expect(asked[2]).toMatchObject({ tries: [{ probe: 'p-1', checks: [{ held: true }] }] })
  expect(book.inForce()).toHaveLength(1)
  await follower[Symbol.asyncDispose]()
})

test('where no server answers, a proxy does not wait for one', async () => {
  const { book, follower } = served(() => 'away')
  await follower.ready(600_000)
  expect(book.inForce()).toEqual([])
  await follower[Symbol.asyncDispose]()
})

test('a question that waits ends when the proxy has something to say, and with the proxy', async () => {
  let isFirst = true
  const { asked, follower } = served(() => {
    const answer = isFirst ? ({ orders: [], probes: [] } as const) : 'silent'
    isFirst = false
    return answer
  })
  await follower.ready(60_000)
  await vi.waitFor(() => expect(asked).toHaveLength(2), { timeout: 60_000, interval: 20 })
  follower.changed()
  await vi.waitFor(() => expect(asked).toHaveLength(3), { timeout: 60_000, interval: 20 })
  await follower[Symbol.asyncDispose]()
})
