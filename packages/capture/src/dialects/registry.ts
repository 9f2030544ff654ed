import type { Received } from '../decode/records.ts'
import type { Dialect } from './dialect.ts'
import { otelGenAi } from './otel-genai.ts'
import { otelSemconv } from './semconv.ts'

/** All dialects in the order in which they are asked: scope name, then marker attribute, then fallback. */
export const DIALECTS: readonly Dialect[] = [otelGenAi, otelSemconv]

/** The first dialect that recognises the record. */
export function dialectOf(received: Received): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.recognises(received))
}
