import { expect, test } from 'vitest'
import { personWords } from './person.ts'

test('whoever holds the token of the folder is told of as a person, and an account by its name', () => {
  expect(personWords('token')).toBe("the person with this machine's token")
  expect(personWords('anna')).toBe('anna')
  expect(personWords('tokens')).toBe('tokens')
})
