import fc from 'fast-check'
import { expect, test } from 'vitest'
import { agentIdOf, CONTROL_AGENT, parseAgentId, parseConversationId } from './ids.ts'

/** Any UTF-16, halves of surrogate pairs included: what JSON text can hold. */
const hostile = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) })

test('any names make an agent id that is its own, printable, and fit for a URL', () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, (a, b, c) => {
      for (const id of [
        agentIdOf({ kind: 'k8s', cluster: a, namespace: b, workload: c }),
        agentIdOf({ kind: 'host', host: a, service: b }),
      ]) {
        expect(parseAgentId(id)).toBe(id)
        expect(decodeURIComponent(encodeURIComponent(id))).toBe(id)
        expect(id).not.toMatch(/\p{Cc}/u)
      }
    }),
  )
})

test('no sender can state the id of the product itself', () => {
  expect(agentIdOf({ kind: 'host', service: 'holdfast' })).not.toBe(CONTROL_AGENT)
  expect(agentIdOf({ kind: 'host', host: '-', service: 'holdfast' })).not.toBe(CONTROL_AGENT)
})

test('any conversation id is fit for a URL and at most 256 characters long', () => {
  fc.assert(
    fc.property(
      fc.oneof(hostile, fc.constant('\u{1f600}'.repeat(200)), fc.constant(`x${'\u{1f600}'.repeat(200)}`)),
      (text) => {
        const id = parseConversationId(text)
        if (id === undefined) {
          expect(text.trim()).toBe('')
          return
        }
        expect(decodeURIComponent(encodeURIComponent(id))).toBe(id)
        expect(id.length).toBeLessThanOrEqual(256)
      },
    ),
  )
})
