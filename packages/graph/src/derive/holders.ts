import { TRUST_TIERS } from '@holdfast/model'
import type { EventSummary, TrustTier } from '@holdfast/model'

/** Who told an event: agent, credential and tier. Any agent can claim another's span ids, so a span is one teller's. */
export function tellerOf({ agent, source }: EventSummary): string {
  return `${agent.id}\n${source.credential}\n${source.tier}`
}

export type Claim<T> = { readonly teller: string; readonly tier: TrustTier; readonly held: T }

/** What a name that several may claim stands for; `contested` where no claim stands above the others. */
export type Held<T> = { readonly status: 'held'; readonly held: T } | { readonly status: 'missing' | 'contested' }

/** Things by names that their senders chose. What is found depends on the set of claims alone, not on their order. */
export class Holders<T> {
  readonly #byName = new Map<string, Map<string, Claim<T>>>()
  readonly #strongest = new Map<string, Claim<T> | undefined>()

  /** The first claim of a teller to a name stands. */
  add(name: string, claim: Claim<T>): void {
    const claims = this.#byName.get(name)
    if (claims === undefined) this.#byName.set(name, new Map([[claim.teller, claim]]))
    else if (claims.has(claim.teller)) return
    else claims.set(claim.teller, claim)
    const best = this.#strongest.get(name)
    const order = best === undefined ? -1 : TRUST_TIERS.indexOf(claim.tier) - TRUST_TIERS.indexOf(best.tier)
    if (claims === undefined || order < 0) this.#strongest.set(name, claim)
    else if (order === 0) this.#tied.set(name, claim.tier)
  }

  /** The teller's own before anybody else's, then the only one, then the one of the strongest tier. Never a guess. */
  find(name: string, teller: string): Held<T> {
    const claims = this.#byName.get(name)
    if (claims === undefined) return { status: 'missing' }
    const own = claims.get(teller)
    if (own !== undefined) return { status: 'held', held: own.held }
    const best = this.#strongest.get(name)
    if (best === undefined || this.#tied.get(name) === best.tier) return { status: 'contested' }
    return { status: 'held', held: best.held }
  }

  /** The strongest tier that two claims to a name share, as far as it matters. */
  readonly #tied = new Map<string, TrustTier>()
}
