import type { SpanName } from './active-span.ts'

/** The name of an OpenTelemetry span of any copy; undefined for what is none. */
export function spanNameOf(span: unknown): SpanName | undefined {
  const named = call(span, 'spanContext')
  const traceId = field(named, 'traceId')
  const spanId = field(named, 'spanId')
  if (!isId(traceId, 32) || !isId(spanId, 16)) return undefined
  const flags = field(named, 'traceFlags')
  const traceState = call(field(named, 'traceState'), 'serialize')
  return {
    traceId,
    spanId,
    flags: typeof flags === 'number' ? flags : 1,
    traceState: typeof traceState === 'string' && traceState !== '' ? traceState : undefined,
  }
}

/** True for lowercase hex of that many digits that is not all zero. */
export function isId(value: unknown, digits: number): value is string {
  return typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/.test(value) && /[1-9a-f]/.test(value)
}

export function field(of: unknown, name: string | symbol): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined
}

export function call(of: unknown, name: string, ...args: readonly unknown[]): unknown {
  const method = field(of, name)
  return typeof method === 'function' ? Reflect.apply(method, of, args) : undefined
}
