import { expect, test } from 'vitest'
import { commandName } from './command-name.ts'

test.each([
  ['npx -y @modelcontextprotocol/server-filesystem /data', 'npx @modelcontextprotocol/server-filesystem'],
  ['/usr/bin/python3 -m notes.server', 'python3 notes.server'],
  ['node --max-old-space-size=512 dist/server.js', 'node dist/server.js'],
  ['docker run -i --rm notes', 'docker run'],
  ['notes', 'notes'],
])('the command %s is told of as %s', (command, name) => {
  expect(commandName(command.split(' '))).toBe(name)
})

test.each(['notes --api-key hidden', 'notes -k hidden', 'env NOTES_TOKEN=hidden notes', 'notes https://h/?key=hidden'])(
  'no key of the command %s is told',
  (command) => expect(commandName(command.split(' '))).not.toContain('hidden'),
)
