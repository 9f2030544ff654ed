import { ours } from '../../called-as.ts'
import { counted } from '@holdfast/model'
import { spawnSync } from 'node:child_process'
import type { ContainmentWire } from '@holdfast/api'
import { loaderPath } from '@holdfast/sensor'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { jsonText } from '../../render/json.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { yamlText } from '../../render/yaml.ts'
import { openApi, type Api } from '../../server/api.ts'
import { applyIncident, isIncident, planIncident, releaseIncident } from './incident.ts'
import { releaseAll } from './release-all.ts'
import type { ApplyFlags, HistoryFlags, ReleaseFlags, RungFlags } from './command.ts'

type Flags = Pick<RungFlags, 'data' | 'output' | 'json' | 'noInput'>

/** Shows what would be done. */
export async function containPlan(this: CliContext, flags: RungFlags, target: string): Promise<void> {
  if (isIncident(target)) return planIncident(this, flags, target)
  const api = openApi(this, flags)
  const planned = await api.call('planContainment', { body: requestOf(flags, target) })
  const format = formatOf(flags, 'table')
  if (format !== 'table') {
    this.stdout.write(documentOf(planned, format))
    return
  }
  const { plan, planHash, obstacles } = planned
  this.stdout.write(
    `${plan.rung} of ${inert(plan.agentName)} on ${plan.paths.map(inert).join(', ')}, plan ${planHash}\n`,
  )
  this.stdout.write(`evidence: log of ${plan.evidence.logSize} sealed, complete to ${plan.evidence.completeness}\n`)
  for (const obstacle of obstacles) this.stdout.write(`in its way: ${inert(obstacle)}\n`)
}

/** Holds an agent; exit code 1 where the probe did not confirm it. */
export async function containApply(this: CliContext, flags: ApplyFlags, target: string): Promise<void> {
  if (!flags.yes && this.isDryRun !== true) {
    throw new CliError('usage', 'nothing was done', { remedy: 'look with contain plan, then add --yes' })
  }
  if (isIncident(target)) return applyIncident(this, flags, target)
  const api = openApi(this, flags)
  show(this, flags, await api.call('applyContainment', { body: requestOf(flags, target) }))
}

export async function containConfirm(this: CliContext, flags: Flags, target: string): Promise<void> {
  const api = openApi(this, flags)
  const { containment } = await activeOf(api, target)
  show(this, flags, await api.call('confirmContainment', { params: { containment }, body: {} }))
}

export async function containRelease(this: CliContext, flags: ReleaseFlags, target?: string): Promise<void> {
  if (!flags.yes && this.isDryRun !== true) throw new CliError('usage', 'nothing was done', { remedy: 'add --yes' })
  if (flags.local && this.isDryRun === true)
    throw new CliError('usage', '--local asks no server: it has no dry run', {
      remedy: ours`holdfast contain history says what is held`,
    })
  if (flags.local && flags.all) throw new CliError('usage', '--local ends what is held on this host: it takes no --all')
  if (flags.local) return releaseLocal(this, target)
  if (flags.all) return releaseAll(this, flags, target)
  if (target === undefined || flags.reason === undefined) {
    throw new CliError('usage', 'release needs a TARGET and a --reason, or --local')
  }
  if (isIncident(target)) return releaseIncident(this, flags, target)
  const api = openApi(this, flags)
  const { containment } = await activeOf(api, target)
  const released = await api.call('releaseContainment', { params: { containment }, body: { reason: flags.reason } })
  show(this, flags, released)
}

export async function containHistory(this: CliContext, flags: HistoryFlags, target?: string): Promise<void> {
  const api = openApi(this, flags)
  const { items, older } = await api.call('listContainments', { query: target === undefined ? {} : { target } })
  printList(this, { format: formatOf(flags, 'table'), columns, rows: items })
  if (older > 0) say(this, ours`${counted(older, 'older one')}, all of them over: in the log alone, holdfast tail`)
}

const columns: readonly Column<ContainmentWire>[] = [
  { title: 'AGENT', value: ({ plan }) => plan.agentName },
  { title: 'RUNG', value: ({ plan }) => plan.rung },
  { title: 'STATE', value: ({ state, expired }) => (expired && state !== 'released' ? 'over' : state) },
  { title: 'BY', value: ({ by }) => by },
  { title: 'REASON', value: ({ plan }) => plan.reason },
  { title: 'DETAIL', value: ({ detail }) => detail },
  { title: 'ID', value: ({ containment }) => containment, isWide: true },
]

function requestOf(flags: RungFlags, target: string) {
  const { rung, reason, ttl, allow = [] } = flags
  return { target, rung, reason, ttlMs: ttl, allow: allow.map((one) => ({ ...one })) }
}

/** The newest containment of a target that stands, or the one with this id. */
async function activeOf(api: Api, target: string): Promise<ContainmentWire> {
  const { items } = await api.call('listContainments', { query: {} })
  const found = items.find(({ containment, state, plan }) => {
    const names = [containment, plan.target, plan.agent, plan.agentName, plan.run]
    return state !== 'released' && state !== 'refused' && names.includes(target)
  })
  if (found === undefined) throw new CliError('not-found', `nothing of "${inert(target)}" is contained`)
  return found
}

function show(context: CliContext, flags: Flags, done: ContainmentWire): void {
  const format = formatOf(flags, 'table')
  if (format === 'table') {
    const { plan, state, detail } = done
    context.stdout.write(`${inert(plan.agentName)}: ${plan.rung} ${state} (${inert(detail)})\n`)
    for (const { way, held, detail: why } of done.checks) {
      context.stdout.write(`  ${held ? 'held   ' : 'THROUGH'} ${way}: ${inert(why)}\n`)
    }
  } else {
    context.stdout.write(documentOf(done, format))
  }
  if (done.state === 'failed') throw new CliError('check-failed', 'the containment is not confirmed')
}

function documentOf(value: unknown, format: 'json' | 'yaml'): string {
  return format === 'yaml' ? yamlText(value) : `${jsonText(value, 2)}\n`
}

/**
 * The pinned maps and the notes of pauses are asked themselves: this works when sensor and server are dead, and the next
 * sensor puts it on record.
 */
function releaseLocal(context: CliContext, cgroup: string | undefined): void {
  const cgroups = cgroup === undefined ? heldHere() : [cgroup]
  for (const one of cgroups) loader('release', one)
  say(
    context,
    `released on this host: ${counted(cgroups.length, 'cgroup')}; a killed agent stays barred in its server's log`,
  )
}

function heldHere(): readonly string[] {
  const lines = loader('list').split('\n')
  // What the loader's `hold list` writes: a cgroup that is held and paused has two.
  const cgroups = lines.flatMap((line) =>
    line === '' ? [] : [(JSON.parse(line) as { readonly cgroup: string }).cgroup],
  )
  return [...new Set(cgroups)]
}

function loader(...words: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(loaderPath(), ['hold', ...words], { encoding: 'utf8' })
  if (status === 0) return stdout
  throw new CliError('denied', `${error?.message ?? stderr.trim()}`, { remedy: 'run it as root on the host itself' })
}
