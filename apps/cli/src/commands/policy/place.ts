import { ours } from '../../called-as.ts'
import type { Answer } from '@holdfast/api'
import type { CliContext } from '../../context.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { CliError } from '../../cli-error.ts'
import type { ApplyFlags, PlaceFlags } from './command.ts'
import { findArtifact } from './find-artifact.ts'
import { rolloutStart } from './steps.ts'

type Placed = Answer<'withdrawPolicy'> & Partial<Pick<Answer<'applyPolicy'>, 'plan'>>

/** Puts a policy into its cluster; with `--monitor`, has a group watched. */
export async function policyApply(this: CliContext, flags: ApplyFlags, given?: string): Promise<void> {
  const named = flags.class ?? flags.agent
  if (flags.monitor) {
    if (given !== undefined || flags.yes || flags.clusterWide || flags.plan !== undefined)
      throw new CliError(
        'usage',
        '--monitor watches all policies of a class or an agent at once: no ARTIFACT, no --yes, --cluster-wide or --plan',
      )
    return rolloutStart.call(this, flags)
  }
  if (named !== undefined) throw new CliError('usage', '--class and --agent are of --monitor: apply takes one ARTIFACT')
  if (given === undefined)
    throw new CliError('usage', 'name the ARTIFACT, or --monitor with a --class', {
      remedy: ours`holdfast policy list`,
    })
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
  }: {
    readonly flags: PlaceFlags & Pick<ApplyFlags, 'plan'>
    readonly given: string
    readonly route: 'applyPolicy' | 'withdrawPolicy'
  },
): Promise<void> {
  const api = openApi(context, flags)
  const artifact = await findArtifact(api, given)
  const body = {
    reason: flags.reason,
    rehearse: !flags.yes,
    ...(flags.clusterWide ? { scope: 'cluster' as const } : {}),
    ...(flags.plan === undefined ? {} : { plan: flags.plan }),
  }
  const document: Placed = await api.call(route, { params: { artifact }, body })
  printList(context, { format: formatOf(flags, 'table'), columns: COLUMNS, rows: [document], document })
  if (flags.yes) return
  const { plan } = document
  const just = plan === undefined ? '' : `, and --plan ${plan} to carry out this and nothing else`
  say(context, `this was a rehearsal: add --yes to carry it out${just}`)
}

const COLUMNS: readonly Column<Placed>[] = [
  { title: 'TARGET', value: ({ target }) => target },
  { title: 'LOG ENTRY', value: ({ entry }) => entry },
  { title: 'OUTCOME', value: ({ detail }) => detail, widest: 90 },
]
