import type { Channel, DeliveryResult } from '@holdfast/connectors'
import { expect, test, vi } from 'vitest'
import { KeptNotices } from './kept-notices.ts'
import { GIVEN_UP_AFTER_MS } from './limits.ts'
import { type Desk, NotingChannel, noticeWith, openDesk } from './testing/desk.ts'

const LATER: DeliveryResult = { status: 'retry', code: 503, detail: 'answered 503' }

/** Until nothing is under way on a channel. */
async function until(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 60_000, interval: 2 })
}

function statesOf({ outbox }: Desk, id = 'opened:inc-1') {
  return [...(outbox.get(id)?.deliveries.values() ?? [])]
}

test('a notice is on record before it is sent, and what came of it after', async () => {
  const channel = new NotingChannel('soc')
  await using desk = await openDesk([channel])
  await desk.outbox.tell(noticeWith())
  await until(() => expect(statesOf(desk)).toMatchObject([{ status: 'delivered', attempts: 1, reference: 'ref-1' }]))
  const records = desk.reader.controls('notice').map(({ record }) => record)
  expect(records).toMatchObject([
    { do: 'listening', channels: ['soc'] },
    { do: 'told', channels: ['soc'] },
    { do: 'delivery', outcome: 'delivered', channel: 'soc' },
  ])
})

test('the same fact is told once, however often and at once', async () => {
  const channel = new NotingChannel('soc')
  await using desk = await openDesk([channel])
  await Promise.all(Array.from({ length: 20 }, () => desk.outbox.tell(noticeWith())))
  await desk.outbox.tell(noticeWith())
  await until(() => expect(statesOf(desk)).toMatchObject([{ status: 'delivered' }]))
  expect(channel.ids()).toEqual(['opened:inc-1'])
})

test('what failed is tried again after pauses that grow, and is given up in the end', async () => {
  const channel = new NotingChannel('soc')
  channel.answers.push(...Array.from({ length: 100 }, () => LATER))
  await using desk = await openDesk([channel])
  await desk.outbox.tell(noticeWith())
  const pauses: number[] = []
  let waited = 0
  for (let tries = 1; waited < GIVEN_UP_AFTER_MS; tries += 1) {
    await until(() => expect(desk.time.nextMs()).toBeDefined())
    const ms = desk.time.nextMs() ?? 0
    pauses.push(ms)
    waited += ms
    desk.time.move(ms)
    await until(() => expect(channel.got).toHaveLength(tries + 1))
  }
  await until(() => expect(statesOf(desk)).toMatchObject([{ status: 'given-up', code: 503 }]))
  expect(pauses.slice(0, 4).map((ms) => Math.round(ms / 1_000))).toEqual([5, 15, 45, 135])
  expect(Math.max(...pauses)).toBeLessThanOrEqual(2 * 3_600_000 + 2)
  expect(pauses.length).toBeLessThan(40)
  expect(new Set(channel.got.map(({ key }) => key)).size).toBe(1)
  expect(channel.got.map(({ attempt }) => attempt).slice(0, 3)).toEqual([1, 2, 3])
})

test('a pause that is asked for holds for the whole channel, and for no other', async () => {
  const [slow, quick] = [new NotingChannel('slow'), new NotingChannel('quick')]
  slow.answers.push({ ...LATER, afterMs: 60_000 })
  await using desk = await openDesk([slow, quick])
  await desk.outbox.tell(noticeWith())
  await until(() => expect(desk.time.nextMs()).toBeDefined())
  await desk.outbox.tell(noticeWith({ id: 'other', incident: 'inc-2' }))
  await until(() => expect(quick.ids()).toEqual(['opened:inc-1', 'other']))
  desk.time.move(59_000)
  expect(slow.ids()).toEqual(['opened:inc-1'])
  desk.time.move(2_000)
  await until(() => expect(slow.ids()).toEqual(['opened:inc-1', 'opened:inc-1', 'other']))
})

test('what is told later of an incident is sent later, and others do not wait for it', async () => {
  const channel = new NotingChannel('soc')
  channel.answers.push(LATER)
  await using desk = await openDesk([channel])
  await desk.outbox.tell(noticeWith())
  await until(() => expect(desk.time.nextMs()).toBeDefined())
  await desk.outbox.tell(noticeWith({ id: 'second' }))
  await desk.outbox.tell(noticeWith({ id: 'other', incident: 'inc-2' }))
  await until(() => expect(channel.ids()).toEqual(['opened:inc-1', 'other']))
  desk.time.move(6_000)
  await until(() => expect(channel.ids()).toEqual(['opened:inc-1', 'other', 'opened:inc-1', 'second']))
  expect(channel.got.at(-1)).toMatchObject({ references: ['ref-3'], earlier: [{ id: 'opened:inc-1' }] })
})

test('a message that is refused is given up at once and holds nothing up', async () => {
  const channel = new NotingChannel('soc')
  channel.answers.push({ status: 'refused', code: 400, detail: 'answered 400' }, 'throws')
  await using desk = await openDesk([channel])
  await desk.outbox.tell(noticeWith())
  await desk.outbox.tell(noticeWith({ id: 'second' }))
  await until(() => expect(statesOf(desk, 'second')).toMatchObject([{ status: 'waiting', detail: 'it broke' }]))
  expect(statesOf(desk)).toMatchObject([{ status: 'given-up', attempts: 1 }])
  expect(desk.outbox.channels()).toMatchObject([{ waiting: 1, givenUp: 1, failing: 'it broke' }])
})

test('what waits is sent after a restart under the same key, and what arrived is not', async () => {
  const before = new NotingChannel('soc')
  before.answers.push({ status: 'delivered', detail: 'taken', reference: 'card' }, LATER)
  await using first = await openDesk([before])
  await first.outbox.tell(noticeWith())
  await first.outbox.tell(noticeWith({ id: 'second' }))
  await until(() => expect(statesOf(first, 'second')).toMatchObject([{ status: 'waiting', attempts: 1 }]))
  const after = new NotingChannel('soc')
  await using second = await first.reopen([after])
  second.time.move(5_001)
  await until(() => expect(statesOf(second, 'second')).toMatchObject([{ status: 'delivered', attempts: 2 }]))
  expect(after.got).toMatchObject([{ key: before.got[1]?.key, attempt: 2, references: ['card'] }])
})

test('a try that nobody heard the end of is made again under the same key', async () => {
  const never = Promise.withResolvers<readonly DeliveryResult[]>()
  const stuck: Channel = { name: 'soc', type: 'stuck', batch: 1, listens: () => true, deliver: () => never.promise }
  await using first = await openDesk([stuck])
  await first.outbox.tell(noticeWith())
  // The process is gone before an answer: what it would have recorded is not on record.
  const again = new NotingChannel('soc')
  const kept = new KeptNotices()
  for (const { record, index, recordedAt } of first.reader.eachControl('notice'))
    if (record.kind === 'notice') kept.note(record, { index, recordedAt })
  expect(kept.get('opened:inc-1')?.deliveries.get('soc')).toMatchObject({ status: 'waiting', attempts: 0 })
  never.resolve([{ status: 'retry', detail: 'x' }])
  await using second = await first.reopen([again])
  second.time.move(60_000)
  await until(() => expect(again.ids()).toEqual(['opened:inc-1']))
})

test('a notice can be sent again, to one channel or to all, under the same key', async () => {
  const [one, other] = [new NotingChannel('one'), new NotingChannel('other')]
  await using desk = await openDesk([one, other])
  await desk.outbox.tell(noticeWith())
  await until(() => expect(statesOf(desk).map(({ status }) => status)).toEqual(['delivered', 'delivered']))
  await desk.outbox.replay('opened:inc-1', { channel: 'one', by: 'alice' })
  await until(() => expect(one.got).toHaveLength(2))
  expect(one.got[1]?.key).toBe(one.got[0]?.key)
  expect(other.got).toHaveLength(1)
  await expect(desk.outbox.replay('opened:inc-1', { channel: 'none', by: 'alice' })).rejects.toMatchObject({
    status: 409,
  })
  await expect(desk.outbox.replay('nothing', { by: 'alice' })).rejects.toMatchObject({ status: 404 })
})

test('a test goes to the one channel that is tested, and says how the try ended', async () => {
  const [one, other] = [new NotingChannel('one'), new NotingChannel('other')]
  one.answers.push(LATER)
  await using desk = await openDesk([one, other])
  expect(await desk.outbox.test('one', 'alice')).toMatchObject({ status: 'waiting', code: 503 })
  expect(other.got).toEqual([])
  await expect(desk.outbox.test('none', 'alice')).rejects.toMatchObject({ status: 404 })
})

test('what would wait without end is bounded, and what is given up for it is on record', async () => {
  const channel = new NotingChannel('soc')
  channel.answers.push({ ...LATER, afterMs: 3_600_000 })
  await using desk = await openDesk([channel], { waitingPerChannel: 5 })
  for (let i = 0; i < 8; i++) await desk.outbox.tell(noticeWith({ id: `n${i}`, incident: `inc-${i}` }))
  expect(desk.outbox.channels()).toMatchObject([{ waiting: 5, givenUp: 3 }])
  const detail = 'more than 5 notices wait for this channel'
  expect(statesOf(desk, 'n0')).toMatchObject([{ status: 'given-up', detail }])
})

test('several of different incidents go to a collector at once, in their order', async () => {
  const channel = new NotingChannel('siem', 50)
  channel.answers.push({ ...LATER, afterMs: 1_000 })
  await using desk = await openDesk([channel])
  for (let i = 0; i < 10; i++) await desk.outbox.tell(noticeWith({ id: `n${i}`, incident: `inc-${i % 3}` }))
  desk.time.move(10_000)
  await until(() => expect(desk.outbox.channels()).toMatchObject([{ delivered: 10 }]))
  expect(channel.ids().slice(-10)).toEqual(Array.from({ length: 10 }, (_, i) => `n${i}`))
})

test('who listens is on record when it changes, and not at each start', async () => {
  await using first = await openDesk([new NotingChannel('soc')])
  await using second = await first.reopen([new NotingChannel('soc')])
  await using third = await second.reopen([new NotingChannel('soc'), new NotingChannel('pages')])
  const said = third.reader.controls('notice').map(({ record }) => record)
  expect(said).toMatchObject([{ channels: ['soc'] }, { channels: ['pages', 'soc'] }])
  expect(third.outbox.since).toBe(third.reader.controls('notice').at(-1)?.index)
})

test('what is told of an incident by another of its ids goes on under the name that it was told by first', async () => {
  const channel = new NotingChannel('soc')
  await using desk = await openDesk([channel])
  await desk.outbox.tell(noticeWith())
  desk.outbox.alsoKnown(['inc-0', 'inc-1'], 'inc-1')
  await desk.outbox.tell(noticeWith({ id: 'plan', kind: 'plan-applied', incident: 'inc-0' }))
  await until(() => expect(statesOf(desk, 'plan')).toMatchObject([{ status: 'delivered' }]))
  expect(channel.got[1]).toMatchObject({ notice: { incident: 'inc-1' }, references: ['ref-1'] })
})
