import type { ContainmentRecord, UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import { Containments, type ContainmentSources } from './containments.ts'
import { CONTAINMENTS_KEPT } from './limits.ts'

const NOW = 0n as UnixNano // a time
/** When the log records what is appended at that time. */
const LATER = 7_000_000n as UnixNano // a time
const WATCHED = { path: '/a', agent: 'host:h/desk', agentName: 'desk' }
/** Watching asks nothing of a sensor. */
const HOLD = { target: 'desk', rung: 'watch', reason: 'a test', ttlMs: 600_000 } as const
const asked = () => ({ ...HOLD, allow: [] })

/** Containments over a log, with one agent that a sensor watches; nothing is sent to it by watching. */
function on(log: RecordedControls): Containments {
  return new Containments({
    recorder: {
      appendControl: async (record: Parameters<ContainmentSources['recorder']['appendControl']>[0]) => ({
        from: log.add(record, LATER),
      }),
      signCheckpoint: async () => ({ size: log.size(), rootHash: '' }),
    },
    reader: log,
    sensors: { sensors: () => [{ id: 'sensor', lost: 0, watched: [WATCHED] }] },
    clock: () => NOW,
    completeness: async () => 1,
    onStep: () => undefined,
  } as unknown as ContainmentSources) // no other member is read
}

test('what is known after a start is what was known before it, times of the log and not of the clock', async () => {
  const log = new RecordedControls()
  const before = on(log)
  const { since, endsAt } = await before.apply(asked(), 'ann')
  expect([since, endsAt]).toEqual([LATER, LATER + 600_000_000_000n])
  expect(on(log).list()).toEqual(before.list())
})

test('as many may be in force as are known, and then some have to be released first', async () => {
  const log = new RecordedControls()
  const plan = { ...asked(), ...WATCHED, rung: 'kill', ttlMs: 0, sensor: 'sensor', paths: [], evidence: {} }
  for (let each = 0; each < CONTAINMENTS_KEPT; each += 1)
    log.add({
      kind: 'containment',
      containment: `kill-${each}`,
      state: 'confirmed',
      by: 'ann',
      detail: '',
      planHash: '',
      checks: [],
      plan: plan as unknown as ContainmentRecord['plan'], // no other member is read
    })
  const full = `${CONTAINMENTS_KEPT} containments are in force: release some first`
  await expect(on(log).apply(asked(), 'ann')).rejects.toThrow(full)
  const planned = {
    ...asked(),
    agent: WATCHED.agent,
    sensor: 'sensor',
    containment: 'new',
    response: { plan: '', step: '' },
  }
  await expect(on(log).applyPlanned(planned)).rejects.toThrow(full)
})
