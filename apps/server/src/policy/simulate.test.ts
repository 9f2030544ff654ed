import type { PolicyArtifact } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { groupOf, scratchFolder, steadyClock } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { simulated } from './simulate.ts'

test('what is told of a replay while it runs never falls, never passes its whole, and ends at it', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  for (let i = 1; i <= 12; i += 1)
    await recorder.append([
      groupOf(
        Array.from({ length: i }, (_, at) => `body ${i} ${at}`),
        { service: `desk${i % 2}` },
      ),
    ])
  using reader = LogReader.open({ folder: folder.path })
  const agents = reader.agents().map(({ agent }) => agent)
  const artifacts = agents.map((agent) => ({ artifact: { agent, kind: 'none', lines: [] }, principals: [] }))
  const task = {
    artifacts: artifacts as unknown as readonly { readonly artifact: PolicyArtifact; readonly principals: string[] }[], // what is read of one
    from: '1970-01-01T00:00:00Z',
    to: '2100-01-01T00:00:00Z',
  }
  const told: { readonly read: number; readonly total: number }[] = []
  const replay = simulated(task, { reader, now: () => 0 })
  let step = replay.next()
  for (; step.done !== true; step = replay.next()) told.push(step.value)
  expect(told.length).toBeGreaterThan(3)
  const total = told[0]?.total ?? 0
  expect(total).toBeGreaterThanOrEqual(78)
  for (const [at, { read, total: whole }] of told.entries()) {
    expect(whole).toBe(total)
    expect(read).toBeGreaterThanOrEqual(told[at - 1]?.read ?? 0)
  }
  expect(told.at(-1)).toEqual({ read: total, total })
  expect(step.value.entries).toBe(total)
})
