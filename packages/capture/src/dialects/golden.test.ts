import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Event } from '@holdfast/model'
import { describe, expect, test } from 'vitest'
import { normalise } from '../normalise.ts'
import { DEVIATIONS } from './testing/deviations.ts'
import { entriesOfRecording, recordingNames, RECORDINGS } from './testing/recordings.ts'
import { storyOf } from './testing/story.ts'
import type { Story } from './testing/story.ts'

/*
 * Requests as real libraries sent them, all telling one story. `expected-story.json` is that story; `expected.json` in
 * each folder is every event that the recording gives. Make the latter anew with `UPDATE_GOLDEN=1`, and review it as code.
 */

const expectedStory = JSON.parse(readFileSync(join(RECORDINGS, 'expected-story.json'), 'utf8')) as Omit<
  Story,
  'documents'
>
const names = recordingNames()

test('there is a recording of each tier-1 and tier-2 dialect', () => {
  expect(names).toEqual(
    expect.arrayContaining([
      'otel-genai',
      'otel-genai-legacy',
      'ai-sdk-v7',
      'ai-sdk-legacy',
      'openinference',
      'claude-code',
      'openllmetry',
      'langsmith',
      'adk',
      'strands',
      'mastra',
      'agentcore-adot',
    ]),
  )
})

describe.each(names)('%s', (name) => {
  const results = entriesOfRecording(name).map(normalise)
  const events = results.flatMap((result) => result.events)

  test('tells the order-desk story', () => {
    const { documents, ...story } = storyOf(events)
    const says = Object.assign({}, ...(DEVIATIONS.get(name) ?? []).map((deviation) => deviation.says)) as Partial<Story>
    const wildcard = says.conversations?.[0] === '*' ? { conversations: [expect.any(String)] } : {}
    expect(story).toEqual({ ...expectedStory, ...says, ...wildcard })
    if (name.endsWith('/retrieval'))
      expect(documents).toMatchObject([{ origin: 'kb/shipping', query: 'Where is order 4711?' }])
    else expect(documents).toEqual([])
  })

  test('every record is read by a dialect', () => {
    expect(
      results.filter((result) => result.dialect === 'unknown').flatMap((result) => result.events.map(stepName)),
    ).toEqual([])
  })

  test('gives exactly the recorded events', () => {
    const file = join(RECORDINGS, name, 'expected.json')
    const text = `${JSON.stringify({ unmapped: [...new Set(results.flatMap((result) => result.unmapped))].toSorted(), events: events.map(plain) }, null, 2)}\n`
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(file, text)
    expect(existsSync(file), 'run with UPDATE_GOLDEN=1 and review the new file').toBe(true)
    expect(text).toBe(readFileSync(file, 'utf8'))
  })
})

test('event ids are distinct in every recording', () => {
  for (const name of names) {
    const ids = entriesOfRecording(name).flatMap((entry) => normalise(entry).events.map((event) => event.id))
    expect(new Set(ids).size).toBe(ids.length)
  }
})

function stepName({ body }: Event): string {
  return body.kind === 'step' ? body.name : body.kind
}

/** Times as decimal text; the texts stay, since all of them are ours. */
function plain(event: Event): unknown {
  return JSON.parse(
    JSON.stringify(event, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  )
}
