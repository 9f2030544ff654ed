import { AsyncLocalStorage } from 'node:async_hooks'

import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import type { Context } from '@opentelemetry/api'

export type DecodedSpan = {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly status: object
  readonly attributes: Readonly<Record<string, unknown>>
}

type Wire = { readonly key: string; readonly value: Readonly<Record<string, unknown>> }

/** The spans of an encoded batch, attributes as a plain object: tests only, where the keys are ours. */
export function decodeSpans(body: string): readonly DecodedSpan[] {
  // The shape is that of our own encoder, and a test that reads something else from it fails on the next line.
  const request = JSON.parse(body) as {
    readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly object[] }[] }[]
  }
  return request.resourceSpans
    .flatMap((resource) => resource.scopeSpans)
    .flatMap((scope) => scope.spans)
    .map((span) => {
      const wire = span as Omit<DecodedSpan, 'attributes'> & { readonly attributes: readonly Wire[] }
      return { ...wire, attributes: Object.fromEntries(wire.attributes.map(({ key, value }) => [key, plain(value)])) }
    })
}

/** The one span of that name; throws where there are none or several. */
export function onlySpan(spans: readonly DecodedSpan[], name: string): DecodedSpan {
  const [span, ...others] = spans.filter((candidate) => candidate.name === name)
  if (span === undefined || others.length > 0)
    throw new Error(`wanted one span "${name}", got: ${spans.map((candidate) => candidate.name).join(', ')}`)
  return span
}

/** Lets `context.with` work, as an OpenTelemetry SDK does when it starts. */
export function useActiveContext(): void {
  const storage = new AsyncLocalStorage<Context>()
  context.setGlobalContextManager({
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, fn, thisArg, ...args) => storage.run(active, () => fn.apply(thisArg, args)),
    bind: (_active, target) => target,
    enable() {
      return this
    },
    disable() {
      storage.disable()
      return this
    },
  })
}

function plain(value: Readonly<Record<string, unknown>>): unknown {
  if ('intValue' in value) return Number(value['intValue'])
  return Object.values(value)[0]
}
