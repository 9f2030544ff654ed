import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { controlTerm } from './control.ts'
import { LogReader } from './log-reader.ts'
import { Recorder } from './recorder.ts'
import { groupOf, scratchFolder, steadyClock } from './testing/groups.ts'

test('reads back what was appended, in order, with envelope and masks', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  const masks = new Map([[1, [{ rule: 'bearer', start: 0, bytes: 2 }]]])
  const receipt = await recorder.append([
    groupOf(['one', 'two', ''], { masks }),
    groupOf(['three'], { service: 'other' }),
  ])
  expect(receipt).toEqual({ from: 0, stored: 4, duplicates: 0 })
  using reader = LogReader.open({ folder: folder.path })
  const entries = [...reader.entries({ from: 0 })]
  expect(entries.map(({ body }) => Buffer.from(body ?? 'gone').toString())).toEqual(['one', 'two', '', 'three'])
  expect(entries.map(({ index }) => index)).toEqual([0, 1, 2, 3])
  expect(entries[1]?.masks).toEqual([{ rule: 'bearer', start: 0, bytes: 2 }])
  expect(entries[0]?.masks).toEqual([])
  expect(entries[3]?.envelope.agent).toBe('host:box/other')
  expect(Buffer.from(entries[0]?.envelope.resource ?? []).toString()).toBe('resource of support')
})

test('acknowledges an exact retry without storing it again, also after a restart', async () => {
  using folder = scratchFolder()
  const clock = steadyClock()
  const group = groupOf(['a', 'b', 'c'])
  {
    await using recorder = await Recorder.open({ folder: folder.path, clock })
    await recorder.append([group])
    expect(await recorder.append([group])).toEqual({ from: 3, stored: 0, duplicates: 3 })
  }
  await using recorder = await Recorder.open({ folder: folder.path, clock })
  expect(await recorder.append([group, groupOf(['c', 'd'])])).toEqual({ from: 3, stored: 1, duplicates: 4 })
  expect(recorder.stats()).toMatchObject({ entries: 4, duplicates: 7 })
})

test('drops a repeat inside one append, but not the same bytes from another sender', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  const receipt = await recorder.append([groupOf(['a', 'a']), groupOf(['a'], { service: 'other' })])
  expect(receipt).toEqual({ from: 0, stored: 2, duplicates: 1 })
})

test('stores the same span from another credential or tier, so that no copy keeps the original out', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  const group = groupOf(['a', 'b'])
  const sent = (envelope: Partial<typeof group.envelope>) => ({
    ...group,
    envelope: { ...group.envelope, ...envelope },
  })
  await recorder.append([sent({ credential: 'key-2' })])
  expect(await recorder.append([group])).toEqual({ from: 2, stored: 2, duplicates: 0 })
  expect(await recorder.append([sent({ tier: 'boundary' })])).toEqual({ from: 4, stored: 2, duplicates: 0 })
  expect(await recorder.append([sent({ instance: 'grpc:4317' })])).toEqual({ from: 6, stored: 0, duplicates: 2 })
})

test('gives all appends of one turn consecutive places, each its own receipt', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  const commits: number[] = []
  recorder.subscribe((size) => commits.push(size))
  const receipts = await Promise.all([1, 2, 3].map((n) => recorder.append([groupOf([`${n}a`, `${n}b`])])))
  expect(receipts.map(({ from }) => from)).toEqual([0, 2, 4])
  expect(commits).toEqual([6])
})

test('stores control records every time and finds them by kind', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  const started = { kind: 'server', action: 'started', version: '1', detail: '' } as const
  await recorder.appendControl(started)
  await recorder.appendControl(started)
  await recorder.appendControl({
    kind: 'gap',
    reason: 'refused-malformed',
    sender: 'loopback',
    channel: 'otlp',
    requests: 1,
    from: '1',
    to: '2',
    detail: 'not protobuf',
  })
  using reader = LogReader.open({ folder: folder.path })
  expect(reader.controls('server')).toHaveLength(2)
  expect(reader.controls('gap').map(({ index, record }) => [index, record.kind])).toEqual([[2, 'gap']])
  expect([...reader.withTerm(controlTerm('gap'))].length).toBeGreaterThan(0)
  expect(recorder.stats().gaps).toBe(1)
})

test('splits large groups into segments and finds each by term, agent and both clocks', async () => {
  using folder = scratchFolder()
  const limits = { segmentEntries: 4, segmentBytes: 64 }
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock(), limits })
  const bodies = Array.from({ length: 10 }, (_, i) => `body ${i}`)
  await recorder.append([groupOf(bodies, { terms: ['trace:1'] })])
  await recorder.append([groupOf(['x'.repeat(200)], { service: 'big', terms: ['trace:2'], claimedAt: 5n })])
  using reader = LogReader.open({ folder: folder.path })
  expect(reader.segments().map(({ first, count }) => [first, count])).toEqual([
    [0, 4],
    [4, 4],
    [8, 2],
    [10, 1],
  ])
  expect([...reader.withTerm('trace:1')].map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect([...reader.withTerm('trace:1', { from: 3, to: 5 })].map(({ index }) => index)).toEqual([3, 4])
  expect([...reader.withTerm('trace:2')].map(({ index }) => index)).toEqual([10])
  const agent = reader.entry(10)?.envelope.agent
  expect(reader.segments(agent === undefined ? {} : { agent }).map(({ first }) => first)).toEqual([10])
  const first = reader.segments()[0]
  expect(reader.segments({ claimedTo: reader.entry(10)?.recordedAt ?? first?.recordedAt ?? never() })).toHaveLength(4)
  expect(reader.agents().map(({ agentName, entries }) => [agentName, entries])).toEqual([
    ['big', 1],
    ['support', 10],
  ])
})

test('keeps folder and keys to their owner', async () => {
  using folder = scratchFolder()
  const inside = join(folder.path, 'data')
  await using recorder = await Recorder.open({ folder: inside, clock: steadyClock() })
  expect(statSync(inside).mode & 0o777).toBe(0o700)
  for (const name of ['log.key', 'master.key']) expect(statSync(join(inside, name)).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(inside, 'log.vkey'), 'utf8').trim()).toBe(recorder.publicKey())
})

test('refuses a second writer and names the first', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  const second = Recorder.open({ folder: folder.path, clock: steadyClock() })
  await expect(second).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining(String(process.pid)) })
  expect(recorder.size).toBe(0)
})

test('folds the write-ahead log each time that it fills, and not with every commit after the first time', async () => {
  using folder = scratchFolder()
  const limits = { walPages: 1000 }
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock(), limits })
  const database = join(folder.path, 'log.db')
  let folds = 0
  for (let i = 0, before = statSync(database).mtimeMs; i < 300; i++) {
    await recorder.append([groupOf([`body ${i}`])])
    const after = statSync(database).mtimeMs
    if (after !== before) folds++
    before = after
  }
  expect(folds).toBeGreaterThan(0)
  expect(folds).toBeLessThan(30)
})

function never(): never {
  throw new Error('the log is empty')
}
