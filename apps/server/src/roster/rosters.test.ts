import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { ControlRecord, RosterDecision, UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { NOT_ADMITTED_SHOWN } from './limits.ts'
import { Rosters, type RosterSources } from './rosters.ts'

const ENTRY = { agent: 'desk', class: 'service', key: '', owner: 'ann', peers: [], dataClasses: [] }

/** What the version before is after each of these was pinned, the first with the agent itself. */
function before(...versions: readonly string[]): string | undefined {
  const [first = '', ...pinned] = versions
  const decisions = [
    { do: 'add', entry: { ...ENTRY, version: first } },
    ...pinned.map((version) => ({ do: 'pin', agent: 'desk', version })),
    { do: 'pin', agent: 'other', version: '9' },
  ] as unknown as readonly RosterDecision[] // members that are not read here are left out
  const records = decisions.map((decision, index) => ({
    index,
    recordedAt: 0n as UnixNano,
    record: { kind: 'roster', decision, reason: '', by: 'ann' } satisfies ControlRecord,
  }))
  const sources = { reader: { controls: () => records } }
  return new Rosters(sources as unknown as RosterSources).versionBefore('desk') // no other part is used
}

test('the version before is the one that stood before, never one that was gone back from', () => {
  expect(before('1.0')).toBeUndefined()
  expect(before('1.0', '2.0')).toBe('1.0')
  expect(before('0.9', '1.0', '2.0', '1.0')).toBe('0.9')
  expect(before('1.0', '2.0', '1.0')).toBeUndefined()
  expect(before('1.0', '2.0', '1.0', '2.1', '2.1')).toBe('1.0')
})

test('who asks to start for ever is on record, and only the newest are kept at hand beside what people decided', async () => {
  const written: WeakRef<object>[] = []
  const sources = {
    reader: { controls: () => [], control: () => undefined },
    recorder: {
      appendControl: async ({ decision }: { readonly decision: RosterDecision }) => {
        written.push(new WeakRef(decision))
        return { from: written.length }
      },
      signDocument: () => '',
      publicKey: () => '',
      size: 0,
    },
    clock: () => 0n as UnixNano,
  }
  const rosters = new Rosters(sources as unknown as RosterSources) // no other part is used
  await rosters.decide({ decision: { do: 'mode', mode: 'closed' }, reason: '' }, 'ann')
  for (let each = 1; each <= NOT_ADMITTED_SHOWN + 20; each += 1) await rosters.admit({ agent: `a${each}` }, 'b')
  const { mode, notAdmitted } = rosters.wire()
  expect([mode, notAdmitted.length, notAdmitted.at(-1)?.agent]).toEqual(['closed', NOT_ADMITTED_SHOWN, 'a120'])
  setFlagsFromString('--expose-gc')
  await nextTurn() // a reference that was just made holds until then
  runInNewContext('gc()')
  expect(written.map((of) => of.deref() !== undefined)).toEqual([
    true,
    ...Array.from({ length: 20 }, () => false),
    ...Array.from({ length: NOT_ADMITTED_SHOWN }, () => true),
  ])
})
