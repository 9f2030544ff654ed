import type { ContainmentRecord, UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { KnownContainments } from './known-containments.ts'
import { CONTAINMENTS_KEPT } from './limits.ts'

type More = Partial<Omit<ContainmentRecord, 'plan'>> & { readonly plan?: Partial<ContainmentRecord['plan']> }

/** As far as what is known is made of it. */
function step(containment: string, { plan, ...more }: More = {}): ContainmentRecord {
  const target = `agent-${containment}`
  return {
    containment,
    state: 'confirmed',
    by: 'ann',
    detail: '',
    checks: [],
    plan: { target, agent: target, agentName: target, rung: 'pause', ttlMs: 0, ...plan },
    ...more,
  } as unknown as ContainmentRecord // no other member is read
}

/** Each a second after the one before, from the first second on. */
function folded(records: Iterable<ContainmentRecord>): KnownContainments {
  const known = new KnownContainments()
  let entry = 0
  for (const record of records) {
    known.note(record, { at: (BigInt(entry + 1) * 1_000_000_000n) as UnixNano, entry }) // a time
    entry += 1
  }
  return known
}

function* released(count: number): Generator<ContainmentRecord> {
  for (let each = 0; each < count; each += 1) yield step(`over-${each}`, { state: 'released' })
}

const kill = (id: string, more: More = {}): ContainmentRecord => step(id, { ...more, plan: { rung: 'kill' } })

test('a kill bars its agent however many containments come and end after it, and what is dropped is counted', () => {
  const known = folded([kill('first'), kill('lost', { state: 'failed' }), ...released(CONTAINMENTS_KEPT + 5)])
  expect(known.endedBy('agent-first')?.containment).toBe('first')
  expect(known.endedBy('agent-lost')?.containment).toBe('lost')
  expect([[...known.all()].length, known.forgotten]).toEqual([CONTAINMENTS_KEPT, 7])
  expect([known.get('over-6'), known.get('over-7')?.record.state]).toEqual([undefined, 'released'])
})

test('a kill that was released bars nobody, and is forgotten like any other', () => {
  const known = folded([kill('first'), kill('first', { state: 'released' }), ...released(CONTAINMENTS_KEPT)])
  expect(known.endedBy('agent-first')).toBeUndefined()
  expect([known.get('first'), known.forgotten]).toEqual([undefined, 1])
})

test('of what nobody ended, what is over by its time goes, by the clock of the record that needs the room', () => {
  const inForce = Array.from({ length: CONTAINMENTS_KEPT - 2 }, (_, each) => step(`held-${each}`))
  const limited = (ttlMs: number): More => ({ plan: { ttlMs } })
  // The last of them is recorded some 10,000 s after the first.
  const known = folded([step('long', limited(86_400_000)), step('short', limited(1_000)), ...inForce, step('newest')])
  expect([known.get('short'), known.forgotten]).toEqual([undefined, 1])
  expect(known.get('long')?.record.containment).toBe('long')
})

test('where all are in force none is forgotten', () => {
  const known = folded(Array.from({ length: CONTAINMENTS_KEPT + 3 }, (_, each) => kill(`kill-${each}`)))
  const now = 0n as UnixNano // a time
  expect([[...known.all()].length, known.forgotten, known.inForce(now)]).toEqual([
    CONTAINMENTS_KEPT + 3,
    0,
    CONTAINMENTS_KEPT + 3,
  ])
})
