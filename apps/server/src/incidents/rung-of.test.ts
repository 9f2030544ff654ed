import { expect, test } from 'vitest'
import { NOTHING_HELD, rungOf } from './rung-of.ts'

type Facts = Parameters<typeof rungOf>[0]
type Held = Facts['containments'][number]
type Planned = Facts['plans'][number]

function held(state: Held['record']['state'], rung: string, isExpired = false): Held {
  const plan = { rung, agentName: 'desk', reason: 'it pays' }
  return { record: { state, plan, by: 'ann' }, isExpired } as unknown as Held // what is read of one
}

function planned(kind: 'automatic' | 'people', effect: string, appliedAt: string | undefined): Planned {
  return {
    hash: 'ab'.repeat(32),
    state: effect === 'none' ? 'released' : 'confirmed',
    words: '1 of 1 steps',
    appliedAt,
    approval: { kind },
    steps: [{ deed: { kind: 'rung', rung: 'soft-quarantine' }, effect }],
  } as unknown as Planned // as above
}

const of = (containments: readonly Held[], plans: readonly Planned[] = []) => rungOf({ containments, plans })

test('the hardest that stands is told, whoever asked for it', () => {
  expect(of([held('confirmed', 'watch'), held('applied', 'pause'), held('released', 'kill')])).toMatchObject({
    rung: 'pause',
    reason: 'desk: applied, by ann: it pays',
  })
  // Another system than a host's kernel may hold it.
  expect(of([], [planned('people', 'probed', '5')]).rung).toBe('soft-quarantine')
})

test('where nothing holds, what was applied before is told, and by whom', () => {
  const past = of([held('released', 'pause')], [planned('automatic', 'none', '5'), planned('people', 'none', '4')])
  expect(past.rung).toBeNull()
  expect(past.reason).toContain('plan abababababab, applied by the program, as a policy on record lets it, is released')
  expect(of([held('released', 'pause')]).reason).toBe('nothing holds it now: pause of desk was released by ann')
  expect(of([held('confirmed', 'pause', true)]).reason).toContain('ended by its time limit')
})

test('that nothing was applied is said only where nothing was', () => {
  expect(of([])).toEqual({ rung: null, reason: NOTHING_HELD })
  expect(of([held('refused', 'pause')], [planned('people', 'none', undefined)]).reason).toBe(NOTHING_HELD)
})
