import { importRuns, scanOtlp } from '@holdfast/capture'
import type { EntryGroup } from '@holdfast/model'

const NS = 1_000_000n
const [LOCAL, PEER, PEER_PORT] = ['10.0.0.1', '192.0.2.7', 443] as const

/** One conversation in every layer, each port another socket: a ticket, an export that follows from it, its socket, and what a kernel saw of that. */
export function fourLayers({
  at,
  ticket,
  port = 40_000,
}: {
  readonly at: bigint
  readonly ticket: string
  readonly port?: number
}): readonly EntryGroup[] {
  const trace = ticketTrace(ticket)
  return [
    ...otlp('traces', {
      resourceSpans: [
        { resource: RESOURCE, scopeSpans: [{ scope: { name: 'desk' }, spans: spansOf({ trace, at, ticket }) }] },
      ],
    }),
    ...otlp('logs', {
      resourceLogs: [
        {
          resource: RESOURCE,
          scopeLogs: [{ scope: { name: 'desk' }, logRecords: [socketRecord({ trace, at, port })] }],
        },
      ],
    }),
    ...kernel(at, port),
  ]
}

export function ticketTrace(ticket: string): string {
  return Buffer.from(ticket).toString('hex').padStart(32, '1').slice(-32)
}

/** Id of the span that exports. */
export const EXPORT_SPAN = '2'.repeat(16)

const RESOURCE = {
  attributes: attributes({
    'service.name': 'desk',
    'k8s.cluster.name': 'prod',
    'k8s.namespace.name': 'shop',
    'k8s.deployment.name': 'desk',
  }),
}

function spansOf({
  trace,
  at,
  ticket,
}: {
  readonly trace: string
  readonly at: bigint
  readonly ticket: string
}): readonly object[] {
  const message = (role: string, content: string): string =>
    JSON.stringify([{ role, parts: [{ type: 'text', content }] }])
  const asked = JSON.stringify([
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: `call-${ticket}`, name: 'export.write', arguments: { name: 'all' } }],
      finish_reason: 'tool_call',
    },
  ])
  return [
    {
      traceId: trace,
      spanId: '1'.repeat(16),
      kind: 3,
      name: 'chat gpt-5-mini',
      startTimeUnixNano: String(at),
      endTimeUnixNano: String(at + 5n * NS),
      attributes: attributes({
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-5-mini',
        'gen_ai.input.messages': message('user', `Please handle ticket ${ticket}.`),
        'gen_ai.output.messages': asked,
      }),
    },
    {
      traceId: trace,
      spanId: EXPORT_SPAN,
      parentSpanId: '1'.repeat(16),
      kind: 1,
      name: 'execute_tool export.write',
      startTimeUnixNano: String(at + 6n * NS),
      endTimeUnixNano: String(at + 9n * NS),
      attributes: attributes({
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'export.write',
        'gen_ai.tool.call.id': `call-${ticket}`,
        'gen_ai.tool.call.arguments': JSON.stringify({ name: 'all' }),
        'gen_ai.tool.call.result': JSON.stringify({ records: 2_400 }),
      }),
    },
  ]
}

/** What `@holdfast/sdk/register` tells of the socket that the export used. */
function socketRecord({
  trace,
  at,
  port,
}: {
  readonly trace: string
  readonly at: bigint
  readonly port: number
}): object {
  return {
    timeUnixNano: String(at + 7n * NS),
    eventName: 'holdfast.socket',
    traceId: trace,
    spanId: EXPORT_SPAN,
    attributes: [
      ...attributes({
        'network.transport': 'tcp',
        'network.local.address': LOCAL,
        'network.peer.address': PEER,
      }),
      ...[
        ['network.local.port', port] as const,
        ['network.peer.port', PEER_PORT] as const,
        ['process.pid', 70] as const,
      ].map(([key, intValue]) => ({ key, value: { intValue } })),
    ],
  }
}

/** The same socket and its process as Tetragon tells them. */
function kernel(at: bigint, port: number): readonly EntryGroup[] {
  const id = (pid: number, start: number): string => Buffer.from(`node-1:${start}:${pid}`).toString('base64')
  const process = {
    exec_id: id(70, 9000),
    parent_exec_id: id(60, 8000),
    pid: 70,
    uid: 33,
    cwd: '/srv',
    binary: '/usr/bin/node',
    arguments: 'desk.js',
    pod: { namespace: 'shop', name: 'desk-5d9c7b6f48-x2x7k', container: { id: 'containerd://c1' } },
  }
  const event = (kind: string, more: object, ms: bigint): object => ({
    [kind]: { process, ...more },
    node_name: 'node-1',
    cluster_name: 'prod',
    time: new Date(Number((at + ms * NS) / NS)).toISOString(),
  })
  const socket = {
    protocol: 'TCP',
    saddr: LOCAL,
    sport: port,
    daddr: PEER,
    dport: PEER_PORT,
  }
  const lines = [
    event('process_exec', {}, 0n),
    event('process_kprobe', { function_name: 'tcp_connect', args: [{ sock_arg: socket }] }, 7n),
  ]
  return importRuns({
    file: 'tetragon.jsonl',
    bytes: new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join('\n')),
  }).groups
}

function otlp(signal: 'traces' | 'logs', body: object): readonly EntryGroup[] {
  const arrival = { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' } as const
  const scanned = scanOtlp({ signal, encoding: 'json', body: Buffer.from(JSON.stringify(body)), arrival })
  if (scanned.status === 'malformed') throw new Error(scanned.message)
  return scanned.groups
}

function attributes(
  pairs: Readonly<Record<string, string>>,
): readonly { readonly key: string; readonly value: object }[] {
  return Object.entries(pairs).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}
