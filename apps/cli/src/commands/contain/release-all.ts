import { counted } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { say } from '../../render/output.ts'
import { openApi, type Api } from '../../server/api.ts'
import { stands } from '../incidents/response.ts'
import type { ReleaseFlags } from './command.ts'

/** Something that holds, and what ends it: answers what became of it, in words where it did not end. */
type Standing = { readonly what: string; readonly release: (reason: string) => Promise<string | undefined> }

/**
 * Ends everything that this server has in force, in other systems, on hosts and in proxies: what has to be done before the server
 * goes for good. One that cannot be ended keeps no other one held; ends with `check-failed` where any could not.
 */
export async function releaseAll(context: CliContext, flags: ReleaseFlags, target: string | undefined): Promise<void> {
  const { reason } = flags
  if (target !== undefined) throw new CliError('usage', '--all ends everything: it takes no TARGET')
  if (reason === undefined) throw new CliError('usage', 'release needs a --reason')
  if (flags.json || flags.output !== undefined)
    throw new CliError('usage', '--all has no data form: holdfast contain history --json says what is left')
  const api = openApi(context, flags)
  let failed = 0
  const unread: unknown[] = []
  let dry: CliError | undefined
  let released = 0
  // A plan ends the holds and orders that carry it out: what is left of these is looked for after it.
  for (const standing of KINDS) {
    const found = await standing(api).catch((error: unknown) => void unread.push(error))
    for (const { what, release } of found ?? []) {
      const fault = await release(reason).catch((error: unknown) => {
        if (!isDryEnd(error)) return wordsOf(error)
        dry = error
        return undefined
      })
      // What would have been asked for is printed, one request for each.
      if (dry !== undefined) continue
      if (fault === undefined) released += 1
      else failed += 1
      context.stdout.write(fault === undefined ? `released ${what}\n` : `FAILED   ${what}: ${inert(fault)}\n`)
    }
  }
  if (unread.length === KINDS.length) throw unread[0]
  if (dry !== undefined && unread.length === 0) throw dry
  for (const error of unread) context.stdout.write(`FAILED   ${inert(wordsOf(error))}\n`)
  say(context, `released ${counted(released, 'hold')}${failed === 0 ? '' : `, ${failed} not`}`)
  if (unread.length > 0) throw new CliError('check-failed', 'not everything could be looked through')
  if (failed > 0) throw new CliError('check-failed', `${counted(failed, 'hold')} could not be ended`)
}

/** What every request that would change something ends with in a dry run. */
function isDryEnd(error: unknown): error is CliError {
  return error instanceof CliError && error.code === 'done'
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : 'failed'
}

/** Plans whose steps are in effect, the newest first: what came last stands on what was there before it. */
async function plansStanding(api: Api): Promise<readonly Standing[]> {
  const { items, total } = await api.call('listPlans', { query: { standing: 'true', limit: MOST_PLANS } })
  if (total > items.length)
    throw new CliError('fault', `${total} that stand are more than are looked through: release some by their incidents`)
  return items.filter(stands).map(({ hash, incident }) => ({
    what: `plan ${hash.slice(0, 12)} of ${inert(incident)}`,
    release: async (reason) => {
      const after = await api.call('releaseResponsePlan', { params: { plan: hash }, body: { reason } })
      const left = after.steps.filter(({ effect }) => effect !== 'none')
      return left.length === 0 ? undefined : left.map(({ detail }) => detail).join('; ')
    },
  }))
}

async function containmentsStanding(api: Api): Promise<readonly Standing[]> {
  const { items } = await api.call('listContainments', { query: {} })
  return items
    .filter(({ state, expired }) => !['released', 'refused'].includes(state) && !expired)
    .map(({ containment, plan }) => ({
      what: `${plan.rung} of ${inert(plan.agentName)}`,
      release: async (reason) => {
        const after = await api.call('releaseContainment', { params: { containment }, body: { reason } })
        return after.state === 'released' ? undefined : after.detail
      },
    }))
}

async function ordersStanding(api: Api): Promise<readonly Standing[]> {
  const { items } = await api.call('listProxyOrders', { query: {} })
  return items
    .filter(({ state, expired }) => !['released', 'refused'].includes(state) && !expired)
    .map(({ order, agentName }) => ({
      what: `order to the proxies of ${inert(agentName)}`,
      release: async (reason) => {
        const after = await api.call('releaseProxyOrder', { params: { order }, body: { reason } })
        return after.state === 'released' ? undefined : after.detail
      },
    }))
}

const KINDS = [plansStanding, containmentsStanding, ordersStanding]

/** As many as the route gives at once. */
const MOST_PLANS = 500
