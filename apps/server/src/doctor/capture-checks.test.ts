import type { Agent, AgentDetail } from '@holdfast/api'
import { expect, test } from 'vitest'
import { captureChecks } from './capture-checks.ts'

const OTLP = 'http://127.0.0.1:14318'

/** As much of an agent as the checks read. */
function heard(dialects: readonly string[]): { readonly agent: Agent; readonly detail: AgentDetail } {
  const detail = {
    id: 'a',
    name: 'desk',
    coverage: {
      entries: 4,
      mapped: 4,
      unmappedKeys: [],
      dialects: dialects.map((dialect) => ({ dialect })),
      contents: { captured: 0, redacted: 0, truncated: 0, 'not-captured': 3, suppressed: 0 },
    },
  }
  return { agent: { id: 'a' } as Agent, detail: detail as unknown as AgentDetail }
}

async function remedyOf(...dialects: readonly string[]): Promise<string> {
  const { agent, detail } = heard(dialects)
  const checks = await captureChecks(
    { views: { ask: () => Promise.resolve(JSON.stringify(detail)) }, otlpHttp: OTLP },
    [agent],
  )
  return checks.find(({ id }) => id === 'content a')?.remedy ?? ''
}

test('a setting is named once, with the dialects that have it, and none for what a kernel or a proxy saw', async () => {
  const remedy = await remedyOf('otel-genai', 'sensor', 'tetragon', 'mcp')
  expect(remedy.split('OTEL_SEMCONV_STABILITY_OPT_IN').length).toBe(2)
  expect(remedy).toMatch(/^otel-genai: set /)
  expect(remedy).not.toMatch(/sensor|tetragon|mcp/)
})

test('where no agent was heard, the address is that of this server', async () => {
  const [senders] = await captureChecks({ views: { ask: () => Promise.resolve('{}') }, otlpHttp: OTLP }, [])
  expect(senders?.remedy).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=${OTLP} `)
})

test('where no instrumentation has a setting, the usual one of the field is named', async () => {
  expect(await remedyOf('sensor')).toMatch(/^set OTEL_/)
})

test('agents of one name are told apart by their ids', async () => {
  const { detail } = heard(['otel-genai'])
  const agents = ['a/desk', 'b/desk', 'c/till'].map((id) => ({ id, name: id.slice(2) }) as Agent)
  const ask = (_: string, { agent }: { agent?: string } = {}): Promise<string> =>
    Promise.resolve(JSON.stringify({ ...detail, ...agents.find(({ id }) => id === agent) }))
  const titles = (await captureChecks({ views: { ask: ask as never }, otlpHttp: OTLP }, agents)).map(
    ({ title }) => title,
  )
  expect(titles.filter((title) => title.startsWith('content'))).toEqual([
    'content of desk (a/desk)',
    'content of desk (b/desk)',
    'content of till',
  ])
})
