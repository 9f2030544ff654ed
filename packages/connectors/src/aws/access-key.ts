import type { EffectOutcome, EffectProbe } from '@holdfast/respond'

import type { AwsAccount } from './account.ts'
import type { User } from './entity.ts'
import { readUser, tagEntity, untagEntity } from './entity.ts'
import type { TaggedHold } from './tags.ts'

/** Switches a key of a user off. */
export async function freezeKey(
  account: AwsAccount,
  { name, accessKey }: { readonly name: string; readonly accessKey: string },
  hold: TaggedHold,
): Promise<EffectOutcome> {
  const user = await readUser(account, name)
  const key = user?.keys.find(({ id }) => id === accessKey)
  if (user === undefined || key === undefined) return { status: 'failed', detail: `${name} has no key ${accessKey}` }
  const mine = user.holds.find(({ id }) => id === hold.id)
  if (mine?.key === hold.key && !key.isActive) return { status: 'done', detail: `key ${accessKey} is off already` }
  const known = holding(account, user, accessKey)[0]
  const before = known === undefined ? (key.isActive ? 'Active' : 'Inactive') : (known.before ?? 'Active')
  await tagEntity(account, user, { ...hold, on: accessKey, before })
  await setKey(account, { name, accessKey, status: 'Inactive' })
  return { status: 'done', detail: `key ${accessKey} of ${name} is off` }
}

export async function releaseKey(
  account: AwsAccount,
  { name, accessKey }: { readonly name: string; readonly accessKey: string },
  { id, key }: { readonly id: string; readonly key: string },
): Promise<EffectOutcome> {
  const user = await readUser(account, name)
  const mine = user?.holds.find((hold) => hold.id === id)
  if (user === undefined) return { status: 'done', detail: `user ${name} is not there` }
  if (mine === undefined) {
    // A mark can be taken away; the key itself says whether there is something to take back, and nothing says to what.
    const isOff = user.keys.some((one) => one.id === accessKey && !one.isActive)
    return isOff && holding(account, user, accessKey).length === 0
      ? { status: 'failed', detail: `key ${accessKey} of ${name} is off, and no mark of ours says what it was before` }
      : { status: 'done', detail: `no hold stands on ${name}` }
  }
  if (mine.key !== key) return { status: 'done', detail: `${name}: a later plan holds it` }
  const isLast = holding(account, user, accessKey).every((hold) => hold.id === id)
  const isThere = user.keys.some((one) => one.id === accessKey)
  if (isLast && isThere && mine.before === 'Active') await setKey(account, { name, accessKey, status: 'Active' })
  await untagEntity(account, user, id)
  const what = !isLast ? 'another hold stands' : !isThere ? 'it is gone' : String(mine.before)
  return { status: 'done', detail: `key ${accessKey} of ${name}: ${what}` }
}

/** Looks at the key in the user's list, and when it was used last. */
export async function probeKey(
  account: AwsAccount,
  { name, accessKey }: { readonly name: string; readonly accessKey: string },
): Promise<readonly EffectProbe[]> {
  const [user, used] = await Promise.all([
    readUser(account, name),
    account.ask((client, { GetAccessKeyLastUsedCommand }) =>
      client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKey })),
    ),
  ])
  const key = user?.keys.find(({ id }) => id === accessKey)
  const last = used?.AccessKeyLastUsed?.LastUsedDate?.toISOString() ?? 'at no known time'
  return [
    {
      way: 'access key',
      held: user !== undefined && key?.isActive !== true,
      detail:
        key === undefined
          ? `${name} has no such key`
          : `it is ${key.isActive ? 'active' : 'off'}, last used ${last}; sessions that it opened before live on until they end`,
    },
  ]
}

/** An old mark of ours can be written again by others: it says nothing of what stands now. */
function holding({ marks }: AwsAccount, { holds }: User, accessKey: string): readonly TaggedHold[] {
  return holds.filter(({ on, key }) => on === accessKey && marks.isStanding(key))
}

async function setKey(
  account: AwsAccount,
  {
    name,
    accessKey,
    status,
  }: { readonly name: string; readonly accessKey: string; readonly status: 'Active' | 'Inactive' },
): Promise<void> {
  await account.ask((client, { UpdateAccessKeyCommand }) =>
    client.send(new UpdateAccessKeyCommand({ UserName: name, AccessKeyId: accessKey, Status: status })),
  )
}
