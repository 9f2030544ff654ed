import type { SpanName } from './active-span.ts'
import { call, field, spanNameOf } from './span-fields.ts'

/** Where every copy of LangChain.js keeps the run that the running code is part of (`@langchain/core`, singletons). */
const STORE = Symbol.for('ls:tracing_async_local_storage')
const CONFIG = Symbol.for('lc:child_config')

/** Runs climbed from a tool to the one that the agent began with; deeper nesting than this is a broken library. */
const MAX_CLIMB = 256

/**
 * The span of the LangChain.js or LangGraph.js run that the running code is part of, where an instrumentation that keeps
 * the spans of open runs (OpenInference) listens. It makes spans from callbacks and sets none active. An OpenTelemetry
 * span that was opened since the outermost run began is nearer, and stays.
 */
export function activeLangChainSpan(active: SpanName | undefined): SpanName | undefined {
  const storage: unknown = Reflect.get(globalThis, STORE)
  const config = field(field(call(storage, 'getStore'), 'extra'), CONFIG)
  const callbacks = field(config, 'callbacks')
  const run = field(callbacks, '_parentRunId')
  const handlers = field(callbacks, 'handlers')
  if (typeof run !== 'string' || !Array.isArray(handlers)) return active
  for (const handler of handlers) {
    const runs = field(handler, 'runs')
    const span = field(field(runs, run), 'span')
    const name = spanNameOf(span)
    if (name === undefined) continue
    const outer = parentOf(field(field(runs, outermost(runs, run)), 'span'))
    return active === undefined || active.spanId === outer ? name : active
  }
  return active
}

function outermost(runs: unknown, run: string): string {
  let at = run
  for (let climbed = 0; climbed < MAX_CLIMB; climbed++) {
    const parent = field(field(field(runs, at), 'run'), 'parent_run_id')
    if (typeof parent !== 'string' || field(runs, parent) === undefined) return at
    at = parent
  }
  return at
}

/** The parent as version 2 of OpenTelemetry JS keeps it, else as version 1 did. */
function parentOf(span: unknown): unknown {
  return field(field(span, 'parentSpanContext'), 'spanId') ?? field(span, 'parentSpanId')
}
