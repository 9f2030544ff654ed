import { ours } from '../../called-as.ts'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import { applyAnswered, approveAs, incidentsRelease, showPlan } from '../incidents/response.ts'
import type { ApplyFlags, ReleaseFlags, RungFlags } from './command.ts'

/** True for what names an incident: agents and runs are told apart by it. */
export function isIncident(target: string): boolean {
  return /^inc-[0-9a-f]{2,16}$/.test(target)
}

/** Plans what an incident asks for, on the rung that a person names; nothing is done. */
export async function planIncident(context: CliContext, flags: RungFlags, id: string): Promise<void> {
  showPlan(context, flags, (await made(context, flags, id)).plan)
}

/** Plans, approves as the caller where one may, applies, and waits for the probes. */
export async function applyIncident(context: CliContext, flags: ApplyFlags, id: string): Promise<void> {
  const { api, plan } = await made(context, flags, id)
  const approved = plan.approval.missing.length === 0 ? plan : await approveAs(api, plan, undefined)
  if (approved.approval.missing.length > 0) {
    showPlan(context, flags, approved)
    throw new CliError('denied', `others say yes first: ${approved.approval.missing.join('; ')}`, {
      remedy: ours`holdfast incidents approve ${plan.hash.slice(0, 12)}, then holdfast incidents apply ${plan.hash.slice(0, 12)} --yes`,
    })
  }
  showPlan(context, flags, await applyAnswered(api, approved, flags.reason))
}

/** Takes back what all plans of the incident did. */
export async function releaseIncident(context: CliContext, flags: ReleaseFlags, id: string): Promise<void> {
  const { reason } = flags
  if (reason === undefined) throw new CliError('usage', 'release needs a --reason')
  await incidentsRelease.call(context, { ...flags, reason }, id)
}

async function made(context: CliContext, flags: RungFlags, id: string) {
  const { rung, ttl, allow = [] } = flags
  if (allow.length > 0)
    throw new CliError('usage', '--allow is for one agent: what a plan lets an agent reach follows from the incident')
  if (ttl === 0) throw new CliError('usage', 'a plan ends by itself: name a --ttl')
  const api = openApi(context, flags)
  const incident = await resolveIncident(api, id)
  return { api, plan: await api.call('makeResponsePlan', { params: { incident }, body: { rung, ttlMs: ttl } }) }
}
