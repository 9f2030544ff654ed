import type { EffectOutcome } from '@holdfast/respond'

import { ConnectorError } from '../connector-error.ts'
import type { ConnectorClock } from '../connector.ts'
import type { AwsAccount } from './account.ts'
import type { Role } from './entity.ts'
import { POLICY_PREFIX, readRole, tagEntity, untagEntity } from './entity.ts'
import { ROLE_INLINE_CHARACTERS, SETTLE_EVERY_MS, SETTLE_MS } from './limits.ts'
import type { Move } from './moves.ts'
import { freezingPolicy, suspendingPolicy } from './policies.ts'
import type { Policy } from './policy-grammar.ts'
import { policyCharacters, policySchema } from './policy-grammar.ts'
import type { TaggedHold } from './tags.ts'

export type PolicyMove = Extract<Move, { kind: 'freeze-role' | 'suspend' }>

/** The policy of a move, or why it does not fit. */
export function policyFor(
  move: PolicyMove,
  role: Role,
  { hold, since }: { readonly hold: TaggedHold; readonly since: string },
): Policy | string {
  const name = policyNameOf(hold.id)
  const used = [...role.inline]
    .filter(([policy]) => policy !== name)
    .reduce((sum, [, characters]) => sum + characters, 0)
  const room = ROLE_INLINE_CHARACTERS - used
  const policy =
    move.kind === 'suspend' ? suspendingPolicy(move.uses, hold.expires, room) : freezingPolicy(since, hold.expires)
  if (policy === undefined || policyCharacters(JSON.stringify(policy)) > room) {
    return `the inline policies of ${role.name} leave ${Math.max(0, room)} characters of ${ROLE_INLINE_CHARACTERS}: too few`
  }
  return policySchema.safeParse(policy).success ? policy : `what was done at ${role.name} cannot be put into a policy`
}

export async function applyPolicy(
  account: AwsAccount,
  move: PolicyMove,
  { hold, since }: { readonly hold: TaggedHold; readonly since: string },
): Promise<EffectOutcome> {
  const role = await readRole(account, move.principal.name)
  if (role === undefined) return { status: 'failed', detail: `role ${move.principal.name} is not there` }
  const name = policyNameOf(hold.id)
  const isMarked = role.holds.some(({ id, key }) => id === hold.id && key === hold.key)
  if (isMarked && role.inline.has(name))
    return { status: 'done', detail: `policy ${name} of ${role.name} stands already` }
  const policy = policyFor(move, role, { hold, since })
  if (typeof policy === 'string') return { status: 'failed', detail: policy }
  await tagEntity(account, role, hold)
  await account.ask((client, { PutRolePolicyCommand }) =>
    client.send(
      new PutRolePolicyCommand({ RoleName: role.name, PolicyName: name, PolicyDocument: JSON.stringify(policy) }),
    ),
  )
  return { status: 'done', detail: `policy ${name} of ${role.name}` }
}

export async function releasePolicy(
  account: AwsAccount,
  name: string,
  { id, key, clock }: { readonly id: string; readonly key: string; readonly clock: ConnectorClock },
): Promise<EffectOutcome> {
  const role = await readRole(account, name)
  if (role === undefined) return { status: 'done', detail: `role ${name} is not there` }
  const mark = role.holds.find((hold) => hold.id === id)
  // A mark can be taken away: the policy under our name is what counts, and what was there before is nothing.
  if (mark === undefined && !role.inline.has(policyNameOf(id))) {
    return { status: 'done', detail: `no hold stands on ${name}` }
  }
  if (mark !== undefined && mark.key !== key) return { status: 'done', detail: `${name}: a later plan holds it` }
  await account.ask((client, { DeleteRolePolicyCommand }) =>
    client.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName: policyNameOf(id) })),
  )
  // The mark goes last: while the policy stands, a sweep must be able to find it.
  const end = clock.now() + SETTLE_MS
  while ((await readRole(account, name))?.inline.has(policyNameOf(id)) === true) {
    if (clock.now() > end) throw new ConnectorError('unavailable', `policy ${policyNameOf(id)} of ${name} stands still`)
    await clock.wait(SETTLE_EVERY_MS)
  }
  await untagEntity(account, role, id)
  return { status: 'done', detail: `policy ${policyNameOf(id)} of ${name} is gone` }
}

export function policyNameOf(id: string): string {
  return `${POLICY_PREFIX}${id}`
}
