/** A trace context and the process whose environment held it. */
export type TraceContext = {
  /** 16 and 8 bytes. */
  readonly trace: Buffer
  readonly span: Buffer
  /** 0 where a run states it, not a process. */
  readonly pid: number
  readonly startLow: number
  readonly startHigh: number
}

/** Undefined unless the text is a `traceparent` (https://www.w3.org/TR/trace-context/#traceparent-header). Untrusted. */
export function parseTraceparent(
  text: string,
  owner: { readonly pid: number; readonly startLow: number; readonly startHigh: number },
): TraceContext | undefined {
  const [, version, trace = '', span = ''] = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/.exec(text) ?? []
  if (version === undefined || version === 'ff' || /^0+$/.test(trace) || /^0+$/.test(span)) return undefined
  return { trace: Buffer.from(trace, 'hex'), span: Buffer.from(span, 'hex'), ...owner }
}

/** Whoever's environment held them. */
export function isSameContext(a: TraceContext, b: TraceContext): boolean {
  return a.trace.equals(b.trace) && a.span.equals(b.span)
}
