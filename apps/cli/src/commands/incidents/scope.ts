import { counted } from '@holdfast/model'
import type { Answer } from '@holdfast/api'
import { ours } from '../../called-as.ts'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import type { Paint } from '../../render/colour.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import type { ScopeFlags, SweepFlags } from './scope-commands.ts'

type Scope = Answer<'getIncidentScope'>
type Names = Scope['touched']['agents']

/** Names that a page shows of one kind. */
const SHOWN = 8

/** Prints what an incident reached, or fixes it. */
export async function incidentsScope(this: CliContext, flags: ScopeFlags, id: string): Promise<void> {
  const api = openApi(this, flags)
  const { freeze, reason } = flags
  if (freeze && reason === undefined)
    throw new CliError('usage', 'say why the scope is fixed', { remedy: 'add --reason "Analyze is done"' })
  const params = { incident: await resolveIncident(api, id) }
  const scope =
    freeze && reason !== undefined
      ? await api.call('freezeScope', { params, body: { reason } })
      : await api.call('getIncidentScope', { params })
  const format = formatOf(flags, 'table')
  if (format === 'table') this.stdout.write(scopeText(scope, paintOf(this), this.program))
  else printDocument(this, format, scope)
}

/** Prints what a sweep of the receivers found. Exits with 1 while one of them is undecided. */
export async function incidentsSweep(this: CliContext, flags: SweepFlags, id: string): Promise<void> {
  const api = openApi(this, flags)
  const scope = await api.call('getIncidentScope', { params: { incident: await resolveIncident(api, id) } })
  const { incident, receivers, handovers, handoversTotal, elsewhere, cut } = scope
  const format = formatOf(flags, 'table')
  if (format === 'table') this.stdout.write(sweepText(scope, paintOf(this)))
  else printDocument(this, format, { incident, receivers, handovers, handoversTotal, elsewhere, cut })
  if (receivers.some(({ verdict }) => verdict === 'undecided')) this.exit('check-failed')
}

const BEGAN = {
  origin: 'from where the chain begins',
  entry: 'from the text that instructed',
  deed: 'from the deeds: no input is known to have set them off',
} as const

function scopeText(scope: Scope, paint: Paint, program: string | undefined): string {
  const { incident, basis, patientZero, agents, touched, reachable, unresolved, conversations, frozen, cut, nodes } =
    scope
  const [first] = patientZero
  return `${[
    `${paint.bold(incident)}  followed ${BEGAN[basis]}`,
    ...(first === undefined
      ? []
      : [`began    ${inert(first.label)} of ${inert(first.agent)}, told by ${first.tier}  #${first.entry}`]),
    `over     ${counted(conversations.length, 'conversation')}, ${counted(nodes, 'act')} and things`,
    frozen === undefined
      ? ours`fixed    not yet: holdfast incidents scope ID --freeze --reason TEXT`.as(program)
      : `fixed    by ${inert(frozen.by)}: ${inert(frozen.reason)}  #${frozen.entry}${frozen.isSame ? '' : paint.warn('  more is known since')}`,
    ...(cut === 0 ? [] : [paint.warn(`bounds left out ${cut}: all of this is a least`)]),
    '',
    paint.bold('TOUCHED'),
    ...extentLines(touched),
    ...agents.map(({ id, nodes: own }) => `    ${inert(id)}: ${own}`),
    '',
    paint.bold('COULD HAVE BEEN REACHED BESIDE'),
    ...extentLines(reachable, touched),
    ...(unresolved.total === 0 ? [] : [`  nobody knows what these could reach: ${namesText(unresolved)}`]),
    '',
    ours`next: holdfast incidents sweep ${incident}, holdfast incidents audit ${incident}`.as(program),
  ].join('\n')}\n`
}

const KINDS = ['agents', 'identities', 'tools', 'sources', 'systems', 'classes', 'prompts'] as const

/** With `less`, what is not among that. */
function extentLines(extent: Scope['touched'], less?: Scope['touched']): readonly string[] {
  const { known, uncounted } = extent.records
  const records = less === undefined ? known : known - less.records.known
  const counted = uncounted === 0 ? `${records}` : `at least ${records}, and ${uncounted} places that nobody counted`
  const lines = KINDS.flatMap((kind) => {
    const own = extent[kind]
    if (less === undefined) return own.total === 0 ? [] : [line(kind, own)]
    const before = new Set(less[kind].names)
    const names = own.names.filter((name) => !before.has(name))
    const total = own.total - less[kind].total
    return total <= 0 ? [] : [line(kind, { names, total })]
  })
  if (less !== undefined && lines.length === 0 && records === 0) return ['  nothing that is known']
  return [`  records     ${counted}`, ...lines]
}

function line(kind: (typeof KINDS)[number], names: Names): string {
  // Prompts have no names that would tell anybody something.
  return `  ${kind.padEnd(11)} ${names.total}${kind === 'prompts' ? '' : `: ${namesText(names)}`}`
}

function namesText({ names, total }: Names): string {
  const more = total - Math.min(names.length, SHOWN)
  return `${names.slice(0, SHOWN).map(inert).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function sweepText({ incident, receivers, handoversTotal, elsewhere, cut }: Scope, paint: Paint): string {
  const painted = { tainted: paint.bad, undecided: paint.warn, cleared: paint.good }
  return `${[
    `${paint.bold(incident)}  ${handoversTotal} hand-overs, ${receivers.length} receivers`,
    ...receivers.flatMap(({ receiver, verdict, words, shared, texts, entries, notExcluded }) => [
      '',
      `${painted[verdict](verdict)}  ${inert(receiver)}`,
      `  ${words}${shared === undefined ? '' : `: "${inert(shared)}"`}`,
      `  ${counted(texts, 'text')}${entries.length === 0 ? '' : `: #${entries.slice(0, 4).join(' #')}${entries.length > 4 ? ' ...' : ''}`}`,
      ...(notExcluded === undefined ? [] : [`  not ruled out: ${notExcluded}`]),
    ]),
    ...(elsewhere.items.length === 0
      ? []
      : [
          '',
          paint.warn('the same text entered contexts beyond this incident'),
          ...elsewhere.items
            .slice(0, SHOWN)
            .map(({ agent, conversation, kind }) => `  ${inert(agent)} in ${inert(conversation)}, as ${kind}`),
        ]),
    ...(cut === 0 ? [] : ['', paint.warn(`bounds left out ${cut}`)]),
  ].join('\n')}\n`
}
