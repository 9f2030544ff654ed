import { createHash } from 'node:crypto'

import { agentIdOf, canonicalJson } from '@holdfast/model'
import type {
  Decision,
  EffectOutcome,
  EffectPreview,
  EffectProbe,
  Offer,
  PlanStep,
  ResponseScope,
} from '@holdfast/respond'

import { LONGEST_HOLD_MS, MAX_TAGS, SETTLE_EVERY_MS, SETTLE_MS, TAGS_OF_HOLD } from '../aws/limits.ts'
import type { OwnMarks, TaggedHold } from '../aws/tags.ts'
import { wordsOf } from '../connector-error.ts'
import type { ConnectorCheck, ConnectorClock, ResponseConnector, SweptHold } from '../connector.ts'
import { holdIdOf, holdOf } from '../hold.ts'
import type { AwsCredentials } from '../managed/bedrock.ts'
import type { BedrockConfig } from '../managed/config.ts'
import type { Wanted } from '../offer.ts'
import { offerOf } from '../offer.ts'
import { settled } from '../settle.ts'
import type { Alias } from './agents.ts'
import { BedrockAgents } from './agents.ts'
import { holdAlias, isHeld, releaseAlias, wishOf } from './alias-hold.ts'
import type { Move } from './moves.ts'
import { moveOf, refText, routePart, wishFor } from './moves.ts'

type BedrockOptions = {
  readonly config: BedrockConfig
  readonly key: () => AwsCredentials | undefined
  readonly clock: ConnectorClock
  readonly marks: OwnMarks
}

/**
 * Holds agents that Bedrock hosts, by the aliases that they are called through: R2 lets nobody in by any of them, R1 leads them back to
 * the version before. Each hold stands as a sealed tag on the alias, which says what was there before.
 */
export class BedrockResponder implements ResponseConnector {
  readonly system = 'aws'
  readonly name: string
  readonly reaches: string
  readonly #bedrock: BedrockAgents
  readonly #config: BedrockConfig
  readonly #clock: ConnectorClock

  constructor({ config, key, clock, marks }: BedrockOptions) {
    this.name = `bedrock:${config.name}`
    this.reaches = `aliases of Bedrock agents of account ${config.account} in ${config.region}`
    this.#bedrock = new BedrockAgents(config, key, marks)
    this.#config = config
    this.#clock = clock
  }

  async offers(scope: ResponseScope, decision: Decision): Promise<readonly Offer[]> {
    const wanted = await this.#wanted(scope, decision)
    const offers = await Promise.all(wanted.map((one) => offerOf(this, one, { scope, decision })))
    return offers.flat()
  }

  async plan(step: PlanStep): Promise<EffectPreview> {
    const move = this.#moveOf(step)
    if (typeof move === 'string') return impossible(move)
    const createdAt = await this.#bedrock.createdAt(move.ref.id)
    if (createdAt === undefined) return impossible(`agent ${move.ref.id} is not there`)
    const aliases = await this.#bedrock.aliases(move.ref.id)
    const meant = aliases.filter(({ id }) => wishFor(move, id) !== undefined)
    if (meant.length === 0) return impossible(`agent ${move.ref.id} has no alias that could be switched`)
    const full = meant.find(({ tags }) => tags + TAGS_OF_HOLD > MAX_TAGS)
    if (full !== undefined) return impossible(`alias ${full.id} has no room for the mark of a hold`)
    // Where aliases lead is part of what is approved where that is what is switched.
    const routes = move.kind === 'reroute' ? meant.map(({ id, route }) => [id, route ?? null]) : []
    const state = createHash('sha256')
      .update(canonicalJson([refText(move.ref), createdAt, routes]))
      .digest('hex')
    return { status: 'possible', state, words: wordsFor(move, meant) }
  }

  async apply(step: PlanStep, key: string): Promise<EffectOutcome> {
    const move = this.#moveOf(step)
    if (typeof move === 'string') return { status: 'failed', detail: move }
    const hold = this.#hold(step, key)
    let switched = 0
    for (const alias of await this.#bedrock.aliases(move.ref.id)) {
      const wish = wishFor(move, alias.id)
      if (wish === undefined) continue
      await holdAlias(this.#bedrock, alias, { wish, hold })
      switched++
    }
    return switched === 0
      ? { status: 'failed', detail: `agent ${move.ref.id} has no alias that could be switched` }
      : { status: 'done', detail: `${switched} aliases of agent ${move.ref.id} are switched` }
  }

  probe(step: PlanStep): Promise<readonly EffectProbe[]> {
    const move = this.#moveOf(step)
    if (typeof move === 'string') return Promise.resolve([{ way: 'step', held: false, detail: move }])
    const patience = { clock: this.#clock, deadlineMs: SETTLE_MS, everyMs: SETTLE_EVERY_MS }
    return settled(() => this.#tryOnce(move), patience)
  }

  async revert(step: PlanStep, key: string): Promise<EffectOutcome> {
    const move = this.#moveOf(step)
    // What has no move was never applied.
    if (typeof move === 'string') return { status: 'done', detail: move }
    const details: string[] = []
    let status: EffectOutcome['status'] = 'done'
    for (const alias of await this.#bedrock.aliases(move.ref.id)) {
      const wish = wishFor(move, alias.id)
      if (wish === undefined) continue
      const outcome = await releaseAlias(this.#bedrock, alias, { wish, id: holdIdOf(step), key })
      if (outcome.status === 'failed') status = 'failed'
      details.push(outcome.detail)
    }
    return { status, detail: details.length === 0 ? `agent ${move.ref.id} has no alias` : details.join('; ') }
  }

  async check(): Promise<readonly ConnectorCheck[]> {
    const base = { id: `connector ${this.name}`, title: `Bedrock ${this.#config.name}` }
    try {
      const agents = await this.#bedrock.agents()
      return [
        { ...base, status: 'PASS', detail: `${agents.length} agents; whether an alias may be switched is not tried` },
      ]
    } catch (error) {
      const remedy = 'check credentials, and that they have deploy/aws/bedrock-response-policy.json'
      return [{ ...base, status: 'FAIL', detail: wordsOf(error), remedy }]
    }
  }

  /** Only marks that we sealed, of steps that are on record as in effect: who may write tags ends nothing. */
  async sweep(before: Parameters<ResponseConnector['sweep']>[0]): Promise<readonly SweptHold[]> {
    const swept: SweptHold[] = []
    for (const { id } of await this.#bedrock.agents()) {
      for (const alias of await this.#bedrock.aliases(id)) {
        for (const hold of alias.holds) {
          const wish = wishOf(hold)
          const isOver = Date.parse(hold.expires) <= this.#clock.now() && this.#bedrock.marks.isStanding(hold.key)
          if (!isOver || wish === undefined) continue
          const what = { target: alias.arn, incident: hold.incident, expired: hold.expires }
          await before(what)
          swept.push({ ...what, ...(await this.#released(alias, hold, wish)) })
        }
      }
    }
    return swept
  }

  async #released(
    { agent, id }: Alias,
    hold: TaggedHold,
    wish: NonNullable<ReturnType<typeof wishOf>>,
  ): Promise<Pick<SweptHold, 'status' | 'detail'>> {
    try {
      // Anew, because another hold on it may have been released a moment ago.
      const alias = await this.#bedrock.alias(agent, id)
      if (alias === undefined) return { status: 'released', detail: `alias ${id} is not there` }
      const { status, detail } = await releaseAlias(this.#bedrock, alias, { wish, id: hold.id, key: hold.key })
      return { status: status === 'done' ? 'released' : 'failed', detail }
    } catch (error) {
      // One alias that cannot be released keeps no other one held.
      return { status: 'failed', detail: wordsOf(error) }
    }
  }

  /** Aliases are listed anew: one that was made since is a way in as well. */
  async #tryOnce(move: Move): Promise<readonly EffectProbe[]> {
    const aliases = await this.#bedrock.aliases(move.ref.id)
    const meant = aliases.flatMap((alias) => {
      const wish = wishFor(move, alias.id)
      return wish === undefined ? [] : [{ alias, wish }]
    })
    const open = meant.filter(({ alias, wish }) => !isHeld(alias, wish)).map(({ alias }) => alias.id)
    const unsettled = meant.filter(({ alias }) => !alias.isSettled).map(({ alias }) => alias.id)
    const isThere = move.kind === 'reject' || meant.length === move.routes.size
    return [
      {
        way: 'aliases',
        held: open.length === 0 && isThere,
        detail: !isThere
          ? 'an alias that was switched is not there'
          : open.length > 0
            ? `not switched: ${open.join(', ')}`
            : `all ${meant.length} are switched; read from the API, no invocation was tried`,
      },
      {
        way: 'in force',
        held: unsettled.length === 0,
        detail: unsettled.length === 0 ? 'Bedrock is done with all of them' : `being updated: ${unsettled.join(', ')}`,
      },
    ]
  }

  /** Agents of this account and region that the incident holds, by the id that their inventory gave them. */
  async #wanted(scope: ResponseScope, decision: Decision): Promise<readonly Wanted[]> {
    const { account, region } = this.#config
    const host = `bedrock ${account} ${region}`
    const mine = scope.agents.filter(({ id }) =>
      id.startsWith(agentIdOf({ kind: 'host', host, service: '' }).slice(0, -1)),
    )
    if (mine.length === 0 || decision.rung === 'watch') return []
    const agents = await this.#bedrock.agents()
    const wanted: Wanted[] = []
    for (const { id: agent } of mine) {
      const [found, ...others] = agents.filter(({ name }) => agentIdOf({ kind: 'host', host, service: name }) === agent)
      // Two of one name: nothing tells which of them is meant.
      if (found === undefined || others.length > 0) continue
      const target = { kind: 'workload', name: refText({ account, region, id: found.id }) } as const
      const base = { agent, serves: { kind: 'rung' } as const }
      if (decision.rung !== 'restrict') wanted.push({ ...base, target })
      else {
        const aliases = await this.#bedrock.aliases(found.id)
        const parts = aliases.flatMap(({ id, earlier }) => (earlier === undefined ? [] : [routePart(id, earlier)]))
        wanted.push({ ...base, target: { ...target, parts: parts.toSorted() } })
      }
    }
    return wanted
  }

  #moveOf(step: PlanStep): Move | string {
    const move = moveOf(step)
    if (typeof move === 'string') return move
    const { account, region } = this.#config
    return move.ref.account === account && move.ref.region === region
      ? move
      : `${refText(move.ref)} is not of this account and region`
  }

  #hold(step: PlanStep, key: string): TaggedHold {
    const forMs = step.ttlMs === 0 ? LONGEST_HOLD_MS : step.ttlMs
    return { id: holdIdOf(step), ...holdOf(step, key, this.#clock.now() + forMs) }
  }
}

function wordsFor(move: Move, aliases: readonly Alias[]): string {
  const rest = 'what is under way goes on; Bedrock has no rehearsal, so whether we may is known when it is done'
  if (move.kind === 'reject') {
    const names = aliases.map(({ id }) => id).join(', ')
    return `lets nobody in by ${aliases.length} aliases (${names}), the one of its draft included; ${rest}`
  }
  const routes = aliases.map(({ id, route }) => `${id} from version ${route ?? 'none'} to ${move.routes.get(id)}`)
  return `leads ${routes.join(', ')}; ${rest}`
}

function impossible(reason: string): EffectPreview {
  return { status: 'impossible', reason }
}
