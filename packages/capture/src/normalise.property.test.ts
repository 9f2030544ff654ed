import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DIALECTS } from './dialects/registry.ts'
import { logEntry, spanEntry } from './dialects/testing/entries.ts'
import { entriesOfRecording, recordingNames } from './dialects/testing/recordings.ts'
import { normalise } from './normalise.ts'
import type { Normalised } from './normalise.ts'

const recorded = recordingNames().flatMap(entriesOfRecording)
const scopes = [
  'ai',
  'gen_ai',
  'gcp.vertex.agent',
  'openai-agents',
  'com.anthropic.claude_code.events',
  'agent_framework',
  'strands',
  'x',
]
/** Every attribute key that a recording holds, so that wrong values meet the code that reads them. */
const keys = [
  ...new Set(
    recorded.flatMap((entry) =>
      [
        ...Buffer.from(entry.body ?? [])
          .toString('latin1')
          .matchAll(/[a-z_]+(?:\.[A-Za-z0-9_]+){1,7}/g),
      ].map(([key]) => key),
    ),
  ),
]

const jsonText = fc.json({ maxDepth: 4 })
const value = fc.oneof(
  fc.string(),
  jsonText,
  fc.integer(),
  fc.boolean(),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.constant('{}'),
  fc.constant('[{"role":"user","parts":null}]'),
)
const attributes = fc.dictionary(
  fc.oneof(fc.constantFrom(...keys), fc.constant('openinference.span.kind'), fc.string()),
  value,
  { maxKeys: 12 },
)

test('any attributes under any scope give events with valid ids, and never an exception', () => {
  fc.assert(
    fc.property(attributes, fc.constantFrom(...scopes), fc.string(), (given, scope, name) => {
      for (const entry of [
        spanEntry({ name, attributes: given, scope }),
        logEntry({ attributes: given, scope, body: name }),
      ])
        expectSound(normalise(entry))
    }),
    { numRuns: 400 },
  )
})

test('recorded bytes with flipped or missing ones give events, and never an exception', () => {
  fc.assert(
    fc.property(fc.constantFrom(...recorded), fc.nat(), fc.nat(255), fc.boolean(), (entry, at, byte, cut) => {
      const body = Uint8Array.from(entry.body ?? [])
      const where = body.length === 0 ? 0 : at % body.length
      if (body.length > 0) body[where] = byte
      expectSound(normalise({ ...entry, body: cut ? body.subarray(0, where) : body }))
    }),
    { numRuns: 400 },
  )
})

test('the same entry gives the same events', () => {
  for (const entry of recorded) expect(normalise(entry)).toEqual(normalise(structuredClone(entry)))
})

test('the place of an entry in the log is in no event id', () => {
  for (const entry of recorded)
    expect(normalise({ ...entry, index: entry.index + 1000 }).events.map(({ id }) => id)).toEqual(
      normalise(entry).events.map(({ id }) => id),
    )
})

test('an entry whose content was erased gives one step that says so and nothing else', () => {
  for (const entry of recorded) {
    expect(normalise({ ...entry, body: undefined }).events).toMatchObject([
      {
        agent: { id: entry.envelope.agent },
        source: { dialect: 'erased', tier: entry.envelope.tier },
        context: { session: `erased~${entry.envelope.agent}` },
        body: { kind: 'step', name: 'erased record' },
      },
    ])
  }
})

test('dialect names are distinct', () => {
  expect(new Set(DIALECTS.map(({ name }) => name)).size).toBe(DIALECTS.length)
})

function expectSound({ events }: Normalised): void {
  expect(events.length).toBeGreaterThan(0)
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
  for (const { id, body } of events) {
    expect(id).toMatch(/^[A-Za-z0-9._~-]{1,200}$/)
    // An exception inside a dialect would end here.
    if (body.kind === 'step') expect(body.error ?? '').not.toMatch(/is not a function|undefined|Cannot read/)
  }
}
