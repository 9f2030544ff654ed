/** What a ticket desk does in one execution: the tool that it calls, and the host that the tool asks. */
export type DeskCall = { readonly tool: string; readonly host: string }

const USUAL: readonly DeskCall[] = [
  { tool: 'ticket.read', host: 'helpdesk.example.test' },
  { tool: 'crm.query', host: 'crm.example.test' },
]
const FIRST_DAY = Date.UTC(2026, 8, 1)
const DAY_MS = 86_400_000
const EXECUTIONS = 40

/** A simulated history of a desk that does the same every day, and `calls` beside it on single days (from 0). */
export function deskHistory(
  name: string,
  {
    days,
    calls = [],
    executions = EXECUTIONS,
  }: {
    readonly days: number
    readonly calls?: readonly (DeskCall & { readonly day: number })[]
    /** Usual ones of each day. */
    readonly executions?: number
  },
): string {
  const lines = Array.from({ length: days }, (_, day) => {
    const usual = Array.from({ length: executions }, (_, i) => execution(name, { day, i, calls: USUAL }))
    const others = calls
      .filter((one) => one.day === day)
      .map((call, i) => execution(name, { day, i: executions + i, calls: [call] }))
    return requestOf(name, [...usual, ...others].flat())
  })
  const header = { holdfastHistory: 1, clock: 'simulated', tool: 'desk' }
  return `${[header, ...lines].map((line) => JSON.stringify(line)).join('\n')}\n`
}

export function deskAgent(name: string): string {
  return `k8s:test/support/${name}`
}

/** The day of a history, in RFC 3339. */
export function dayOf(day: number): string {
  return new Date(FIRST_DAY + day * DAY_MS).toISOString()
}

type Attributes = Readonly<Record<string, string>>

function execution(
  name: string,
  { day, i, calls }: { readonly day: number; readonly i: number; readonly calls: readonly DeskCall[] },
): readonly object[] {
  const at = FIRST_DAY + day * DAY_MS + 8 * 3_600_000 + i * 10_000
  const trace = hexOf(`${name} ${day} ${i}`, 32)
  const span = (n: number, of: { name: string; kind: number; attributes: Attributes }): object => ({
    traceId: trace,
    spanId: hexOf(`${trace} ${n}`, 16),
    name: of.name,
    kind: of.kind,
    startTimeUnixNano: String(BigInt(at + n * 100) * 1_000_000n),
    endTimeUnixNano: String(BigInt(at + n * 100 + 50) * 1_000_000n),
    attributes: Object.entries({ ...of.attributes, 'gen_ai.conversation.id': `${name}-${day}-${i}` }).map(
      ([key, value]) => ({ key, value: { stringValue: value } }),
    ),
  })
  const chat = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.response.model': 'gpt-5-mini',
  }
  return [
    span(0, { name: 'chat gpt-5-mini', kind: 1, attributes: chat }),
    ...calls.flatMap(({ tool, host }, n) => [
      span(1 + 2 * n, {
        name: `execute_tool ${tool}`,
        kind: 1,
        attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': tool },
      }),
      span(2 + 2 * n, {
        name: 'GET',
        kind: 3,
        attributes: { 'http.request.method': 'GET', 'url.full': `https://${host}/x`, 'server.address': host },
      }),
    ]),
  ]
}

function requestOf(name: string, spans: readonly object[]): object {
  const attributes = {
    'service.name': name,
    'k8s.cluster.name': 'test',
    'k8s.namespace.name': 'support',
    'k8s.deployment.name': name,
    'k8s.pod.name': `${name}-7c9d8b6f5-q2x4z`,
  }
  const resource = {
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } })),
  }
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'simulation' }, spans }] }] }
}

/** Digits that hang on the text alone: FNV-1a, as often as needed. */
function hexOf(text: string, digits: number): string {
  let out = ''
  for (let round = 0; out.length < digits; round += 1) {
    let value = 0x811c9dc5
    for (const character of `${round} ${text}`) value = Math.imul(value ^ character.charCodeAt(0), 0x01000193)
    out += (value >>> 0).toString(16).padStart(8, '0')
  }
  return out.slice(0, digits)
}
