import { expect, test } from 'vitest'
import { formerIds } from './list.ts'

test('a list names the ids that an incident went by before something joined it, and says nothing of the others', () => {
  expect(
    formerIds([
      { id: 'inc-a', alsoKnownAs: ['inc-b', 'inc-c'] },
      { id: 'inc-d', alsoKnownAs: [] },
    ]),
  ).toEqual(['inc-a was inc-b, inc-c until more was recorded of it'])
})
