import type { Answer } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { formatOf, printDocument, say } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import { awaitProjection } from '../../server/projection.ts'
import type { DemoFlags } from './command.ts'

/** What `demo --remove --json` prints. */
export type DemoRemoved = Answer<'removeDemo'>

/** Has all demo data of the running server removed, and says what stays. */
export async function removeDemo(context: CliContext, flags: DemoFlags, what: readonly string[]): Promise<void> {
  const others = [
    what.length > 0,
    flags.only !== undefined,
    flags.respond === true,
    flags.stay === true,
    flags.otlp !== undefined,
  ]
  if (others.includes(true)) throw new CliError('usage', 'demo --remove removes all demo data: it takes nothing else')
  const format = formatOf(flags, 'table')
  const api = openApi(context, flags)
  const result: DemoRemoved = await api.call('removeDemo')
  const behind = await awaitProjection(api, context.signal)
  if (behind > 0)
    say(context, `the views are ${behind} entries behind the log: what was removed is gone from all that is shown`)
  if (format !== 'table') return printDocument(context, format, result)
  for (const { id, agents, incidents, entries, keys, entry } of result.removed)
    context.stdout.write(
      `demo ${id}: content of ${entries} log entries of ${agents} agents destroyed with ${keys} keys; ` +
        `${incidents} incidents are listed no more\n` +
        `  what stays: their leaves in the log, which are digests, and the record of the removal, log entry ${entry}\n`,
    )
}
