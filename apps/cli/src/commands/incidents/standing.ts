import { ours } from '../../called-as.ts'
import { HARM_WORDS, harmTimes, holdByStanding, holdByWords, type StandingWire } from '@holdfast/api'
import { formatRfc3339, type UnixNano } from '@holdfast/model'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, say } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import type { IncidentsStandingFlags, IncidentsTakeFlags } from './note-commands.ts'

/** Prints how an incident stands. */
export async function incidentsStanding(this: CliContext, flags: IncidentsStandingFlags, id: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const standing = await api.call('getIncidentStanding', { params: { incident: await resolveIncident(api, id) } })
  if (format !== 'table') return printDocument(this, format, readable(standing))
  const { harm, trigger, next, clocks, owner } = standing
  const found = clocks.classification
  this.stdout.write(
    [
      `harm     ${HARM_WORDS[harm.state]}${timesText(standing)}: ${inert(harm.words)}`,
      ...(harm.hold?.until === undefined ? [] : [`         ends by itself ${timeOf(harm.hold.until)}`]),
      ...(harm.open ?? []).map((one) => `         stays open until this is done: ${inert(one)}`),
      ...harm.because.map(
        ({ words, basis, entries }) =>
          `         [${basis}] ${inert(words)}${entries.map((entry) => `  #${entry}`).join('')}`,
      ),
      `trigger  ${trigger.state}: ${inert(trigger.words)}`,
      found === undefined
        ? 'type     nothing says when it was found'
        : `type     ${found.until === undefined ? 'not named by a person' : `named ${timeOf(found.until)}`}; found ${timeOf(found.from)}`,
      `pace     ${paceText(standing, Date.now())}`,
      `next     ${inert(next.words)}`,
      `owner    ${owner === undefined ? ours`nobody: holdfast incidents take ${standing.incident}`.as(this.program) : `${inert(owner.by)} since ${timeOf(owner.at)}`}`,
      '',
    ].join('\n'),
  )
}

function timesText(standing: StandingWire): string {
  const times = harmTimes(standing)
  switch (times.kind) {
    case 'none':
      return ''
    case 'acts':
      return `${times.first === undefined ? '' : `, first act ${timeOf(times.first)}`}, latest act ${timeOf(times.latest)}`
    case 'at':
    case 'since':
      return ` ${times.kind} ${timeOf(times.at)}`
  }
}

function paceText({ harm, clocks }: Pick<StandingWire, 'harm' | 'clocks'>, nowMs: number): string {
  const { speed, acts, isLeast, reversible, clock, holdBy } = clocks.harm
  const undone =
    reversible.value === 'unknown' ? 'whether it can be undone is not known' : `can be undone: ${reversible.value}`
  const stands = holdByStanding({ harm, clocks }, nowMs)
  const by = holdBy === undefined ? '' : `, hold by ${timeOf(holdBy)}`
  const how = stands === undefined ? '' : ` (${holdByWords(stands)})`
  return `${speed.value} by ${isLeast === true ? 'at least ' : ''}${acts} ${acts === 1 ? 'act' : 'acts'}, ${undone}; clock ${clock}${by}${how}`
}

/** Takes an incident, or gives it back. */
export async function incidentsTake(this: CliContext, flags: IncidentsTakeFlags, id: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const standing = await api.call('ownIncident', {
    params: { incident: await resolveIncident(api, id) },
    body: {
      do: flags.giveBack ? 'give-back' : 'take',
      ...(flags.reason === undefined ? {} : { reason: flags.reason }),
    },
  })
  if (format !== 'table') return printDocument(this, format, readable(standing))
  const { owner } = standing
  say(this, owner === undefined ? 'nobody has it now' : `${inert(owner.by)} has it: log entry ${owner.entry}`)
}

function timeOf(nanos: string): string {
  return formatRfc3339(BigInt(nanos) as UnixNano) // written from a UnixNano
}

const TIMES: ReadonlySet<string> = new Set(['at', 'from', 'until', 'first', 'last', 'holdBy', 'heldAt'])

/** Times as every output of the command line states them. */
function readable(standing: StandingWire): unknown {
  return JSON.parse(
    JSON.stringify(standing, (name, value: unknown) =>
      TIMES.has(name) && typeof value === 'string' && /^\d+$/.test(value) ? timeOf(value) : value,
    ),
  )
}
