import { scanOtlp } from '@holdfast/capture'
import type { EntryGroup } from '@holdfast/model'

/** When the first conversation begins, in Unix nanoseconds; each begins a minute after the one before. */
const START = 1_780_000_000_000_000_000n
export const SPANS_A_CONVERSATION = 20

/** One of a hundred agents looks up twenty pages; `hasIdentity`: each call says as whom it was made. */
export function quietConversation(at: number, { hasIdentity = false } = {}): readonly EntryGroup[] {
  const service = `desk-${at % 100}`
  const identity = {
    'holdfast.identity.principal': `system:serviceaccount:desks:${service}`,
    'holdfast.identity.kind': 'service-account',
  }
  const spans = Array.from({ length: SPANS_A_CONVERSATION }, (_, n) => {
    const start = START + BigInt(at) * 60_000_000_000n + BigInt(n) * 1_000_000_000n
    return {
      traceId: `c${at.toString(16).padStart(31, '0')}`,
      spanId: (n + 1).toString(16).padStart(16, '0'),
      kind: 1,
      name: 'execute_tool page.read',
      startTimeUnixNano: start.toString(),
      endTimeUnixNano: (start + 500_000_000n).toString(),
      attributes: attributes({
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'page.read',
        'gen_ai.tool.call.id': `${at}-${n}`,
        'gen_ai.tool.call.arguments': JSON.stringify({ page: n }),
        'gen_ai.tool.call.result': JSON.stringify({ page: n, text: `Page ${n} of the handbook.` }),
        ...(hasIdentity ? identity : {}),
      }),
    }
  })
  const resource = { attributes: attributes({ 'service.name': service, 'k8s.deployment.name': service }) }
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'bench' }, spans }] }] })
  const arrival = { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' } as const
  const scanned = scanOtlp({ signal: 'traces', encoding: 'json', body: Buffer.from(body), arrival })
  if (scanned.status === 'malformed') throw new Error(scanned.message)
  return scanned.groups
}

function attributes(pairs: Readonly<Record<string, string>>): readonly unknown[] {
  return Object.entries(pairs).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}
