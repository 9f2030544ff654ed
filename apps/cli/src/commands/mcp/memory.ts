import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { findsIn, LedgerFile, MemoryGate } from '@holdfast/proxy'
import { CliError } from '../../cli-error.ts'
import { inert } from '../../render/inert.ts'
import type { FollowedRoster } from '../../roster/follow-roster.ts'

/** The gate of `--memory enforce`. Proxies before one server share what it was told to keep, whichever agent told it. */
export function memoryGate(
  { current }: FollowedRoster,
  { spool, target }: { readonly spool: string; readonly target: string },
): MemoryGate {
  const name = createHash('sha256').update(target).digest('hex').slice(0, 16)
  const file = join(spool, 'memory', `${name}.jsonl`)
  const now = (): number => Date.now()
  try {
    const ledger = new LedgerFile({ file, now })
    return new MemoryGate({
      rules: () => current().dataRules,
      finds: findsIn,
      ledger,
      now,
      name: () => randomBytes(8).toString('hex'),
    })
  } catch (cause) {
    throw new CliError('unavailable', `${inert(file)} cannot be read, and says what is to be forgotten`, { cause })
  }
}
