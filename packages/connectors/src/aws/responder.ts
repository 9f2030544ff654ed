import type {
  Decision,
  EffectOutcome,
  EffectPreview,
  EffectProbe,
  Offer,
  PlanStep,
  ResponseScope,
} from '@holdfast/respond'

import type { ConnectorCheck, ConnectorClock, ResponseConnector, SweptHold } from '../connector.ts'
import { holdIdOf, holdOf } from '../hold.ts'
import { offerOf } from '../offer.ts'
import { settled } from '../settle.ts'
import { freezeKey, probeKey, releaseKey } from './access-key.ts'
import type { AwsAccess } from './account.ts'
import { AwsAccount } from './account.ts'
import { applyBoundary, releaseBoundary } from './boundary.ts'
import { checkAccount } from './check.ts'
import type { AwsConfig } from './config.ts'
import { readRole, readUser } from './entity.ts'
import { LONGEST_HOLD_MS, MAX_TAGS, SETTLE_EVERY_MS, SETTLE_MS, TAGS_OF_HOLD } from './limits.ts'
import type { Move } from './moves.ts'
import { moveOf } from './moves.ts'
import { wantedOf } from './offers.ts'
import { parsePrincipal, principalText } from './principal.ts'
import { applyPolicy, policyFor, policyNameOf, releasePolicy } from './role-policy.ts'
import { simulated } from './simulate.ts'
import { sweepAccount } from './sweep.ts'
import type { OwnMarks } from './tags.ts'

export type AwsOptions = {
  readonly config: AwsConfig
  readonly access: Omit<AwsAccess, 'region'>
  readonly clock: ConnectorClock
  readonly marks: OwnMarks
}

/**
 * Holds identities of AWS accounts: a role refused everything until the hold ends, a key switched off, what was misused refused, a role
 * bounded. Each hold stands as a sealed tag on the role or user, which says what was there before.
 */
export class AwsResponder implements ResponseConnector {
  readonly system = 'aws'
  readonly name: string
  readonly reaches: string
  readonly #config: AwsConfig
  readonly #clock: ConnectorClock
  readonly #accounts: ReadonlyMap<string, AwsAccount>

  constructor({ config, access, clock, marks }: AwsOptions) {
    this.name = `aws:${config.name}`
    this.reaches = `accounts ${config.accounts.map(({ id }) => id).join(', ')}`
    this.#config = config
    this.#clock = clock
    // IAM is of a whole partition; any region of it signs.
    const region = config.regions[0] ?? 'us-east-1'
    this.#accounts = new Map(config.accounts.map((one) => [one.id, new AwsAccount(one, { ...access, region }, marks)]))
  }

  async offers(scope: ResponseScope, decision: Decision): Promise<readonly Offer[]> {
    const wanted = wantedOf(scope, decision, this.#config.accounts)
    const offers = await Promise.all(wanted.map((one) => offerOf(this, one, { scope, decision })))
    return offers.flat()
  }

  async plan(step: PlanStep): Promise<EffectPreview> {
    const found = this.#found(step)
    if (typeof found === 'string') return impossible(found)
    const { move, account } = found
    const { arn } = await account.identity()
    const self = parsePrincipal(arn)
    if (self !== undefined && principalText(self) === principalText(move.principal)) {
      return impossible(`${move.principal.name} is who this connector is itself: it would lock itself out`)
    }
    return move.kind === 'freeze-key' ? this.#planKey(account, move) : this.#planRole(account, move, step)
  }

  async apply(step: PlanStep, key: string): Promise<EffectOutcome> {
    const found = this.#found(step)
    if (typeof found === 'string') return { status: 'failed', detail: found }
    const { move, account } = found
    const { name } = move.principal
    const hold = this.#hold(step, key)
    switch (move.kind) {
      case 'freeze-role':
      case 'suspend':
        return applyPolicy(account, move, { hold, since: this.#date().toISOString() })
      case 'freeze-key':
        return freezeKey(account, { name, accessKey: move.accessKey }, hold)
      case 'bound':
        return applyBoundary(account, { name, boundary: move.boundary }, hold)
    }
  }

  async probe(step: PlanStep): Promise<readonly EffectProbe[]> {
    const found = this.#found(step)
    if (typeof found === 'string') return [{ way: 'step', held: false, detail: found }]
    const patience = { clock: this.#clock, deadlineMs: SETTLE_MS, everyMs: SETTLE_EVERY_MS }
    return settled(() => this.#tryOnce(step, found.move, found.account), patience)
  }

  async revert(step: PlanStep, key: string): Promise<EffectOutcome> {
    const found = this.#found(step)
    // What has no move was never applied.
    if (typeof found === 'string') return { status: 'done', detail: found }
    const { move, account } = found
    const { name } = move.principal
    const mark = { id: holdIdOf(step), key }
    switch (move.kind) {
      case 'freeze-role':
      case 'suspend':
        return releasePolicy(account, name, { ...mark, clock: this.#clock })
      case 'freeze-key':
        return releaseKey(account, { name, accessKey: move.accessKey }, mark)
      case 'bound':
        return releaseBoundary(account, { name, boundary: move.boundary }, mark)
    }
  }

  async check(): Promise<readonly ConnectorCheck[]> {
    return Promise.all([...this.#accounts.values()].map((account) => checkAccount(account, this.name)))
  }

  async sweep(before: Parameters<ResponseConnector['sweep']>[0]): Promise<readonly SweptHold[]> {
    const swept: SweptHold[] = []
    for (const account of this.#accounts.values()) {
      swept.push(...(await sweepAccount(account, { clock: this.#clock, before })))
    }
    return swept
  }

  #found(step: PlanStep): { readonly move: Move; readonly account: AwsAccount } | string {
    const move = moveOf(step)
    if (typeof move === 'string') return move
    const account = this.#accounts.get(move.principal.account)
    return account === undefined ? `${move.principal.account} is no account of this connector` : { move, account }
  }

  async #planKey(
    account: AwsAccount,
    { principal, accessKey }: Extract<Move, { kind: 'freeze-key' }>,
  ): Promise<EffectPreview> {
    const user = await readUser(account, principal.name)
    if (user?.keys.some(({ id }) => id === accessKey) !== true)
      return impossible(`${principal.name} has no key ${accessKey}`)
    const isHeld = user.holds.some(({ on }) => on === accessKey)
    if (!isHeld && user.keys.some(({ id, isActive }) => id === accessKey && !isActive))
      return impossible(`key ${accessKey} of ${principal.name} is off already`)
    if (user.tags + TAGS_OF_HOLD > MAX_TAGS) return impossible(`${principal.name} has no room for the mark of a hold`)
    return {
      status: 'possible',
      state: user.state,
      words: `switches key ${accessKey} of ${principal.name} off; sessions that it opened before live on until they end`,
    }
  }

  async #planRole(
    account: AwsAccount,
    move: Exclude<Move, { kind: 'freeze-key' }>,
    step: PlanStep,
  ): Promise<EffectPreview> {
    const role = await readRole(account, move.principal.name)
    if (role === undefined) return impossible(`role ${move.principal.name} is not there`)
    if (role.arn.includes(':role/aws-service-role/')) return impossible(`${role.name} belongs to a service of AWS`)
    if (role.tags + TAGS_OF_HOLD > MAX_TAGS) return impossible(`${role.name} has no room for the mark of a hold`)
    const possible = (words: string): EffectPreview => ({ status: 'possible', state: role.state, words })
    if (move.kind === 'bound') {
      const policy = await account.ask((client, { GetPolicyCommand }) =>
        client.send(new GetPolicyCommand({ PolicyArn: move.boundary })),
      )
      if (policy === undefined) return impossible(`policy ${move.boundary} is not there`)
      return possible(`bounds ${role.name} by ${move.boundary}; now by ${role.boundary ?? 'nothing'}`)
    }
    const policy = policyFor(move, role, { hold: this.#hold(step, 'rehearsal'), since: this.#date().toISOString() })
    if (typeof policy === 'string') return impossible(policy)
    return possible(
      move.kind === 'freeze-role'
        ? `refuses everything to ${role.name}, to open sessions and new ones, whoever uses the role`
        : `refuses to ${role.name} what was misused, in ${policy.Statement.length} statements`,
    )
  }

  async #tryOnce(step: PlanStep, move: Move, account: AwsAccount): Promise<readonly EffectProbe[]> {
    const { name } = move.principal
    if (move.kind === 'freeze-key') return probeKey(account, { name, accessKey: move.accessKey })
    const role = await readRole(account, name)
    if (role === undefined) return [{ way: 'role', held: false, detail: `role ${name} is not there` }]
    const common = { role, regions: this.#config.regions, now: this.#date() }
    switch (move.kind) {
      case 'freeze-role':
        return [
          standing(role.inline.has(policyNameOf(holdIdOf(step)))),
          ...(await simulated(account, { ...common, session: 'old', isExplicit: true })),
          ...(await simulated(account, { ...common, session: 'new', isExplicit: true })),
        ]
      case 'suspend':
        return [
          standing(role.inline.has(policyNameOf(holdIdOf(step)))),
          ...(await simulated(account, { ...common, uses: move.uses, session: 'old', isExplicit: true })),
        ]
      case 'bound':
        return [
          { way: 'boundary', held: role.boundary === move.boundary, detail: `it is ${role.boundary ?? 'not set'}` },
          ...(move.uses.length === 0
            ? []
            : await simulated(account, { ...common, uses: move.uses, session: 'old', isExplicit: false })),
        ]
    }
  }

  #hold(step: PlanStep, key: string) {
    const forMs = step.ttlMs === 0 ? LONGEST_HOLD_MS : step.ttlMs
    return { id: holdIdOf(step), ...holdOf(step, key, this.#clock.now() + forMs) }
  }

  #date(): Date {
    return new Date(this.#clock.now())
  }
}

function standing(isThere: boolean): EffectProbe {
  return { way: 'policy', held: isThere, detail: isThere ? 'the role lists it' : 'the role does not list it' }
}

function impossible(reason: string): EffectPreview {
  return { status: 'impossible', reason }
}
