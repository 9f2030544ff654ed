import { withSighting, type Part } from '@holdfast/declare'
import type { EventSummary, Sighting } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countEvent } from './count-event.ts'
import { encode, newInventoryAgent } from './docs.ts'
import { withUse } from './identity-use.ts'
import { SESSIONS_PER_IDENTITY, TOOLS_COUNTED } from './limits.ts'

/** More names than a bound keeps, some of them several times, in an order of their own. */
function shuffled(bound: number): fc.Arbitrary<readonly number[]> {
  const all = Array.from({ length: bound + 40 }, (_, i) => i).flatMap((i) => (i % 3 === 0 ? [i, i] : [i]))
  return fc.shuffledSubarray(all, { minLength: all.length })
}

function isSameInAnyOrder(bound: number, fold: (names: readonly number[]) => unknown): void {
  const plain = Array.from({ length: bound + 40 }, (_, i) => i).flatMap((i) => (i % 3 === 0 ? [i, i] : [i]))
  const expected = Buffer.from(encode(fold(plain))).toString()
  const property = fc.property(shuffled(bound), (names) => {
    expect(Buffer.from(encode(fold(names))).toString()).toBe(expected)
  })
  fc.assert(property, { numRuns: 20, verbose: true })
}

test('of more tools than are counted the same ones are, whatever came first', () => {
  isSameInAnyOrder(TOOLS_COUNTED, (names) => {
    const agent = newInventoryAgent('host:h/a', 'a')
    for (const name of names) {
      const body = { kind: 'tool-call', toolName: `t${name}` }
      countEvent(agent, { body, context: {} } as EventSummary) // no more of an event is read
    }
    expect(Object.keys(agent.tools)).toHaveLength(TOOLS_COUNTED)
    return agent
  })
})

test('of more sessions than are told apart the same ones are, whatever came first', () => {
  const use = { identity: 'i', agent: 'host:h/a', kind: 'role', uses: ['read x'], entry: 1 }
  isSameInAnyOrder(SESSIONS_PER_IDENTITY, (names) =>
    names.reduce<unknown>(
      (doc, name) => withUse(doc, { ...use, session: `s${name}`, isAuthority: name > 0 }),
      undefined,
    ),
  )
})

test('of more details than are kept of a component the same ones are, whatever came first', () => {
  const sighting = { sight: 'loaded', tier: 'kernel', claimedAt: 1n, recordedAt: 1n, entry: 1 } as Omit<
    Sighting,
    'component'
  >
  isSameInAnyOrder(24, (names) =>
    names.reduce<Part | undefined>((part, name) => {
      const component = { kind: 'tool', name: 't', details: { [`d${name}`]: 'x' } } as const
      return withSighting(part, 'id', { ...sighting, component })
    }, undefined),
  )
})
