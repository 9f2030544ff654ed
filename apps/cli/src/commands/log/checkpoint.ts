import type { CliContext } from '../../context.ts'
import { inertBlock } from '../../render/inert.ts'
import { formatOf, printDocument } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import type { LogFlags } from './command.ts'

/** Signs a checkpoint now and prints its note. */
export async function logCheckpoint(this: CliContext, flags: LogFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const checkpoint = await openApi(this, flags).call('makeCheckpoint')
  if (format === 'table') this.stdout.write(inertBlock(checkpoint.note))
  else printDocument(this, format, checkpoint)
}
