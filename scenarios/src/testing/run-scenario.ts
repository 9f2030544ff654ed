import type { ScenarioName } from '../demo/stories.ts'
import { runDemo } from '../demo/run-demo.ts'
import { decodeTraces } from './decode-traces.ts'
import type { TestSpan } from './decode-traces.ts'
import { startOtlpSink } from './otlp-sink.ts'

export type ScenarioRun = {
  /** The agent's printed answer. */
  readonly answer: string
  readonly spans: readonly TestSpan[]
}

/** Runs one scenario's processes against a receiver on a real port; throws with the agent's output where it fails. */
export async function runScenario(name: ScenarioName): Promise<ScenarioRun> {
  await using sink = await startOtlpSink()
  let answer = ''
  const result = await runDemo({
    otlpUrl: sink.url,
    only: [name],
    onProgress: (progress) => {
      answer = progress.detail
    },
  })
  if (result.failed.length > 0) throw new Error(answer)
  return { answer, spans: decodeTraces(sink.bodies) }
}

/** Spans whose attribute `key` is `value`, in no particular order. */
export function having(spans: readonly TestSpan[], key: string, value: unknown): readonly TestSpan[] {
  return spans.filter((span) => span.attributes.get(key) === value)
}

/** The only span of that name; throws where there are none or several spans. */
export function only(spans: readonly TestSpan[], name: string): TestSpan {
  const [span, ...others] = spans.filter((candidate) => candidate.name === name)
  if (span === undefined || others.length > 0)
    throw new Error(`wanted one span "${name}", got: ${spans.map((candidate) => candidate.name).join(', ')}`)
  return span
}

export function text(span: TestSpan, key: string): string {
  const value = span.attributes.get(key) ?? ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Spans whose parent was not received; an unbroken trace has none but its root. */
export function roots(spans: readonly TestSpan[]): readonly string[] {
  const ids = new Set(spans.map((span) => span.spanId))
  return spans.filter((span) => !ids.has(span.parentSpanId)).map((span) => span.name)
}

/** The services that the chain from `span` to its root passes through, its own first. */
export function servicesAbove(spans: readonly TestSpan[], span: TestSpan): readonly string[] {
  const services: string[] = []
  for (let at: TestSpan | undefined = span; at !== undefined; at = parentOf(spans, at))
    if (services.at(-1) !== at.service) services.push(at.service)
  return services
}

function parentOf(spans: readonly TestSpan[], span: TestSpan): TestSpan | undefined {
  return spans.find((candidate) => candidate.spanId === span.parentSpanId)
}
