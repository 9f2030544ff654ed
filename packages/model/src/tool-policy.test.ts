import { expect, test } from 'vitest'
import { judgeTool, parseToolPolicy, type ToolPolicy } from './tool-policy.ts'

const D1 = 'a1'.repeat(32)
const D2 = 'b2'.repeat(32)
const policy: ToolPolicy = {
  version: 1,
  tools: [{ name: 'read', server: 'tickets', definition: D1 }, { name: 'note' }],
  default: 'deny',
}

test('a policy is read as it is', () => {
  expect(parseToolPolicy(policy)).toEqual(policy)
})

test.each([
  ['x', 'is an object'],
  [{ ...policy, deny: [] }, '"deny"'],
  [{ ...policy, version: '1' }, 'version'],
  [{ ...policy, default: 'allow' }, 'default'],
  [{ ...policy, tools: [{ name: '' }] }, 'tools[0]: name'],
  [{ ...policy, tools: [{ name: 'a', definition: 'A1' }] }, 'tools[0]: definition'],
  [{ ...policy, tools: [{ name: 'a', sever: 'b' }] }, '"sever"'],
])('%j is refused whole, and the words name the place', (given, words) => {
  expect(parseToolPolicy(given)).toMatchObject({ fault: expect.stringContaining(words) })
})

test.each([
  [{ name: 'read', server: 'tickets', definition: D1 }, 'allowed', '/tools/0'],
  [{ name: 'read', server: 'tickets', definition: D2 }, 'denied', '/tools/0'],
  [{ name: 'read', server: 'other', definition: D1 }, 'denied', '/default'],
  [{ name: 'read' }, 'allowed', '/tools/0'],
  [{ name: 'note', server: 'any', definition: D2 }, 'allowed', '/tools/1'],
  [{ name: 'drop', server: 'tickets' }, 'denied', '/default'],
])('a call of %j is %s by %s', (call, status, pointer) => {
  expect(judgeTool(policy, call)).toMatchObject({ status, pointer })
})
