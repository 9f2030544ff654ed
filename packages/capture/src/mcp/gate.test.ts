import fc from 'fast-check'
import { expect, test } from 'vitest'
import { definitionDigest } from './definition.ts'
import { ToolGate } from './gate.ts'

const read = { name: 'read', description: 'Reads one ticket.', inputSchema: { type: 'object', properties: { id: {} } } }
const drop = { name: 'drop', description: 'Drops a table.', inputSchema: { type: 'object' } }
const approved = [
  {
    agent: 'desk',
    server: 'tickets',
    catalogue: '',
    tools: [{ name: 'read', definition: definitionDigest(read) ?? '' }],
  },
]

function bytes(message: unknown): Buffer {
  return Buffer.from(JSON.stringify(message))
}

function gate(server = 'tickets'): ToolGate {
  const made = new ToolGate(() => approved)
  expect(made.toClient(bytes({ jsonrpc: '2.0', id: 0, result: { serverInfo: { name: server } } })).do).toBe('pass')
  return made
}

const list = (...tools: readonly unknown[]) => bytes({ jsonrpc: '2.0', id: 1, result: { tools, nextCursor: 'n' } })
const call = (name: string) => bytes({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name } })

test('an approved tool passes as it is, whatever the order of its keys', () => {
  const { name, description, inputSchema } = read
  expect(gate().toClient(list({ inputSchema, icons: ['x'], description, name })).do).toBe('pass')
  expect(gate().toServer(call('read')).do).toBe('pass')
})

test('one changed word takes the tool out of the list, and calls to it are answered until it is as approved', () => {
  const made = gate()
  const verdict = made.toClient(list(read, drop, { ...read, description: 'Reads one tickets.' }))
  expect(verdict).toMatchObject({ do: 'replace', withheld: ['drop', 'read'] })
  const sent = verdict.do === 'replace' ? JSON.parse(verdict.bytes.toString()) : undefined
  expect(sent).toEqual({ jsonrpc: '2.0', id: 1, result: { tools: [read], nextCursor: 'n' } })
  const refused = made.toServer(call('read'))
  expect(refused).toMatchObject({ do: 'answer', withheld: ['read'] })
  expect(refused.do === 'answer' && JSON.parse(refused.bytes?.toString() ?? '')).toMatchObject({
    id: 7,
    error: { code: -32_081, message: expect.stringContaining('"read" is not approved') },
  })
  made.toClient(list(read))
  expect(made.toServer(call('read')).do).toBe('pass')
})

test.each([
  ['a tool that nobody approved', call('drop')],
  ['a call without a name', bytes({ jsonrpc: '2.0', id: 7, method: 'tools/call' })],
  ['a method written with escapes', Buffer.from('{"id":7,"method":"tools\\u002fcall","params":{"name":"drop"}}')],
])('%s is not called', (_, message) => {
  expect(gate().toServer(message).do).toBe('answer')
})

test('what was approved of one server is not approved of another', () => {
  expect(gate('other').toClient(list(read))).toMatchObject({ do: 'replace', withheld: ['read'] })
  expect(gate('other').toServer(call('read')).do).toBe('answer')
})

test('a notification that calls a tool gets no answer, and a batch is answered whole', () => {
  const told = bytes({ jsonrpc: '2.0', method: 'tools/call', params: { name: 'drop' } })
  expect(gate().toServer(told)).toEqual({ do: 'answer', bytes: undefined, withheld: ['drop'], held: [] })
  const ping = { jsonrpc: '2.0', id: 8, method: 'ping' }
  const batch = gate().toServer(bytes([JSON.parse(call('drop').toString()), ping]))
  const answers = batch.do === 'answer' ? JSON.parse(batch.bytes?.toString() ?? '') : []
  expect(answers.map(({ id }: { readonly id: number }) => id)).toEqual([7, 8])
})

test('an approval takes effect on the next message', () => {
  let now: typeof approved = []
  const made = new ToolGate(() => now)
  expect(made.toClient(list(read)).do).toBe('replace')
  now = approved
  expect(made.toClient(list(read)).do).toBe('pass')
})

test('what cannot be read is not passed on, and what is no JSON is', () => {
  const deep = Buffer.from(`{"result":{"tools":[${'['.repeat(5_000)}${']'.repeat(5_000)}]}}`)
  expect(gate().toClient(deep).do).toBe('drop')
  expect(gate().toClient(Buffer.from('plain text')).do).toBe('pass')
})

test('no tool passes whose definition is not the approved one', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ name: fc.constantFrom('read', 'drop'), description: fc.string() })), (tools) => {
      const verdict = gate().toClient(list(...tools, read))
      const sent = verdict.do === 'replace' ? verdict.bytes : list(...tools, read)
      const passed: readonly unknown[] = JSON.parse(sent.toString()).result.tools
      expect(passed).toEqual([read])
    }),
  )
})
