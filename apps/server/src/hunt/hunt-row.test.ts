import { huntValuesOf } from '@holdfast/api'
import type { EventSummary } from '@holdfast/model'
import { expect, test } from 'vitest'
import { toApiEvent } from '../views/api-event.ts'
import { huntEvent } from './hunt-row.ts'

const captured = { state: 'captured', digest: 'd', bytes: 1, mediaType: 'text/plain' }
const suppressed = { state: 'suppressed', rule: 'r' }

const BODIES: readonly object[] = [
  { kind: 'prompt', role: 'user', ordinal: 0, content: captured },
  {
    kind: 'model-call',
    operation: 'chat',
    requestModel: 'm',
    endpoint: 'api.test',
    finishReasons: [],
    usage: {},
    messages: 1,
    error: 'e',
  },
  { kind: 'model-output', ordinal: 0, part: 'tool-request', content: suppressed, toolName: 'wire' },
  { kind: 'tool-definition', toolName: 'wire', description: captured, parameters: suppressed, server: 's' },
  { kind: 'tool-catalogue', server: 's', tools: [], isWhole: true, isAnnounced: false, digest: 'd' },
  { kind: 'tool-call', toolName: 'save', arguments: captured, effect: { kind: 'file-write', path: '/a/b' } },
  { kind: 'tool-call', toolName: 'ask', arguments: captured, effect: { kind: 'request', host: 'h.test' } },
  { kind: 'tool-result', toolName: 'ask', result: captured, error: 'timeout' },
  { kind: 'context-item', ordinal: 0, uri: 'doc://1', query: suppressed, content: captured },
  { kind: 'context-item', ordinal: 0, origin: 'o1', dataSource: 'index', query: suppressed, content: captured },
  { kind: 'memory', operation: 'write', record: 'r1', store: 'notes', content: captured },
  {
    kind: 'declaration',
    format: 'f',
    document: 'iam.json',
    components: [],
    grants: [],
    bindings: [],
    facts: {},
    content: captured,
  },
  { kind: 'identity', principal: 'alice', principalKind: 'user', statedBy: 'a' },
  {
    kind: 'api-call',
    plane: 'aws',
    principal: { id: 'arn:x' },
    action: 's3:GetObject',
    resources: [],
    decision: 'denied',
    request: suppressed,
    response: suppressed,
  },
  { kind: 'change', change: 'deploy', subject: 'v2', author: 'bob' },
  { kind: 'change', change: 'prompt-template', subject: 'guideline 7', author: 'bob' },
  { kind: 'egress', destination: 'e.test', port: 443, protocol: 'https', path: '/x' },
  { kind: 'process', action: 'exec', binary: '/usr/bin/curl', arguments: captured, uid: 0, result: -13 },
  { kind: 'process', action: 'exit', exitCode: 0, signal: 0 },
  { kind: 'file', action: 'write', path: '/etc/passwd', flags: 1, isSensitive: true, isForeign: false, result: -2 },
  { kind: 'connection', action: 'refused', protocol: 'tcp', remote: { address: 'fd00::1', port: 443 }, result: 0 },
  { kind: 'connection', action: 'accept', protocol: 'unix', local: { address: '/run/x', port: 0 }, result: 0 },
  { kind: 'dns', action: 'question', name: 'q.test', recordType: 'A', answers: [] },
  {
    kind: 'socket',
    protocol: 'tcp',
    local: { address: '10.0.0.1', port: 1 },
    remote: { address: '10.0.0.2', port: 2 },
    pid: 1,
    name: 'n.test',
  },
  { kind: 'kernel', action: 'setns', target: '1', details: {}, result: -1 },
  { kind: 'syscall-set', calls: ['read'] },
  { kind: 'guardrail', name: 'g', verdict: 'blocked', detail: captured },
  { kind: 'delegation', mechanism: 'handoff', to: 'b', payload: captured },
  { kind: 'invocation', operation: 'invoke_agent', name: 'a', input: captured, output: suppressed },
  { kind: 'component', component: { kind: 'package', name: 'zod' }, state: 'loaded' },
  { kind: 'step', name: 's', mapped: true, unmapped: [], error: 'e' },
  { kind: 'control', record: { kind: 'capture-policy', policy: undefined, by: 'carol' } },
]

test.each(BODIES.map((body) => [JSON.stringify(body), body] as const))(
  'a query finds the same as it comes and afterwards: %s',
  (_, body) => {
    const event = {
      id: 'e',
      entry: 7,
      claimedAt: 1n,
      recordedAt: 2n,
      context: { trace: 't', conversation: 'c' },
      agent: { id: 'host:vm/a', name: 'a', member: 'planner', instance: 'pod-1' },
      source: { channel: 'otlp', tier: 'self-reported', clock: 'live' },
      body,
    } as unknown as EventSummary // of each kind the fields that are looked at
    const kept = Object.entries(huntEvent(event, 0).values).filter(([, value]) => value !== undefined && value !== '')
    const told = [...huntValuesOf(toApiEvent(event, { index: 7 }))]
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(kept))
  },
)
