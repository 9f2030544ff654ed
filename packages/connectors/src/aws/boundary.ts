import type { EffectOutcome } from '@holdfast/respond'

import type { AwsAccount } from './account.ts'
import type { Role } from './entity.ts'
import { readRole, tagEntity, untagEntity } from './entity.ts'
import type { TaggedHold } from './tags.ts'

/** Bounds a role, and keeps the boundary that it had. */
export async function applyBoundary(
  account: AwsAccount,
  { name, boundary }: { readonly name: string; readonly boundary: string },
  hold: TaggedHold,
): Promise<EffectOutcome> {
  const role = await readRole(account, name)
  if (role === undefined) return { status: 'failed', detail: `role ${name} is not there` }
  const mine = role.holds.find(({ id }) => id === hold.id)
  if (mine?.key === hold.key && role.boundary === boundary) {
    return { status: 'done', detail: `${name} is bounded by ${boundary} already` }
  }
  // Another hold knows what was there before both; the role itself does not any more.
  const known = bounding(account, role)[0]
  const before = known === undefined ? role.boundary : known.before
  await tagEntity(account, role, { ...hold, on: boundary, ...(before === undefined ? {} : { before }) })
  await putBoundary(account, name, boundary)
  return { status: 'done', detail: `${name} is bounded by ${boundary}; before by ${role.boundary ?? 'nothing'}` }
}

/**
 * Gives the role back the boundary that it had, where no other hold bounds it and nobody has set it since. `failed` where our
 * boundary stands and no mark says what was there before. Safe to call twice.
 */
export async function releaseBoundary(
  account: AwsAccount,
  { name, boundary }: { readonly name: string; readonly boundary: string },
  { id, key }: { readonly id: string; readonly key: string },
): Promise<EffectOutcome> {
  const role = await readRole(account, name)
  const mine = role?.holds.find((hold) => hold.id === id)
  if (role === undefined) return { status: 'done', detail: `role ${name} is not there` }
  if (mine === undefined) {
    // A mark can be taken away; the boundary itself says whether there is something to take back, and nothing says to what.
    const isLeft = role.boundary === boundary && bounding(account, role).length === 0
    return isLeft
      ? {
          status: 'failed',
          detail: `${name} is bounded by ${boundary}, and no mark of ours says what was there before`,
        }
      : { status: 'done', detail: `no hold stands on ${name}` }
  }
  if (mine.key !== key) return { status: 'done', detail: `${name}: a later plan holds it` }
  const isLast = bounding(account, role).every((hold) => hold.id === id)
  const isOurs = role.boundary === mine.on
  if (isLast && isOurs)
    await (mine.before === undefined ? dropBoundary(account, name) : putBoundary(account, name, String(mine.before)))
  await untagEntity(account, role, id)
  const what = !isLast
    ? 'another hold stands'
    : !isOurs
      ? 'somebody else has set it since'
      : String(mine.before ?? 'none')
  return { status: 'done', detail: `${name}: boundary: ${what}` }
}

/** An old mark of ours can be written again by others: it says nothing of what stands now. */
function bounding({ marks }: AwsAccount, { holds }: Role): readonly TaggedHold[] {
  return holds.filter(({ deed, key }) => deed === 'scope-role' && marks.isStanding(key))
}

async function putBoundary(account: AwsAccount, name: string, boundary: string): Promise<void> {
  await account.ask((client, { PutRolePermissionsBoundaryCommand }) =>
    client.send(new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary: boundary })),
  )
}

async function dropBoundary(account: AwsAccount, name: string): Promise<void> {
  await account.ask((client, { DeleteRolePermissionsBoundaryCommand }) =>
    client.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: name })),
  )
}
