import type { Answer } from '@holdfast/api'
import type { CliContext } from '../../context.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import type { PlaceFlags } from './command.ts'
import { findArtifact } from './find-artifact.ts'

type Placed = Answer<'applyPolicy'>

/** Puts a policy into its cluster. */
export async function policyApply(this: CliContext, flags: PlaceFlags, given: string): Promise<void> {
  await place(this, { flags, given, route: 'applyPolicy' })
}

/** Takes it out again. */
export async function policyWithdraw(this: CliContext, flags: PlaceFlags, given: string): Promise<void> {
  await place(this, { flags, given, route: 'withdrawPolicy' })
}

async function place(
  context: CliContext,
  {
    flags,
    given,
    route,
  }: { readonly flags: PlaceFlags; readonly given: string; readonly route: 'applyPolicy' | 'withdrawPolicy' },
): Promise<void> {
  const api = openApi(context, flags)
  const artifact = await findArtifact(api, given)
  const body = { reason: flags.reason, rehearse: !flags.yes }
  const document = await api.call(route, { params: { artifact }, body })
  printList(context, { format: formatOf(flags, 'table'), columns: COLUMNS, rows: [document], document })
  if (!flags.yes) say(context, 'this was a rehearsal: add --yes to carry it out')
}

const COLUMNS: readonly Column<Placed>[] = [
  { title: 'TARGET', value: ({ target }) => target },
  { title: 'LOG ENTRY', value: ({ entry }) => entry },
  { title: 'OUTCOME', value: ({ detail }) => detail, widest: 90 },
]
