import { ours } from '../../called-as.ts'
import { counted } from '@holdfast/model'
import type { Answer } from '@holdfast/api'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, say } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import type { ConnectorsPlatformsFlags } from './command.ts'

type Platform = Answer<'listManagedPlatforms'>['items'][number]

/** Prints what platforms that host agents tell, and what they give no means for; with `--sweep` it is read first. */
export async function connectorsPlatforms(this: CliContext, flags: ConnectorsPlatformsFlags): Promise<void> {
  const api = openApi(this, flags)
  const { items } = flags.sweep
    ? await api.call('sweepManagedPlatforms', { body: {} })
    : await api.call('listManagedPlatforms')
  const format = formatOf(flags, 'table')
  if (format === 'table') this.stdout.write(items.map(platformText).join('\n'))
  else printDocument(this, format, items)
  if (items.length === 0) say(this, ours`no platform is read: holdfast up --connectors FILE (docs/connectors.md)`)
  if (flags.sweep && items.some(({ report }) => (report?.failures.length ?? 0) > 0)) this.exit('check-failed')
}

function platformText({ name, reaches, swept, report, clock, constraints, kernel }: Platform): string {
  const lines = [
    `${inert(name)}: ${inert(reaches)}`,
    ...(report === undefined
      ? ['  not read yet']
      : [
          `  ${counted(report.agents, 'agent')}, by ${report.calls.map(({ api, answers }) => `${inert(api)} (${answers})`).join(', ') || 'no call'}; ${swept === undefined ? 'read before the server started' : `read at ${swept}`}`,
          ...report.changes.map(
            ({ api, added, missing }) =>
              `  CHANGED  ${inert(api)}: ${[...added.map((one) => `+ ${inert(one)}`), ...missing.map((one) => `- ${inert(one)}`)].join(', ')}`,
          ),
          ...(report.leftOut === 0 ? [] : [`  LEFT OUT ${report.leftOut} that a bound on one reading did not let in`]),
          ...report.failures.map(({ api, why }) => `  FAILED   ${inert(api)}: ${inert(why)}`),
        ]),
    `  clock of ${clock.clockMs / 1_000} s: ${clock.status}; ${clock.why}`,
    ...(clock.proposal === undefined ? [] : [`    instead: ${clock.proposal}`]),
    ...constraints.map(
      ({ capability, means, api, reason }) => `  ${capability}  ${means.padEnd(6)}  ${api}: ${reason}`,
    ),
    `  --  ${kernel.means.padEnd(6)}  ${kernel.api}: ${kernel.reason}`,
  ]
  return `${lines.join('\n')}\n`
}
