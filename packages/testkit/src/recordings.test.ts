import { expect, test } from 'vitest'

import { loadRecordings } from './recordings.ts'

const recordings = loadRecordings()
const maxBytes = 200_000

/** What every library was given and did, however it spells it; a backslash before a quote is its own escaping. */
const facts = [
  /You are the order desk/,
  /Where is order 4711\?/,
  /lookup_order/,
  /4711/,
  /was shipped with DHL and arrives/,
]

test('every dialect has a main recording', () => {
  const dialects = recordings.filter((recording) => recording.variant === 'main').map((recording) => recording.dialect)
  expect(dialects.length).toBeGreaterThanOrEqual(12)
  expect(new Set(dialects).size).toBe(dialects.length)
})

test.each(recordings)('$dialect $variant is small, described and names no machine', ({ meta, requests }) => {
  expect(requests.length).toBeGreaterThan(0)
  expect(requests.reduce((sum, request) => sum + request.body.length, 0)).toBeLessThan(maxBytes)
  expect(meta).toMatchObject({ library: expect.stringMatching(/./), version: expect.stringMatching(/^\d/) })
  for (const { body } of requests) expect(body.toString('latin1')).not.toMatch(/\/(work|home|root|Users)\//)
})

test.each(recordings.filter(({ variant }) => variant === 'main'))('$dialect tells the whole story', (recording) => {
  const text = recording.requests.map(({ body }) => body.toString('utf8')).join('\n')
  // The one library that exports the system prompt by itself only together with text of its own.
  const expected = recording.dialect === 'claude-code' ? facts.slice(1) : facts
  for (const fact of expected) expect(text).toMatch(fact)
})

test.each(recordings.filter(({ variant }) => variant === 'content-off'))(
  '$dialect content-off has no content',
  (recording) => {
    const text = recording.requests.map(({ body }) => body.toString('utf8')).join('\n')
    for (const secret of ['You are the order desk', 'Where is order 4711?', 'was shipped with DHL']) {
      expect(text).not.toContain(secret)
    }
  },
)

test.each(recordings.filter(({ variant }) => variant === 'retrieval'))(
  '$dialect retrieval holds the document',
  (recording) => {
    expect(recording.requests.map(({ body }) => body.toString('utf8')).join('\n')).toMatch(/kb\/shipping/)
  },
)
