import { counted } from '@holdfast/model'
import type { Agent, AgentDetail } from '@holdfast/api'
import { remedyFor, settingFor } from '@holdfast/graph'
import type { ViewsClient } from '../views/client.ts'
import { calledOf } from './called.ts'
import type { FoundCheck } from './found-check.ts'

export type CaptureSources = {
  readonly views: Pick<ViewsClient, 'ask'>
  /** Address for OTLP over HTTP, as agents are told it. */
  readonly otlpHttp: string
}

/** What agents tell, and the exact setting that would have them tell more. */
export async function captureChecks(
  { views, otlpHttp }: CaptureSources,
  items: readonly Agent[],
): Promise<readonly FoundCheck[]> {
  if (items.length === 0) {
    return [
      {
        id: 'senders',
        status: 'WARN',
        title: 'no agent has been heard',
        detail: 'nothing was received yet',
        remedy: `export OTEL_EXPORTER_OTLP_ENDPOINT=${otlpHttp} and OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf (gRPC, the default in Python, goes to the gRPC port), and start the agent; or run \`holdfast demo\``,
      },
    ]
  }
  const details = await Promise.all(
    items.map(async ({ id }) => JSON.parse(await views.ask('getAgent', { agent: id })) as AgentDetail),
  ) // the route's own answer
  const called = calledOf(items)
  return details.flatMap((agent) => [contentCheck(agent, called(agent)), mappingCheck(agent, called(agent))])
}

function contentCheck(agent: AgentDetail, called: string): FoundCheck {
  const { captured, redacted, truncated } = agent.coverage.contents
  const missing = agent.coverage.contents['not-captured']
  const all = captured + redacted + truncated + missing
  const id = `content ${agent.id}`
  const title = `content of ${called}`
  if (all === 0)
    return {
      id,
      status: 'WARN',
      title,
      detail: 'no prompt, output or tool call seen',
      remedy: `\`holdfast evidence status CONVERSATION\` names what its instrumentation (${dialectsOf(agent)}) can be told to send`,
    }
  if (missing === 0) return { id, status: 'PASS', title, detail: `all ${all} contents captured` }
  return {
    id,
    status: captured + redacted + truncated === 0 ? 'FAIL' : 'WARN',
    title,
    detail: `${missing} of ${all} contents are not captured`,
    remedy: settingsOf(agent),
  }
}

const TOPICS = ['prompts', 'outputs', 'tool-arguments', 'tool-results'] as const

/** The settings that make each instrumentation of the agent send its content, each once; where none has one, what is usual. */
function settingsOf(agent: AgentDetail): string {
  const dialects = [...new Set(agent.coverage.dialects.map(({ dialect }) => dialect))]
  const wanted = dialects.flatMap((dialect) =>
    TOPICS.flatMap((topic) => {
      const setting = settingFor(dialect, topic)
      return setting === undefined ? [] : [{ dialect, setting }]
    }),
  )
  const settings = [...Map.groupBy(wanted, ({ setting }) => setting)].map(
    ([setting, of]) => `${[...new Set(of.map(({ dialect }) => dialect))].join(', ')}: ${setting}`,
  )
  const own = settings.length > 0 ? settings : [...new Set(TOPICS.map((topic) => remedyFor('', topic)))]
  return `${own.join('; ')}. \`holdfast evidence status CONVERSATION\` names each missing piece`
}

function mappingCheck(agent: AgentDetail, called: string): FoundCheck {
  const share = agent.coverage.entries === 0 ? 1 : agent.coverage.mapped / agent.coverage.entries
  const top = agent.coverage.unmappedKeys.slice(0, 5).map(({ key }) => key)
  return {
    id: `mapping ${agent.id}`,
    status: share < 0.5 ? 'WARN' : 'PASS',
    title: `dialects of ${called}`,
    detail: `${dialectsOf(agent)}; ${(share * 100).toFixed(0)} % of ${counted(agent.coverage.entries, 'entry', 'entries')} mapped${top.length === 0 ? '' : `; not mapped: ${top.join(', ')}`}`,
    ...(share < 0.5
      ? { remedy: 'the entries are kept whole: a later version that knows the dialect reads them again' }
      : {}),
  }
}

function dialectsOf(agent: AgentDetail): string {
  return [...new Set(agent.coverage.dialects.map(({ dialect }) => dialect))].join(', ')
}
