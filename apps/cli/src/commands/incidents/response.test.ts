import type { ResponsePlanWire } from '@holdfast/api'
import { expect, test } from 'vitest'
import type { CliContext } from '../../context.ts'
import { showPlan } from './response.ts'

const HASH = 'ab'.repeat(32)

/** What is read of a plan that waits. */
function plan(approval: Partial<ResponsePlanWire['approval']>): ResponsePlanWire {
  return {
    hash: HASH,
    incident: 'inc-1',
    row: 7,
    state: 'planned',
    words: '0 of 1 step confirmed',
    approval: { kind: 'people', roles: ['on-call'], people: 1, given: [], missing: [], ...approval },
    steps: [],
    left: [],
    why: [],
    duties: [],
    completeness: 1,
    seal: { size: 9, rootHash: 'r' },
  } as unknown as ResponsePlanWire
}

function shown(approval: Partial<ResponsePlanWire['approval']>): string {
  const written: string[] = []
  const context = { stdout: { write: (text: string) => written.push(text) }, env: {} } as unknown as CliContext // what it writes to
  showPlan(context, {} as never, plan(approval))
  return written.join('')
}

test('a plan says what comes next: an approval where one is missing, and else nothing but to apply it', () => {
  expect(shown({ missing: ['on-call has not approved it'] })).toContain(
    'next: holdfast incidents approve abababababab, then holdfast incidents apply abababababab --yes',
  )
  const approved = shown({ given: [{ by: 'ann', role: 'on-call', at: '1' }] })
  expect(approved).toContain('next: holdfast incidents apply abababababab --yes')
  expect(approved).not.toContain('incidents approve')
  expect(shown({ kind: 'automatic', missing: [] })).not.toContain('incidents approve')
})
