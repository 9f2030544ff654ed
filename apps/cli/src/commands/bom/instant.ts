import { formatRfc3339, parseRfc3339, parseUnixNano } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import { inert } from '../../render/inert.ts'

const UNIT_NANOS = { s: 1_000_000_000n, m: 60_000_000_000n, h: 3_600_000_000_000n, d: 86_400_000_000_000n } as const

/** An instant as the API takes it: RFC 3339 as it was typed, or so long ago (`10m`, `2h`, `3d`). Throws `usage`. */
export function instantOf(flag: string, text: string, nowMs: number): string {
  const [, count, unit] = /^([0-9]{1,6})([smhd])$/.exec(text) ?? []
  if (count !== undefined && (unit === 's' || unit === 'm' || unit === 'h' || unit === 'd')) {
    const time = parseUnixNano(BigInt(nowMs) * 1_000_000n - BigInt(count) * UNIT_NANOS[unit])
    if (time !== undefined) return formatRfc3339(time)
  }
  const time = parseRfc3339(text)
  if (time !== undefined) return formatRfc3339(time)
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/.test(text)) {
    throw new CliError('usage', `--${flag} ${text} has no zone`, {
      remedy: `write --${flag} ${text.replace(' ', 'T')}Z for UTC`,
    })
  }
  throw new CliError('usage', `--${flag} does not understand "${inert(text)}"`, {
    remedy: `write --${flag} 2026-11-17T14:32:00Z, or 10m, 2h, 3d for so long ago`,
  })
}
