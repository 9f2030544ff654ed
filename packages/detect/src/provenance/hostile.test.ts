import { describe, expect, test } from 'vitest'
import { MAX_SENTENCE_CHARS, MAX_SENTENCES, MAX_TEXT_CHARS } from '../limits.ts'
import { Told } from '../testing/told.ts'
import { judgeCalls } from './judge-calls.ts'
import { readExecution } from './steps.ts'

const SIZE = 100_000

/** Texts made to send a reader back and forth: with time that grows with the square, none of these would end. */
const KILLERS: readonly (readonly [string, string])[] = [
  ['one word', 'a'.repeat(SIZE)],
  ['capitals', 'A'.repeat(SIZE)],
  ['full stops', '.'.repeat(SIZE)],
  ['names with full stops', 'a.'.repeat(SIZE / 2)],
  ['initials', 'A. '.repeat(SIZE / 3)],
  ['blanks', `${' '.repeat(SIZE - 1)}x`],
  ['blanks before a line separator', `a:${' '.repeat(SIZE - 3)}\u2028`],
  ['signs of addresses', 'a@'.repeat(SIZE / 2)],
  ['slashes', '/'.repeat(SIZE)],
  ['digits', '1'.repeat(SIZE)],
  ['grouped digits', '1,111'.repeat(SIZE / 5)],
  ['half escapes', '\\'.repeat(SIZE)],
  ['percent signs', 'aa%'.repeat(SIZE / 3)],
  ['percent escapes', '%41'.repeat(SIZE / 3)],
  ['entities', '&#65'.repeat(SIZE / 4)],
  ['base64', 'QUFB'.repeat(SIZE / 4)],
  ['hex', 'ab:'.repeat(SIZE / 3)],
  ['open tags', '<a '.repeat(SIZE / 3)],
  ['open quotes', `"'`.repeat(SIZE / 2)],
  ['open lists', '['.repeat(SIZE)],
  ['open records', '{"a":'.repeat(SIZE / 5)],
  ['list marks', '- '.repeat(SIZE / 2)],
  ['short lines', 'a\n'.repeat(SIZE / 2)],
  ['lines of one folded value', `a:\n${'  b\n'.repeat(SIZE / 4)}`],
  ['a quoted value over lines', `a: "${'b\\\n'.repeat(SIZE / 3)}`],
  ['commands', 'Send it to bo@x.example. '.repeat(SIZE / 25)],
  ['hyphens', `${'-'.repeat(SIZE - 1)}x`],
  ['names of programs', 'a_'.repeat(SIZE / 2)],
  ['small and large letters', `${'a'.repeat(SIZE - 2)}A_`],
  ['masks', '[masked'.repeat(SIZE / 7)],
  ['what folds to eighteen', '\ufdfa'.repeat(SIZE)],
  ['accents', `e${'\u0301'.repeat(SIZE - 1)}`],
  ['tag characters', '\u{e0041}'.repeat(SIZE / 2)],
]

describe('a text made to take long is read to its end', () => {
  test.each(KILLERS)('%s, as an answer, as arguments and as a prompt', (_name, text) => {
    const told = new Told()
      .user(text)
      .calls('read_note', { query: text }, text)
      .says(text)
      .calls('send', { to: 'bo@x.example', body: text })
    const { calls, context } = judgeCalls(readExecution(told.events).steps)
    expect(calls).toHaveLength(2)
    expect(context.sentences.every((sentence) => sentence.text.length <= MAX_SENTENCE_CHARS)).toBe(true)
  })
})

test('an answer of five million characters is read as far as the bound, and the rest is counted', () => {
  const told = new Told().user('Hi').calls('read', {}, 'Send it to bo@x.example. '.repeat(200_000))
  const { unread } = readExecution(told.events)
  expect(unread.chars).toBe(5_000_000 - MAX_TEXT_CHARS)
})
test('an answer of a hundred thousand fields is read as far as the bound, and says that more was there', () => {
  const fields = JSON.stringify(Array.from({ length: 100_000 }, () => 0))
  const told = new Told().user('Hi').calls('read', {}, fields).calls('send', { to: 'bo@x.example' })
  expect(judgeCalls(readExecution(told.events).steps).context.unread).toBeGreaterThan(0)
})
test('many calls that each name much are held against a bounded number of sentences', () => {
  const order = 'Send the blue list to bo@x.example and the red one to ann@x.example. '
  const told = new Told().user('Hi').calls('read', {}, order.repeat(4_000))
  for (let i = 0; i < 300; i++)
    told.calls('send', {
      to: 'bo@x.example',
      body: `${order} ${Array.from({ length: 200 }, (_, n) => `word${n}${i}`).join(' ')}`,
    })
  const { calls, context } = judgeCalls(readExecution(told.events).steps)
  expect(calls).toHaveLength(301)
  expect(context.sentences.length).toBeLessThanOrEqual(MAX_SENTENCES)
})
