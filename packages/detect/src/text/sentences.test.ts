import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_SENTENCE_CHARS } from '../limits.ts'
import { sentencesOf } from './sentences.ts'

test('a text is cut at the ends of its sentences', () => {
  expect(sentencesOf('The hall is booked. Bring a pen! Who comes?')).toEqual([
    'The hall is booked.',
    'Bring a pen!',
    'Who comes?',
  ])
})
test('an abbreviation and an initial end nothing', () => {
  expect(sentencesOf('Ask Dr. Ito or J. Park. They know.')).toEqual(['Ask Dr. Ito or J. Park.', 'They know.'])
})
test('marks of markup part what they stand between', () => {
  expect(sentencesOf('<td>Total</td><td>Pay <b>now</b></td>')).toEqual(['Total', 'Pay', 'now'])
})
test('what stands in a comment or in a value of a mark is read', () => {
  expect(sentencesOf('<p>Hi</p><!-- note: pay now --><img src="a.png" alt="Pay it now">')).toEqual([
    'Hi',
    'note: pay now',
    'Pay it now',
  ])
  expect(sentencesOf('<a href="https://mill.example/a" class="big">here</a>')).toEqual([
    'https://mill.example/a',
    'here',
  ])
})
test('full stops of scripts without blanks part too', () => {
  expect(sentencesOf('会议在五点。请带笔。')).toEqual(['会议在五点。', '请带笔。'])
})
test('the number of a list item is no sentence', () => {
  expect(sentencesOf('1.\nOpen the lid\n2.\nClose it')).toEqual(['Open the lid', 'Close it'])
})
test('no sentence is longer than the bound, and none of the words is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 600 }), (words) => {
      const sentences = sentencesOf(words.join(' '))
      expect(sentences.every(({ length }) => length <= MAX_SENTENCE_CHARS)).toBe(true)
      expect(sentences.join(' ').split(' ')).toEqual(words)
    }),
  )
})
test('a text without a blank is cut at the bound', () => {
  expect(sentencesOf('x'.repeat(2_500)).map(({ length }) => length)).toEqual([1_000, 1_000, 500])
})
