import type { RecoveringAgent, RecoveryWire } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import type { Paint } from '../../render/colour.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import { instantOf } from '../../instant.ts'
import type { RecoverFlags } from './learn-commands.ts'

/** Prints how the agents of an incident come back; with `--mark` their profiles are marked first. */
export async function incidentsRecover(this: CliContext, flags: RecoverFlags, id: string): Promise<void> {
  const { mark, since, reason } = flags
  if (mark && reason === undefined) throw new CliError('usage', '--mark needs --reason: it stands in the log')
  if (!mark && since !== undefined) throw new CliError('usage', '--since is given with --mark')
  const api = openApi(this, flags)
  const params = { incident: await resolveIncident(api, id) }
  const recovery =
    mark && reason !== undefined
      ? await api.call('markContaminated', {
          params,
          body: { reason, ...(since === undefined ? {} : { since: instantOf('since', since, Date.now()) }) },
        })
      : await api.call('getRecovery', { params })
  const format = formatOf(flags, 'table')
  if (format === 'table') this.stdout.write(pageText(recovery, paintOf(this)))
  else printDocument(this, format, recovery)
}

function pageText({ incident, since, sinceEntry, agents }: RecoveryWire, paint: Paint): string {
  const shown = sinceEntry === undefined ? '' : ` (log entry ${sinceEntry})`
  return `${[
    paint.bold(incident),
    `first tainted input: ${since}${shown}`,
    ...agents.flatMap((agent) => ['', ...agentLines(agent, paint)]),
  ].join('\n')}\n`
}

function agentLines(agent: RecoveringAgent, paint: Paint): readonly string[] {
  const { name, contaminated, restore, mode, staging, monitoredHours, recurrences, recurred, build, grants, profile } =
    agent
  const line = (title: string, words: string | undefined): readonly string[] =>
    words === undefined ? [] : [`  ${title.padEnd(12)}${inert(words)}`]
  return [
    paint.bold(inert(name)),
    ...line(
      'profile',
      profile === undefined ? 'nothing was observed' : `${profile.status}, until ${profile.observedUntil}`,
    ),
    ...line(
      'tainted',
      contaminated === undefined
        ? 'not marked'
        : `from ${contaminated.since} ${contaminated.until === undefined ? 'on' : `until ${contaminated.until}`}`,
    ),
    ...line('restore', `${restore.allowed ? 'allowed' : 'refused'}: ${restore.why}`),
    ...line('mode', mode === undefined ? 'nobody stated one' : `${mode.mode}, since ${mode.at} by ${mode.by}`),
    ...line(
      'staging',
      staging === undefined ? undefined : `${staging.agent}: parity ${staging.parity}, ${staging.status}`,
    ),
    ...line(
      'monitored',
      monitoredHours === undefined ? undefined : `${monitoredHours} h, ${recurrences ?? 0} of the kind came back`,
    ),
    ...(recurred ?? []).flatMap(({ incident, entry, at }) =>
      line('', `${incident} went on${at === undefined ? '' : ` at ${at}`} (log entry ${entry})`),
    ),
    ...line(
      'build',
      build === undefined
        ? undefined
        : `${build.matches ? 'what runs is what was built' : 'what runs is not what was built'}`,
    ),
    ...line(
      'grants',
      grants === undefined ? undefined : `${grants.exercisedUncovered} used without one, ${grants.unusedExcess} idle`,
    ),
  ]
}
