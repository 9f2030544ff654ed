import { MAX_TTL_SECONDS } from './limits.ts'
import type { RuleFile } from './yaml.ts'

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }
const NANOS = 1_000_000_000n

/** `90s`, `15m`, `2h`, `7d`, `2w` in nanoseconds. What is longer than a memory may last is cut, and the file notes it. */
export function parseSpan(
  file: RuleFile,
  { text, at, what }: { readonly text: string; readonly at: number; readonly what: string },
): bigint | undefined {
  const [, digits, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? []
  if (digits === undefined) return file.problem(at, `${what} is a number and one of s, m, h, d, w, such as 15m`)
  const seconds = Number(digits) * (UNIT_SECONDS[unit] ?? 1)
  if (seconds <= MAX_TTL_SECONDS) return BigInt(seconds) * NANOS
  file.note(at, `${what} ${text} is cut to ${MAX_TTL_SECONDS / 86_400}d, the longest there is`)
  return BigInt(MAX_TTL_SECONDS) * NANOS
}
