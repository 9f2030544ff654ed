import { cpSync } from 'node:fs'
import { expect, test } from 'vitest'
import { RecorderError } from './errors.ts'
import { LogReader } from './log-reader.ts'
import { Recorder } from './recorder.ts'
import { groupOf, scratchFolder, steadyClock } from './testing/groups.ts'

test('FC4 refuses what does not fit the queue, counts it, and stores all that it took', async () => {
  using folder = scratchFolder()
  const limits = { queueBytes: 10_000 }
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock(), limits })
  const sent = Array.from({ length: 20 }, (_, i) => recorder.append([groupOf([`${i} ${'x'.repeat(2000)}`])]))
  const outcomes = await Promise.allSettled(sent)
  const stored = outcomes.filter(({ status }) => status === 'fulfilled').length
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  expect(stored).toBeGreaterThan(0)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.every((error) => error instanceof RecorderError && error.code === 'overloaded')).toBe(true)
  expect(recorder.size).toBe(stored)
  expect(recorder.stats()).toMatchObject({ entries: stored, queueBytes: 0, refused: { overloaded: refused.length } })
})

test('counts a body once, however many groups of a request lie in it', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({
    folder: folder.path,
    clock: steadyClock(),
    limits: { queueBytes: 8000 },
  })
  const whole = groupOf(Array.from({ length: 20 }, (_, i) => `${i} ${'x'.repeat(200)}`))
  const groups = Array.from(whole.starts, (_, i) => ({
    ...whole,
    starts: whole.starts.slice(i, i + 1),
    ends: whole.ends.slice(i, i + 1),
  }))
  expect(await recorder.append(groups)).toMatchObject({ stored: 20 })
})

test('takes control records in while the queue is full', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock(), limits: { queueBytes: 10 } })
  await expect(recorder.append([groupOf(['longer than ten bytes'])])).rejects.toMatchObject({ code: 'overloaded' })
  const record = { kind: 'server', action: 'started', version: '1', detail: '' } as const
  expect(await recorder.appendControl(record)).toMatchObject({ stored: 1 })
})

test('refuses content while the disk is nearly full, keeps the reserve for control, and recovers by itself', async () => {
  using folder = scratchFolder()
  let freeBytes = 100_000_000
  const recorder = await Recorder.open({
    folder: folder.path,
    clock: steadyClock(),
    limits: { diskCheckMs: 0 },
    diskSpace: () => ({ freeBytes, totalBytes: 1_000_000_000 }),
  })
  await using _ = recorder
  await recorder.append([groupOf(['a'])])
  freeBytes = 15_000_000
  await expect(recorder.append([groupOf(['b'])])).rejects.toMatchObject({ code: 'unavailable' })
  await recorder.appendControl({ kind: 'server', action: 'started', version: '1', detail: '' })
  freeBytes = 1_000_000
  await expect(
    recorder.appendControl({ kind: 'server', action: 'started', version: '1', detail: '' }),
  ).rejects.toMatchObject({ code: 'unavailable' })
  freeBytes = 100_000_000
  expect(await recorder.append([groupOf(['b'])])).toMatchObject({ stored: 1 })
  expect(recorder.stats()).toMatchObject({ entries: 3, refused: { unavailable: 2 } })
})

test('refuses groups that break a documented bound, whole', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  const good = groupOf(['good'])
  const bad = [
    { ...good, ends: Uint32Array.of(99) },
    { ...good, starts: Uint32Array.of(3), ends: Uint32Array.of(2) },
    { ...good, starts: Uint32Array.of(0, 1) },
    { ...good, terms: ['x'.repeat(301)] },
    { ...good, envelope: { ...good.envelope, agentName: 'half a pair: \ud83d' } },
  ]
  for (const group of bad) {
    await expect(recorder.append([good, group])).rejects.toMatchObject({ code: 'invalid' })
  }
  expect(recorder.size).toBe(0)
})

test('an append that cannot be written does not take its neighbours along', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({
    folder: folder.path,
    clock: steadyClock(),
    classify: (group) => {
      if (group.envelope.agentName === 'unwritable') throw new TypeError('no class for this one')
      return { dataClass: 'content', retention: 'default' }
    },
  })
  // Appends of one turn share a transaction.
  const outcomes = await Promise.allSettled([
    recorder.append([groupOf(['a'])]),
    recorder.append([groupOf(['b']), groupOf(['c'], { service: 'unwritable' })]),
    recorder.append([groupOf(['d'])]),
    recorder.append([groupOf(['a'])]),
  ])
  expect(outcomes).toMatchObject([
    { status: 'fulfilled', value: { from: 0, stored: 1 } },
    { status: 'rejected', reason: { message: 'no class for this one' } },
    { status: 'fulfilled', value: { from: 1, stored: 1 } },
    { status: 'fulfilled', value: { stored: 0, duplicates: 1 } },
  ])
  using reader = LogReader.open({ folder: folder.path })
  expect([...reader.entries({ from: 0 })].map(({ body }) => Buffer.from(body ?? []).toString())).toEqual(['a', 'd'])
  expect(recorder.stats()).toMatchObject({ entries: 2, queueBytes: 0, duplicates: 1 })
})

test('finishes what waits when it is closed, and takes nothing after', async () => {
  using folder = scratchFolder()
  const recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  const waiting = recorder.append([groupOf(['a'])])
  await recorder[Symbol.asyncDispose]()
  expect(await waiting).toMatchObject({ stored: 1 })
  await expect(recorder.append([groupOf(['b'])])).rejects.toMatchObject({ code: 'closed' })
})

test('opens a log whose last run was cut off although the disk is full', async () => {
  using folder = scratchFolder()
  using copy = scratchFolder()
  await using running = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  await running.append([groupOf(['a'])])
  cpSync(folder.path, copy.path, { recursive: true })
  const diskSpace = () => ({ freeBytes: 0, totalBytes: 1_000_000_000 })
  await using recovered = await Recorder.open({ folder: copy.path, clock: steadyClock(), diskSpace })
  expect(recovered.size).toBe(1)
})
