import type { EffectOutcome } from '@holdfast/respond'

import type { TaggedHold } from '../aws/tags.ts'
import type { Alias, BedrockAgents, Invocations } from './agents.ts'

/** What of an alias is held, and at what: nobody gets through, or it leads to another version. */
export type AliasWish =
  | { readonly on: 'invocations'; readonly value: 'REJECT_INVOCATIONS' }
  | { readonly on: 'route'; readonly value: string }

export function isHeld(alias: Alias, wish: AliasWish): boolean {
  return valueOf(alias, wish.on) === wish.value
}

/** Writes down at the alias what it was, then switches it. Safe to call twice. */
export async function holdAlias(
  bedrock: BedrockAgents,
  alias: Alias,
  { wish, hold }: { readonly wish: AliasWish; readonly hold: TaggedHold },
): Promise<void> {
  const mine = alias.holds.find(({ id }) => id === hold.id)
  if (mine?.key === hold.key && isHeld(alias, wish)) return
  const known = standing(bedrock, alias, wish.on)[0]
  const before = known?.before === undefined ? valueOf(alias, wish.on) : String(known.before)
  await bedrock.tag(alias, { ...hold, on: onOf(wish), before })
  await bedrock.update(alias, changeOf(wish.on, wish.value))
}

/** Gives back what was there, unless another hold needs it or somebody else has switched it since. */
export async function releaseAlias(
  bedrock: BedrockAgents,
  alias: Alias,
  { wish, id, key }: { readonly wish: AliasWish; readonly id: string; readonly key: string },
): Promise<EffectOutcome> {
  const mine = alias.holds.find((hold) => hold.id === id)
  if (mine === undefined) {
    // A mark can be taken away; the alias itself says whether there is something to take back, and nothing says to what.
    return isHeld(alias, wish) && standing(bedrock, alias, wish.on).length === 0
      ? { status: 'failed', detail: `alias ${alias.id} is switched, and no mark of ours says what it was before` }
      : { status: 'done', detail: `alias ${alias.id}: no hold stands` }
  }
  if (mine.key !== key) return { status: 'done', detail: `alias ${alias.id}: a later plan holds it` }
  const isLast = standing(bedrock, alias, wish.on).every((hold) => hold.id === id)
  const isOurs = isHeld(alias, wish)
  const before = mine.before === undefined ? undefined : String(mine.before)
  if (isLast && isOurs && before !== undefined) await bedrock.update(alias, changeOf(wish.on, before))
  await bedrock.untag(alias, id)
  const what = !isLast
    ? 'another hold stands'
    : isOurs
      ? (before ?? 'as it was')
      : 'somebody else has switched it since'
  return { status: 'done', detail: `alias ${alias.id}: ${what}` }
}

/** What the mark of a hold was for; undefined where it says nothing that we would have written. */
export function wishOf({ on }: TaggedHold): AliasWish | undefined {
  if (on === 'invocations') return { on, value: 'REJECT_INVOCATIONS' }
  const value = on?.startsWith(ROUTE) === true ? on.slice(ROUTE.length) : ''
  return value === '' ? undefined : { on: 'route', value }
}

const ROUTE = 'route '

function onOf({ on, value }: AliasWish): string {
  return on === 'route' ? `${ROUTE}${value}` : on
}

function valueOf(alias: Alias, on: AliasWish['on']): string {
  return on === 'invocations' ? alias.invocations : (alias.route ?? '')
}

function changeOf(on: AliasWish['on'], value: string): { readonly invocations?: Invocations; readonly route?: string } {
  if (on === 'route') return { route: value }
  return { invocations: value === 'REJECT_INVOCATIONS' ? 'REJECT_INVOCATIONS' : 'ACCEPT_INVOCATIONS' }
}

/** An old mark of ours can be written again by others: it says nothing of what stands now. */
function standing({ marks }: BedrockAgents, { holds }: Alias, on: AliasWish['on']): readonly TaggedHold[] {
  return holds.filter((hold) => wishOf(hold)?.on === on && marks.isStanding(hold.key))
}
