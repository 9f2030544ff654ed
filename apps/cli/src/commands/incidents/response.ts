import { applyAsks, type ResponsePlanWire } from '@holdfast/api'
import { type OwnWords, ours } from '../../called-as.ts'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi, type Api } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import type { ApplyPlanFlags, OverrideFlags, PlanActFlags, PlansFlags, ReleasePlanFlags } from './response-commands.ts'
import type { ApproveFlags } from './approver-role.ts'

export async function incidentsPlans(this: CliContext, flags: PlansFlags, id: string): Promise<void> {
  const api = openApi(this, flags)
  const rows = await plansOf(api, await resolveIncident(api, id))
  printList(this, { format: formatOf(flags, 'table'), columns, rows })
}

export async function incidentsApprove(this: CliContext, flags: ApproveFlags, id: string): Promise<void> {
  const api = openApi(this, flags)
  const plan = await waitingPlan(api, id)
  showPlan(this, flags, await approveAs(api, plan, flags.role))
}

export async function incidentsApply(this: CliContext, flags: ApplyPlanFlags, id: string): Promise<void> {
  if (!flags.yes && this.isDryRun !== true)
    throw new CliError('usage', 'nothing was done', { remedy: 'look at the plan, then add --yes' })
  const api = openApi(this, flags)
  showPlan(this, flags, await applyAnswered(api, await waitingPlan(api, id), flags.reason))
}

export async function incidentsRelease(this: CliContext, flags: ReleasePlanFlags, id: string): Promise<void> {
  if (!flags.yes && this.isDryRun !== true) throw new CliError('usage', 'nothing was done', { remedy: 'add --yes' })
  const api = openApi(this, flags)
  const standing = (await plansNamed(api, id)).filter(stands)
  if (standing.length === 0) throw new CliError('not-found', `nothing of "${inert(id)}" is in effect`)
  const { reason, step } = flags
  if (step !== undefined && standing.length > 1)
    throw new CliError('usage', 'several plans are in effect', { remedy: 'name one plan by its hash' })
  const body = { reason, ...(step === undefined ? {} : { steps: [...step] }) }
  const faults: unknown[] = []
  // The newest first: what came last stands on what was there before it. One that cannot be released keeps no other one held.
  for (const { hash } of standing) {
    try {
      // What is taken back is confirmed no more, and that is no fault.
      printPlan(this, flags, await api.call('releaseResponsePlan', { params: { plan: hash }, body }))
    } catch (error) {
      // A dry run ends with the first request that would change something.
      if (error instanceof CliError && error.code === 'done') throw error
      faults.push(error)
    }
  }
  const [first, ...others] = faults
  for (const error of others) say(this, inert(error instanceof Error ? error.message : 'a plan could not be released'))
  if (first !== undefined) throw first
}

export async function incidentsOverride(this: CliContext, flags: OverrideFlags, id: string): Promise<void> {
  const api = openApi(this, flags)
  const { hash } = await waitingPlan(api, id)
  showPlan(this, flags, await api.call('signResponsePlan', { params: { plan: hash }, body: { reason: flags.reason } }))
}

/** Applies a plan, with what it asks for: `--yes` was the answer to that. It opens no gate. */
export function applyAnswered(api: Api, plan: ResponsePlanWire, given: string | undefined): Promise<ResponsePlanWire> {
  const asked = applyAsks(plan)
  const reason = given ?? (asked.reason === undefined ? undefined : 'answered with --yes on the command line')
  return api.call('applyResponsePlan', {
    params: { plan: plan.hash },
    ifMatch: plan.etag,
    body: {
      ...(reason === undefined ? {} : { reason }),
      ...(asked.name === undefined ? {} : { name: asked.name }),
    },
  })
}

/** Says yes in each role that the plan still waits for and the caller has, or in the one that is named. */
export async function approveAs(
  api: Api,
  plan: ResponsePlanWire,
  role: ApproveFlags['role'] | undefined,
): Promise<ResponsePlanWire> {
  const { approves } = await api.call('getSession', {})
  const given = new Set(plan.approval.given.map((one) => one.role))
  const asked = plan.approval.roles.filter((one) => !given.has(one))
  const mine = asked.filter((one) => approves.includes(one) || one === 'service-owner')
  // One person says yes once, in one role: the first that is missing and is theirs.
  const [chosen] = role === undefined ? mine : [role]
  if (chosen === undefined) {
    const missing = plan.approval.missing.join('; ')
    throw new CliError('denied', `you have none of the roles that could say yes to this plan: ${inert(missing)}`)
  }
  return await api.call('approveResponsePlan', {
    params: { plan: plan.hash },
    ifMatch: plan.etag,
    body: { role: chosen },
  })
}

/** Prints a plan; one that was applied and is not confirmed as a whole ends with `check-failed`. */
export function showPlan(context: CliContext, flags: PlanActFlags, plan: ResponsePlanWire): void {
  printPlan(context, flags, plan)
  if (plan.state === 'failed' || plan.state === 'partial')
    throw new CliError('check-failed', 'not every step is confirmed in effect')
}

function printPlan(context: CliContext, flags: PlanActFlags, plan: ResponsePlanWire): void {
  const format = formatOf(flags, 'table')
  if (format === 'table') context.stdout.write(planText(plan, context.program))
  else printDocument(context, format, planDocument(plan))
}

/** What others rely on: `state` is requested, applied, confirmed or failed; `outcome` is the plan's own word. */
export function planDocument(plan: ResponsePlanWire): object {
  return { ...plan, state: stateOf(plan), outcome: plan.state }
}

function stateOf({ state, steps }: ResponsePlanWire): string {
  switch (state) {
    case 'planned':
      return 'planned'
    case 'under-way':
      return steps.some((step) => step.state === 'requested' || step.state === 'planned') ? 'requested' : 'applied'
    case 'partial':
      return 'failed'
    case 'confirmed':
    case 'failed':
    case 'released':
      return state
  }
}

const columns: readonly Column<ResponsePlanWire>[] = [
  { title: 'PLAN', value: ({ hash }) => hash.slice(0, 12) },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'DOES', value: ({ steps }) => steps.map(({ deed }) => deedText(deed)).join(', '), widest: 60 },
  {
    title: 'NOT YET',
    value: ({ state, approval }) => (state === 'planned' ? approval.missing.join('; ') : ''),
    widest: 50,
  },
  { title: 'BY', value: ({ requestedBy }) => requestedBy },
  { title: 'WORDS', value: ({ words }) => words },
]

function planText(plan: ResponsePlanWire, program: string | undefined): string {
  const { hash, incident, row, approval, steps, left, why, duties, state, words, seal, completeness } = plan
  const who =
    approval.kind === 'automatic'
      ? 'goes by the policy'
      : `${approval.missing.length === 0 ? 'approved by' : 'not to be applied yet:'} ${
          approval.missing.length === 0
            ? approval.given.map(({ by, role }) => `${inert(by)} (${role})`).join(', ')
            : approval.missing.map(inert).join('; ')
        }`
  return `${[
    `${incident}  plan ${hash.slice(0, 12)}: ${state}, ${inert(words)}`,
    `row ${row}; ${who}; sealed to entry ${seal.size}, complete to ${Math.floor(completeness * 100)} %`,
    ...(duties.length === 0 ? [] : [`stopping it is itself reportable: ${duties.map(inert).join(', ')}`]),
    ...steps.flatMap((step) => [
      `  ${step.state.padEnd(9)} ${deedText(step.deed)} of ${inert(step.target.name)} (${inert(step.provider)}): ${inert(step.detail)}`,
      `            ${inert(step.preview)}${step.isReversible ? '' : '; cannot be undone'}`,
      ...step.probes.map(
        ({ way, held, detail }) => `            ${held ? 'held   ' : 'THROUGH'} ${inert(way)}: ${inert(detail)}`,
      ),
    ]),
    ...left.map((one) => `  not in it: ${inert(one.what)}: ${inert(one.why)}`),
    ...why.map((line) => `  because: ${inert(line)}`),
    ...(state === 'planned' ? [nextOf(plan).as(program)] : []),
  ].join('\n')}\n`
}

/** What its gates still wait for decides what comes next: an approval, or nothing but the word to apply it. */
function nextOf({ hash, approval }: ResponsePlanWire): OwnWords {
  const plan = hash.slice(0, 12)
  const apply = ours`holdfast incidents apply ${plan} --yes`
  return approval.kind === 'automatic' || approval.missing.length === 0
    ? ours`next: ${apply}`
    : ours`next: holdfast incidents approve ${plan}, then ${apply}`
}

function deedText(deed: ResponsePlanWire['steps'][number]['deed']): string {
  return deed.kind === 'rung' ? deed.rung : inert(deed.cut)
}

/** Plans of an incident, or the one plan whose hash begins like that. */
async function plansNamed(api: Api, id: string): Promise<readonly ResponsePlanWire[]> {
  if (!/^[0-9a-f]{12,64}$/.test(id)) return await plansOf(api, await resolveIncident(api, id))
  if (id.length === 64) return [await api.call('getResponsePlan', { params: { plan: id } })]
  const { items } = await api.call('listPlans', {})
  const found = items.filter(({ hash }) => hash.startsWith(id))
  if (found.length === 0) throw new CliError('not-found', `no plan begins with "${inert(id)}"`)
  if (found.length > 1) throw new CliError('usage', `"${inert(id)}" names ${found.length} plans`)
  return found
}

/** Plans of an incident, as the server lists them. */
export async function plansOf(api: Api, incident: string): Promise<readonly ResponsePlanWire[]> {
  return (await api.call('listResponsePlans', { params: { incident } })).items
}

async function waitingPlan(api: Api, id: string): Promise<ResponsePlanWire> {
  const found = (await plansNamed(api, id)).find(({ state }) => state === 'planned')
  if (found !== undefined) return found
  throw new CliError('not-found', `no plan of "${inert(id)}" waits to be applied`, {
    remedy: ours`holdfast incidents plan ID --make`,
  })
}

/** Whether something that the plan did is in effect. */
export function stands({ steps, appliedAt }: ResponsePlanWire): boolean {
  return appliedAt !== undefined && steps.some(({ effect }) => effect !== 'none')
}
