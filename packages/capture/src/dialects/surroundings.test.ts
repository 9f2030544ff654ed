import { describe, expect, test } from 'vitest'
import { normalise } from '../normalise.ts'
import { spanEntry } from './testing/entries.ts'
import type { TestAttributes } from './testing/entries.ts'

/* What stands around model calls: MCP, egress, identities, and what our own SDK adds. */

const MCP_CALL: TestAttributes = {
  'mcp.method.name': 'tools/call',
  'gen_ai.tool.name': 'read_ticket',
  'gen_ai.tool.call.arguments': '{"id":7}',
  'gen_ai.tool.call.result': 'open',
  'server.address': 'tickets.local',
}

describe('MCP', () => {
  test('CAP-4 the handshake and the stateless form of a tool call give equal events', () => {
    const session = { 'mcp.protocol.version': '2025-11-25', 'mcp.session.id': 'abc', 'jsonrpc.request.id': '4' }
    const stateless = { 'mcp.protocol.version': '2026-07-28', 'jsonrpc.request.id': '9' }
    const of = (era: TestAttributes): unknown => bodies({ ...MCP_CALL, ...era })
    expect(of(session)).toEqual(of(stateless))
    expect(of(session)).toMatchObject([
      {
        kind: 'tool-call',
        toolName: 'read_ticket',
        toolType: 'mcp',
        server: 'tickets.local',
        arguments: { text: '{"id":7}' },
      },
      { kind: 'tool-result', result: { text: 'open' } },
    ])
  })

  test('a resource that is read enters the context with its address', () => {
    expect(bodies({ 'mcp.method.name': 'resources/read', 'mcp.resource.uri': 'file:///a.md' })).toMatchObject([
      { kind: 'context-item', uri: 'file:///a.md', content: { state: 'not-captured', reason: 'dialect-has-no-field' } },
    ])
  })

  test('other methods are structure', () => {
    expect(bodies({ 'mcp.method.name': 'initialize' })).toEqual([
      { kind: 'step', name: 'span', mapped: true, unmapped: [] },
    ])
  })
})

describe('egress', () => {
  test('an HTTP client span is a request that left, without its query', () => {
    const attributes = {
      'http.request.method': 'POST',
      'url.full': 'https://api.example.com:8443/v1/pay?token=secret',
      'http.response.status_code': 201,
    }
    expect(bodies(attributes, 3)).toEqual([
      {
        kind: 'egress',
        destination: 'api.example.com',
        port: 8443,
        protocol: 'https',
        method: 'POST',
        path: '/v1/pay',
        status: 201,
      },
    ])
  })

  test('a database call is egress by its system', () => {
    expect(
      bodies({ 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT', 'server.address': 'db' }, 3),
    ).toEqual([{ kind: 'egress', destination: 'db', protocol: 'postgresql', method: 'SELECT' }])
  })

  test('a library that marks every span of its process does not hide a request', () => {
    const attributes = {
      'http.request.method': 'GET',
      'url.full': 'https://x.example/',
      'traceloop.workflow.name': 'w',
    }
    expect(bodies(attributes, 3)).toMatchObject([{ kind: 'egress', destination: 'x.example', path: '/' }])
  })

  test('a server span is structure', () => {
    expect(bodies({ 'http.request.method': 'GET', 'url.path': '/' }, 2)).toMatchObject([{ kind: 'step', mapped: true }])
  })
})

describe('identity', () => {
  const TOOL = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 't' }

  test('an acting step names the principals that the span and the resource state, and by which attribute', () => {
    const entry = spanEntry({
      name: 'execute_tool t',
      attributes: {
        ...TOOL,
        'user.id': 'anna',
        'holdfast.identity.principal': 'role/refunds',
        'holdfast.identity.kind': 'role',
        'holdfast.identity.on_behalf_of': 'anna',
      },
      resource: { 'k8s.serviceaccount.name': 'desk', 'k8s.namespace.name': 'shop', 'process.owner': 'node' },
    })
    expect(normalise(entry).events.flatMap(({ body }) => (body.kind === 'identity' ? [body] : []))).toEqual([
      {
        kind: 'identity',
        principal: 'role/refunds',
        principalKind: 'role',
        onBehalfOf: 'anna',
        statedBy: 'holdfast.identity.principal',
      },
      { kind: 'identity', principal: 'anna', principalKind: 'user', statedBy: 'user.id' },
      {
        kind: 'identity',
        principal: 'system:serviceaccount:shop:desk',
        principalKind: 'service-account',
        statedBy: 'k8s.serviceaccount.name',
      },
      { kind: 'identity', principal: 'node', principalKind: 'process', statedBy: 'process.owner' },
    ])
  })

  test('a structural span names none', () => {
    const entry = spanEntry({ name: 'step', attributes: { 'gen_ai.operation.name': 'agent_step', 'user.id': 'anna' } })
    expect(normalise(entry).events.map(({ body }) => body.kind)).toEqual(['step'])
  })

  test('an agent id in a payload does not change the agent: that is set by the source', () => {
    const [event] = normalise(
      spanEntry({ name: 'execute_tool t', attributes: { ...TOOL, 'gen_ai.agent.id': 'somebody-else' } }),
    ).events
    expect(event?.agent).toMatchObject({ id: 'host:h/s', member: 'somebody-else' })
  })
})

describe('what our SDK adds', () => {
  test('CAP-9 documents come with origin, version, digest, trust and content, in place of the bare ones', () => {
    const document = {
      id: 'kb/1',
      uri: 'https://kb/1',
      version: '3',
      digest: 'ab',
      trust: 'internal',
      content: 'Text.',
      score: 0.5,
    }
    const attributes = {
      'gen_ai.operation.name': 'retrieval',
      'gen_ai.data_source.id': 'kb',
      'gen_ai.retrieval.query.text': 'q',
      'gen_ai.retrieval.documents': JSON.stringify([{ id: 'kb/1', score: 0.5 }]),
      'holdfast.retrieval.documents': JSON.stringify([document]),
    }
    expect(bodies(attributes)).toMatchObject([
      {
        kind: 'context-item',
        ordinal: 0,
        origin: 'kb/1',
        uri: 'https://kb/1',
        version: '3',
        statedDigest: 'ab',
        trust: 'internal',
        score: 0.5,
        dataSource: 'kb',
        query: { text: 'q' },
        content: { text: 'Text.' },
      },
    ])
  })

  test('the receiver of a delegation repeats its id, which makes itself the one that was given the work', () => {
    const { dialect, events } = normalise(
      spanEntry({ name: 'SendMessage', attributes: { 'holdfast.delegation.id': 'd1' }, kind: 2 }),
    )
    expect(dialect).toBe('holdfast')
    expect(events.map((event) => event.body)).toEqual([
      {
        kind: 'delegation',
        mechanism: 'declared',
        delegationId: 'd1',
        to: 's',
        payload: { state: 'not-captured', reason: 'dialect-has-no-field' },
      },
    ])
  })

  test('delegation, memory and prompt template stand beside what the span says itself', () => {
    const attributes = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 't',
      'holdfast.delegation.id': 'd1',
      'holdfast.delegation.to': 'billing',
      'holdfast.delegation.payload': 'refund it',
      'holdfast.memory.operation': 'write',
      'holdfast.memory.store': 'notes',
      'holdfast.memory.content': 'VIP',
      'holdfast.prompt.template.id': 'desk',
      'holdfast.prompt.template.version': '2',
      'holdfast.prompt.template.digest': 'cd',
    }
    expect(bodies(attributes)).toMatchObject([
      { kind: 'tool-call' },
      { kind: 'tool-result' },
      { kind: 'delegation', mechanism: 'declared', delegationId: 'd1', to: 'billing', payload: { text: 'refund it' } },
      { kind: 'memory', operation: 'write', store: 'notes', content: { text: 'VIP' } },
      { kind: 'context-item', origin: 'desk', version: '2', statedDigest: 'cd', dataSource: 'prompt-template' },
    ])
  })
})

function bodies(attributes: TestAttributes, kind = 1): unknown {
  return normalise(spanEntry({ name: 'span', attributes, kind })).events.map((event) => event.body)
}
