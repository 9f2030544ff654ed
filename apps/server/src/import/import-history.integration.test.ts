import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EntryGroup } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { wallClock } from '../clock.ts'
import type { Refusal } from '../gap-counter.ts'
import { HISTORY_LINE_BYTES } from '../limits.ts'
import { importHistory } from './import-history.ts'

const POLICY = { name: 'test', senders: 'loopback', content: 'kept', credentials: 'masked' } as const
const HEADER = { clock: 'simulated', tool: 'six-weeks' } as const

const change = (i: number, agent = 'k8s:-/-/desk') =>
  JSON.stringify({
    holdfastChange: { agent, at: '2031-05-01T00:00:00Z', change: 'deploy', subject: `revision ${i}`, to: 'v2' },
  })

async function* sent(lines: Iterable<string>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${JSON.stringify({ holdfastHistory: 1, ...HEADER })}\n`)
  for (const line of lines) yield Buffer.from(`${line}\n`)
}

async function opened(append?: (groups: readonly EntryGroup[]) => Promise<never> | undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-history-'))
  const recorder = await Recorder.open({ folder, clock: wallClock })
  const refusals: Refusal[] = []
  return {
    folder,
    refusals,
    request: {
      recorder: {
        append: (groups: readonly EntryGroup[]) => append?.(groups) ?? recorder.append(groups),
        appendControl: recorder.appendControl.bind(recorder),
      },
      gaps: { count: (refusal: Refusal) => void refusals.push(refusal) },
      policy: POLICY,
      name: 'h.jsonl',
      by: 'admin',
    },
    async [Symbol.asyncDispose]() {
      await recorder[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

test('a history is stored piece by piece under its clock, and what it leaves out is counted and a gap', async () => {
  await using t = await opened()
  function* lines(): Generator<string> {
    for (let i = 0; i < 20_000; i++) yield change(i, `k8s:-/-/desk-${i % 3}`)
    yield `{"holdfastChange":"${'x'.repeat(HISTORY_LINE_BYTES)}"}`
    yield '{broken'
    yield change(20_000)
  }
  const result = await importHistory(t.request, { header: HEADER, chunks: sent(lines()) })
  expect(result).toMatchObject({
    read: 20_003,
    accepted: 20_001,
    rejected: 2,
    clock: 'simulated',
    format: 'history+change',
  })
  expect(result.agents.toSorted()).toEqual(['k8s:-/-/desk', 'k8s:-/-/desk-0', 'k8s:-/-/desk-1', 'k8s:-/-/desk-2'])
  expect(result.rejections.map(({ where }) => where)).toEqual(['h.jsonl line 20002', 'h.jsonl line 20003'])
  expect(t.refusals).toMatchObject([{ reason: 'refused-rejected-records', records: 2 }])
  using reader = LogReader.open({ folder: t.folder })
  const clocks = new Set([...reader.entries({ from: 1, to: reader.size() - 1 })].map(({ envelope }) => envelope.clock))
  expect(clocks).toEqual(new Set(['simulated']))
  expect(reader.controls('import-batch')[0]?.record).toMatchObject({
    clock: 'simulated',
    format: 'history by six-weeks',
  })
  expect(reader.controls('operator-action')[0]?.record).toMatchObject({ outcome: 'done' })
})

test('FC3 a history that breaks off half-way has what it stored on record, and nothing is stored without a policy', async () => {
  let appends = 0
  await using t = await opened(() => ((appends += 1) < 2 ? undefined : Promise.reject(new Error('the disk is gone'))))
  const many = Array.from({ length: 20_000 }, (_, i) => change(i))
  const body = { header: HEADER, chunks: sent(many) }
  await expect(importHistory(t.request, body)).rejects.toThrow('the disk is gone')
  using reader = LogReader.open({ folder: t.folder })
  expect(reader.controls('operator-action')[0]?.record).toMatchObject({
    outcome: 'failed',
    detail: expect.stringMatching(/^[1-9]\d* entries stored, 0 duplicates, then: the disk is gone$/),
  })
  const refused = importHistory({ ...t.request, policy: undefined }, { header: HEADER, chunks: sent([]) })
  await expect(refused).rejects.toMatchObject({ status: 409 })
})
