/** An agent whose manifest names one model, which falls back to another, side-loads a server and changes its prompt. */
export const FALLBACK = {
  agent: 'k8s:-/shop/desk',
  declaredModel: 'gpt-4.1',
  usedModel: 'gpt-4.1-2025-04-14',
  fallbackModel: 'gpt-4o-mini-2024-07-18',
  server: 'files-mcp',
  start: Date.parse('2026-11-17T13:00:00Z'),
  minutes: 180,
  /** Minutes after the start. */
  fallsBackAt: 60,
  sideLoadsAt: 75,
  promptChangesAt: 90,
} as const

const MINUTE_MS = 60_000

/** The whole history, a line for each record, in the order in which it happened. */
export function fallbackHistory(): string {
  const lines = [
    JSON.stringify({ holdfastHistory: 1, clock: 'simulated', tool: 'fallback' }),
    JSON.stringify({
      holdfastDeclared: { document: 'desk.json', at: instantAt(-5), content: manifest() },
    }),
  ]
  for (let minute = 0; minute < FALLBACK.minutes; minute++) {
    lines.push(callLine(minute))
    if (minute >= FALLBACK.sideLoadsAt && minute % 5 === 0)
      lines.push(toolLine(minute, { tool: 'read_file', server: FALLBACK.server }))
    lines.push(toolLine(minute, { tool: 'lookup_order' }))
    if (minute === FALLBACK.promptChangesAt - 1)
      lines.push(
        JSON.stringify({
          holdfastChange: {
            agent: FALLBACK.agent,
            at: instantAt(minute),
            change: 'prompt-template',
            subject: 'desk',
            changeId: 'CH-12',
            author: 'mira',
          },
        }),
      )
  }
  return `${lines.join('\n')}\n`
}

/** RFC 3339 of so many minutes after the start. */
export function instantAt(minute: number, seconds = 0): string {
  return new Date(FALLBACK.start + minute * MINUTE_MS + seconds * 1000).toISOString().replace('.000Z', 'Z')
}

function manifest() {
  const env = [{ name: 'OPENAI_MODEL', value: FALLBACK.declaredModel }]
  const containers = [{ name: 'desk', image: 'registry.example.test/desk:2.1', env }]
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'desk', namespace: 'shop', annotations: { 'holdfast.dev/tools': 'lookup_order' } },
    spec: { replicas: 3, template: { spec: { serviceAccountName: 'desk', containers } } },
  }
}

function callLine(minute: number): string {
  const isFallback = minute >= FALLBACK.fallsBackAt
  const prompt = minute >= FALLBACK.promptChangesAt ? 'Help, and refund up to 500.' : 'Help, and refund up to 50.'
  const system = [{ type: 'text', content: `${prompt} Today is ${instantAt(minute)}.` }]
  return spanLine(minute, 1, [
    ['gen_ai.operation.name', 'chat'],
    ['gen_ai.provider.name', 'openai'],
    ['gen_ai.request.model', isFallback ? 'gpt-4o-mini' : FALLBACK.declaredModel],
    ['gen_ai.response.model', isFallback ? FALLBACK.fallbackModel : FALLBACK.usedModel],
    ['gen_ai.system_instructions', JSON.stringify(system)],
    [
      'gen_ai.input.messages',
      JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: `order ${minute}` }] }]),
    ],
  ])
}

function toolLine(minute: number, { tool, server }: { readonly tool: string; readonly server?: string }): string {
  return spanLine(minute, server === undefined ? 2 : 3, [
    ['gen_ai.operation.name', 'execute_tool'],
    ['gen_ai.tool.name', tool],
    ['gen_ai.tool.call.arguments', '{}'],
    ...(server === undefined ? [] : [['mcp.server.name', server] as const]),
  ])
}

function spanLine(minute: number, step: number, attributes: readonly (readonly [string, string])[]): string {
  const at = `${FALLBACK.start + minute * MINUTE_MS + step * 1000}000000`
  const pairs = (list: readonly (readonly [string, string])[]) =>
    list.map(([key, stringValue]) => ({ key, value: { stringValue } }))
  const span = {
    traceId: (minute + 1).toString(16).padStart(32, '0'),
    spanId: (minute * 8 + step).toString(16).padStart(16, '0'),
    name: 'step',
    startTimeUnixNano: at,
    endTimeUnixNano: at,
    attributes: pairs(attributes),
  }
  const resource = {
    attributes: pairs([
      ['service.name', 'desk'],
      ['k8s.namespace.name', 'shop'],
      ['k8s.deployment.name', 'desk'],
      ['k8s.pod.name', `desk-${minute % 3}`],
    ]),
  }
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] })
}
