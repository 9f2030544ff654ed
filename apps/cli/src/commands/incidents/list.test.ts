import { expect, test } from 'vitest'
import { formerIds, waitingText } from './list.ts'
import { countsText } from './show.ts'

test('a list names the ids that an incident went by before something joined it, and says nothing of the others', () => {
  expect(
    formerIds([
      { id: 'inc-a', alsoKnownAs: ['inc-b', 'inc-c'] },
      { id: 'inc-d', alsoKnownAs: [] },
    ]),
  ).toEqual(['inc-a was inc-b, inc-c until more was recorded of it'])
})

test('one trace that waits is one, and several are several', () => {
  expect(waitingText(1)).toBe('partial: 1 trace changed and is not judged yet')
  expect(waitingText(2)).toBe('partial: 2 traces changed and are not judged yet')
})

test('harmful acts of one incident and incidents that are alike are two figures', () => {
  expect(countsText({ acts: 7, alike: 1 })).toBe('7 harmful acts; no other is like it')
  expect(countsText({ acts: 1, alike: 3 })).toBe('1 harmful act; one of 3 alike')
  expect(countsText({ acts: 70, isLeast: true, alike: 1 })).toBe('at least 70 harmful acts; no other is like it')
  expect(countsText({ acts: 0, alike: 2 })).toBe('one of 2 alike')
})
