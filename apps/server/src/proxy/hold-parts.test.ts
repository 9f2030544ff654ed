import type { ProxyHold } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { holdOfParts, partsOf } from './hold-parts.ts'

const text = fc.string({ minLength: 3, maxLength: 20, unit: 'grapheme' }).filter((one) => one.isWellFormed())
const digest = fc.string({ unit: fc.constantFrom('0', 'a', 'f', '7'), minLength: 64, maxLength: 64 })
const hold: fc.Arbitrary<ProxyHold> = fc.oneof(
  text.map((tool) => ({ kind: 'withdraw-tool' as const, tool })),
  fc.constant({ kind: 'quarantine-server' as const }),
  fc
    .tuple(digest, fc.array(fc.record({ name: text, definition: digest }), { minLength: 1, maxLength: 3 }))
    .map(([of, tools]) => ({ kind: 'pin-catalogue' as const, digest: of, tools })),
  fc
    .tuple(text, text, fc.array(text, { minLength: 1, maxLength: 3 }))
    .map(([tool, argument, values]) => ({ kind: 'guard-arguments' as const, tool, argument, values })),
  fc.tuple(text, digest).map(([id, of]) => ({ kind: 'quarantine-item' as const, id, digest: of })),
  text.map((resource) => ({ kind: 'close-channel' as const, resource })),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((tools) => ({ kind: 'hold-memory' as const, tools })),
  digest.map((credential) => ({ kind: 'freeze-model' as const, credential })),
)

test('a hold that went into the parts of a step comes out of them as it was, whatever its names', () => {
  fc.assert(
    fc.property(hold, text, (given, server) => {
      expect(holdOfParts(partsOf({ server, hold: given }))).toEqual({ server, hold: given })
    }),
  )
})

test.each([
  [[]],
  [['withdraw-tool']],
  [['withdraw-tool', 'desk']],
  [['burn', 'desk', 'tool=x']],
  [['hold-memory', 'desk']],
])('%j are no hold', (parts) => expect(holdOfParts(parts)).toBeUndefined())
