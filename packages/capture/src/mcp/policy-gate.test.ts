import type { PolicyMode, ToolPolicy } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { definitionDigest } from './definition.ts'
import { bothGates, type MessageGate } from './message-gate.ts'
import { PolicyGate } from './policy-gate.ts'
import { Session } from './testing/sessions.ts'

const read = { name: 'read', description: 'Reads one ticket.', inputSchema: { type: 'object' } }
const drop = { name: 'drop', description: 'Drops a table.', inputSchema: { type: 'object' } }
const ARTIFACT = 'a1'.repeat(32)
const policy: ToolPolicy = {
  version: 1,
  tools: [{ name: 'read', server: 'tickets', definition: definitionDigest(read) ?? '' }],
  default: 'deny',
}

function gate(mode: PolicyMode = 'enforce', server = 'tickets'): PolicyGate {
  const made = new PolicyGate({ artifact: ARTIFACT, policy, mode: () => mode })
  expect(made.toClient(bytes({ jsonrpc: '2.0', id: 0, result: { serverInfo: { name: server } } })).do).toBe('pass')
  return made
}

const bytes = (message: unknown) => Buffer.from(JSON.stringify(message))
const list = (...tools: readonly unknown[]) => bytes({ jsonrpc: '2.0', id: 1, result: { tools } })
const call = (name: string) => bytes({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name } })

test('a tool that is listed passes as it was observed, and a call to another is answered with the line that refuses it', () => {
  const made = gate()
  expect(made.toClient(list(read)).do).toBe('pass')
  expect(made.toServer(call('read')).do).toBe('pass')
  const verdict = made.toServer(call('drop'))
  expect(verdict).toMatchObject({
    do: 'answer',
    held: [{ artifact: ARTIFACT, pointer: '/default', mode: 'enforce', target: 'drop' }],
  })
  expect(verdict.do === 'answer' && JSON.parse(verdict.bytes?.toString() ?? '')).toEqual({
    jsonrpc: '2.0',
    id: 7,
    error: {
      code: -32_083,
      message: 'holdfast: the tool "drop" is refused by policy: not among the tools that were observed',
      data: { artifact: ARTIFACT, line: '/default', tool: 'drop' },
    },
  })
})

test('a tool whose definition is another one leaves the list, and calls to it cite its own line', () => {
  const made = gate()
  const verdict = made.toClient(list({ ...read, description: 'Reads all tickets.' }, drop))
  expect(verdict.do === 'replace' && JSON.parse(verdict.bytes.toString())).toMatchObject({ result: { tools: [] } })
  expect(made.toServer(call('read'))).toMatchObject({ do: 'answer', held: [{ pointer: '/tools/0', target: 'read' }] })
  made.toClient(list(read))
  expect(made.toServer(call('read')).do).toBe('pass')
})

test('while monitoring everything passes, and what would not is noted', () => {
  const made = gate('monitor')
  expect(made.isActive).toBe(false)
  expect(made.toServer(call('drop'))).toEqual({
    do: 'pass',
    held: [{ artifact: ARTIFACT, pointer: '/default', mode: 'monitor', target: 'drop' }],
  })
  expect(made.toClient(list(read, drop))).toMatchObject({ do: 'pass', held: [{ target: 'drop' }] })
  expect(made.toServer(Buffer.from('{"method":"tools/call",'))).toEqual({ do: 'pass' })
})

test('behind another gate it keeps what it notes', () => {
  const pass: MessageGate = {
    isActive: true,
    toClient: () => ({ do: 'pass' }),
    toServer: () => ({ do: 'pass' }),
  }
  const both = bothGates(pass, gate('monitor'))
  expect(both.toServer(call('drop'))).toMatchObject({ do: 'pass', held: [{ target: 'drop' }] })
  expect(bothGates(gate('monitor'), pass).toServer(call('drop'))).toMatchObject({
    do: 'pass',
    held: [{ target: 'drop' }],
  })
  expect(bothGates(gate('monitor'), gate()).toServer(call('drop'))).toMatchObject({
    do: 'answer',
    held: [{ mode: 'monitor' }, { mode: 'enforce' }],
  })
})

test('an entry tells of a refusal with artifact and line, and of one that would have been', () => {
  const session = new Session()
  const held = (mode: PolicyMode) => ({ held: [{ artifact: ARTIFACT, pointer: '/default', mode, target: 'drop' }] })
  const told = (mode: PolicyMode) =>
    session
      .toServer({ jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'drop' } }, held(mode))
      .map(({ body }) => body)
      .find(({ kind }) => kind === 'guardrail')
  expect(told('enforce')).toMatchObject({ kind: 'guardrail', name: 'policy', verdict: 'refused', target: 'drop' })
  expect(told('monitor')).toMatchObject({ verdict: 'would be refused' })
  expect(JSON.stringify(told('enforce'))).toContain(ARTIFACT)
})

test('whatever comes, no call of a tool that is not listed passes while enforcing', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(fc.constant({ id: 1, method: 'tools/call', params: { name: 'drop' } }), fc.jsonValue({ maxDepth: 3 })),
        { minLength: 1, maxLength: 4 },
      ),
      (messages) => {
        const verdict = gate().toServer(bytes(messages))
        if (messages.some((one) => JSON.stringify(one).includes('"drop"'))) expect(verdict.do).toBe('answer')
      },
    ),
  )
})
