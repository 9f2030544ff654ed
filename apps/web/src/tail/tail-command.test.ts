import { expect, test } from 'vitest'
import { tailCommand } from './tail-command.ts'

test('every filter of the page is a flag of the command, and the query its last word', () => {
  const words = { agent: 'desk', include: 'a', exclude: 'b', highlight: 'c', kind: 'chat', since: '1h ago' }
  expect(tailCommand({ ...words, q: "tool:it's" })).toBe(
    `npm run -s holdfast -- tail --agent desk --include a --exclude b --highlight c --kind chat --since '1h ago' 'tool:it'\\''s'`,
  )
  expect(tailCommand({ agent: '' })).toBe('npm run -s holdfast -- tail')
})
