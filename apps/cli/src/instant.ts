import { formatRfc3339, parseInstant, parseUnixNano, type UnixNano } from '@holdfast/model'
import { CliError } from './cli-error.ts'
import { inert } from './render/inert.ts'

/** A flag's instant as the API takes it, RFC 3339, of any form that `parseInstant` reads. Throws `usage`. */
export function instantOf(flag: string, text: string, nowMs: number): string {
  return formatRfc3339(nanosOf(flag, text, nowMs))
}

/**
 * The same in nanoseconds. A time without a zone is refused, because two people would read it differently; `also` says
 * what else the flag takes.
 */
export function nanosOf(flag: string, text: string, nowMs: number, also = ''): UnixNano {
  const now = parseUnixNano(BigInt(nowMs) * 1_000_000n) ?? (0n as UnixNano) // 0 is a time
  const parsed = parseInstant(text, { now })
  switch (parsed.status) {
    case 'ok':
      return parsed.at
    case 'needs-zone':
      throw new CliError('usage', `--${flag} ${inert(text)} has no zone`, {
        remedy: `write --${flag} ${parsed.inUtc} for UTC`,
      })
    case 'bad':
      throw new CliError('usage', `--${flag} does not understand "${inert(text)}": ${parsed.reason}`, {
        remedy: `write 2026-11-21T14:32:00Z, 14:32Z, an epoch, or 10m, 2h, 3d for so long ago${also}`,
      })
  }
}
