import type { ContainmentRecord, UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import { Containments, type ContainmentSources } from './containments.ts'
import { CONTAINED_A_MINUTE, CONTAINMENTS_KEPT } from './limits.ts'

const NOW = 0n as UnixNano // a time
/** When the log records what is appended at that time. */
const LATER = 7_000_000n as UnixNano // a time
const WATCHED = { path: '/a', agent: 'host:h/desk', agentName: 'desk' }
/** Watching asks nothing of a sensor. */
const HOLD = { target: 'desk', rung: 'watch', reason: 'a test', ttlMs: 600_000 } as const
const asked = () => ({ ...HOLD, allow: [] })

type Sent = Parameters<ContainmentSources['sensors']['send']>[0]['do']

/** Containments over a log, with one agent that a sensor watches; nothing is sent to it by watching. `answer`: what it says to the rest. */
function on(log: RecordedControls, answer?: (sent: Sent) => Promise<object>): Containments {
  return new Containments({
    recorder: {
      appendControl: async (record: Parameters<ContainmentSources['recorder']['appendControl']>[0]) => ({
        from: log.add(record, LATER),
      }),
      signCheckpoint: async () => ({ size: log.size(), rootHash: '' }),
    },
    reader: log,
    sensors: {
      sensors: () => [{ id: 'sensor', lost: 0, watched: [WATCHED] }],
      send: ({ do: sent }: { readonly do: Sent }) => answer?.(sent),
    },
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

test('of many that are asked for at once no more are contained than one after the other', async () => {
  const log = new RecordedControls()
  const held = on(log)
  const asks = Array.from({ length: 3 * CONTAINED_A_MINUTE }, () => held.apply(asked(), 'ann'))
  const done = (await Promise.allSettled(asks)).filter(({ status }) => status === 'fulfilled')
  expect(done).toHaveLength(CONTAINED_A_MINUTE)
  expect(held.list().filter(({ record }) => record.state === 'refused')).toHaveLength(2 * CONTAINED_A_MINUTE)
})

test('what is tried again while it is released is released, and no hold that leaks', async () => {
  const gate = Promise.withResolvers<void>()
  let isHeld = false
  const held = on(new RecordedControls(), async (sent) => {
    if (sent === 'release') await gate.promise
    isHeld = sent === 'contain' || (sent === 'probe' && isHeld)
    return { ok: true, detail: { checks: [{ way: 'egress', held: isHeld, detail: '' }] } }
  })
  const { record } = await held.apply({ ...asked(), rung: 'soft-quarantine' }, 'ann')
  expect(record.state).toBe('confirmed')
  const released = held.release(record.containment, 'ann', 'it was a test')
  const tried = held.confirm(record.containment, 'ben')
  gate.resolve()
  expect((await released).record.state).toBe('released')
  await expect(tried).rejects.toThrow('it is released: there is nothing to try')
  expect(held.known(record.containment)?.record.state).toBe('released')
})
