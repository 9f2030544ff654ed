import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scanOtlp } from '@holdfast/capture'
import type { EntryGroup } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { wallClock } from '../clock.ts'
import type { Refusal } from '../gap-counter.ts'
import { tracesProto } from '../otlp/testing/with-recorder.ts'
import { importFile, type ImportRequest } from './import-file.ts'
import { slicesOf } from './import-slices.ts'

const POLICY = { name: 'test', senders: 'loopback', content: 'kept', credentials: 'masked' } as const

test('other appends are acknowledged between the slices of an import', async () => {
  await using t = await opened()
  const sliceSizes: number[] = []
  let between = 0
  let others = 0
  let isDone = false
  const recorder = {
    ...t.recorder,
    append: async (groups: readonly EntryGroup[]) => {
      // What was acknowledged since the slice before: without a turn for others it would stay at nothing.
      if (others > 0) between += 1
      others = 0
      sliceSizes.push(groups.reduce((sum, { bytes }) => sum + bytes.length, 0))
      return await t.recorder.append(groups)
    },
  }
  const importing = importFile({ ...t.request(runs(12, 40_000)), recorder }).finally(() => {
    isDone = true
  })
  let next = 0
  while (!isDone) {
    await t.recorder.append([groupOf(`other ${next++}`)])
    others += 1
  }
  const result = await importing
  expect(result).toMatchObject({ runs: 12, accepted: 12 * 40, rejected: 0, format: 'agentdyn' })
  expect(sliceSizes.length).toBeGreaterThan(10)
  expect(Math.max(...sliceSizes)).toBeLessThanOrEqual(1024 * 1024)
  expect(between).toBeGreaterThanOrEqual(sliceSizes.length - 1)
})

test('FC3 an import that fails half-way has its result on record, under the id of what was intended', async () => {
  await using t = await opened()
  let appends = 0
  const recorder = {
    ...t.recorder,
    append: (groups: readonly EntryGroup[]) =>
      (appends += 1) < 3 ? t.recorder.append(groups) : Promise.reject(new Error('the disk is gone')),
  }
  await expect(importFile({ ...t.request(runs(8, 40_000)), recorder })).rejects.toThrow('the disk is gone')
  using reader = LogReader.open({ folder: t.folder })
  const [batch] = reader.controls('import-batch').map(({ record }) => record)
  const [result] = reader.controls('operator-action').map(({ record }) => record)
  expect(batch).toMatchObject({ file: 'runs.jsonl', actionId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  expect(result).toMatchObject({
    action: 'import',
    actionId: batch?.kind === 'import-batch' ? batch.actionId : '',
    outcome: 'failed',
    detail: expect.stringMatching(/^[1-9]\d* entries stored, 0 duplicates, then: the disk is gone$/),
  })
})

test('FC4 what an import leaves out is counted as refused, and so is a file that is none', async () => {
  await using t = await opened()
  const lines = Buffer.concat([runs(1, 10), Buffer.from('\n{"broken\n{"also broken\n')])
  expect(await importFile(t.request(lines))).toMatchObject({ accepted: 40, rejected: 2 })
  await expect(importFile(t.request(Buffer.from('{"hello":1}')))).rejects.toMatchObject({ status: 400 })
  await expect(importFile({ ...t.request(runs(1, 10)), policy: undefined })).rejects.toMatchObject({ status: 409 })
  expect(t.refusals).toMatchObject([
    { sender: 'admin', channel: 'import', reason: 'refused-rejected-records', records: 2 },
    { reason: 'refused-malformed', detail: expect.stringContaining('unknown layout') },
    { reason: 'refused-no-policy' },
  ])
})

test('slices hold every body once, in order, with its masks, whatever their size', () => {
  const bodies = Array.from({ length: 50 }, (_, i) => `body ${i} ${'x'.repeat(i * 7)}`)
  const parts = bodies.map((body) => Buffer.from(body))
  const ends = Uint32Array.from(parts.map((_, i) => parts.slice(0, i + 1).reduce((sum, { length }) => sum + length, 0)))
  const masks = new Map([[17, [{ rule: 'key', start: 1, bytes: 2 }]]])
  const group = {
    ...groupOf(''),
    bytes: Buffer.concat(parts),
    starts: Uint32Array.from(ends, (end, i) => end - (parts[i]?.length ?? 0)),
    ends,
    masks,
  }
  for (const maxBytes of [1, 100, 1_000, 100_000]) {
    const slices = [...slicesOf([group, group], maxBytes)]
    const read = slices.flat().flatMap(({ bytes, starts, ends: to, masks: own }) =>
      Array.from(starts, (start, i) => ({
        text: Buffer.from(bytes.subarray(start, to[i])).toString(),
        masks: own.get(i),
      })),
    )
    expect(read.map(({ text }) => text)).toEqual([...bodies, ...bodies])
    expect(read.flatMap(({ masks: own }, i) => (own === undefined ? [] : [i]))).toEqual([17, 67])
    for (const slice of slices) {
      const sizes = slice.map(({ bytes }) => bytes.length)
      expect(sizes.length === 1 || sizes.reduce((sum, size) => sum + size, 0) <= maxBytes).toBe(true)
    }
  }
})

/** JSON lines of runs with 40 messages each, of so many characters. */
function runs(count: number, characters: number): Buffer {
  const lines = Array.from({ length: count }, (_, run) => {
    const messages = Array.from({ length: 40 }, (_unused, i) => ({
      role: 'user',
      content: `${run} ${i} ${'x'.repeat(characters)}`,
    }))
    return JSON.stringify({ suite_name: 'shopping', pipeline_name: 'model-x', user_task_id: `task_${run}`, messages })
  })
  return Buffer.from(lines.join('\n'))
}

/** One span with this text, as a listener hands it over. */
function groupOf(text: string): EntryGroup {
  const arrival = { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' } as const
  const scanned = scanOtlp({ signal: 'traces', encoding: 'proto', body: tracesProto({ blob: text }), arrival })
  const group = scanned.status === 'scanned' ? scanned.groups[0] : undefined
  if (group === undefined) throw new Error('one span was encoded')
  return group
}

async function opened() {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-import-'))
  const recorder = await Recorder.open({ folder, clock: wallClock })
  const refusals: Refusal[] = []
  return {
    folder,
    refusals,
    recorder: {
      append: recorder.append.bind(recorder),
      appendControl: recorder.appendControl.bind(recorder),
    },
    request: (bytes: Buffer): ImportRequest => ({
      recorder,
      gaps: { count: (refusal) => void refusals.push(refusal) },
      policy: POLICY,
      name: 'runs.jsonl',
      bytes: Uint8Array.from(bytes),
      by: 'admin',
    }),
    async [Symbol.asyncDispose]() {
      await recorder[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
