import type { EffectOutcome } from '@holdfast/respond'

import { ConnectorError, wordsOf } from '../connector-error.ts'
import type { ConnectorClock, ResponseConnector, SweptHold } from '../connector.ts'
import { releaseKey } from './access-key.ts'
import type { AwsAccount } from './account.ts'
import { releaseBoundary } from './boundary.ts'
import { MAX_PAGES } from './limits.ts'
import { releasePolicy } from './role-policy.ts'
import type { TaggedHold } from './tags.ts'
import { holdsIn } from './tags.ts'

type Found = { readonly kind: 'role' | 'user'; readonly name: string; readonly hold: TaggedHold }

/**
 * Releases what is over, by the tags that it left: those that we sealed, for a step that is on record as in effect. Whoever may
 * write tags there can so end nothing.
 */
export async function sweepAccount(
  account: AwsAccount,
  { clock, before }: { readonly clock: ConnectorClock; readonly before: Parameters<ResponseConnector['sweep']>[0] },
): Promise<readonly SweptHold[]> {
  const now = clock.now()
  const swept: SweptHold[] = []
  for (const { kind, name, hold } of await holdsOf(account)) {
    if (Date.parse(hold.expires) > now || !account.marks.isStanding(hold.key)) continue
    const what = {
      target: `arn:aws:iam::${account.id}:${kind}/${name}`,
      incident: hold.incident,
      expired: hold.expires,
    }
    await before(what)
    swept.push({ ...what, ...(await released(() => release(account, { kind, name, hold }, clock))) })
  }
  return swept
}

function release(account: AwsAccount, { kind, name, hold }: Found, clock: ConnectorClock): Promise<EffectOutcome> {
  const { on, deed } = hold
  if (kind === 'user') {
    return on === undefined
      ? Promise.resolve({ status: 'failed', detail: `${name}: the tag names no key` })
      : releaseKey(account, { name, accessKey: on }, hold)
  }
  if (deed === 'scope-role') {
    return on === undefined
      ? Promise.resolve({ status: 'failed', detail: `${name}: the tag names no boundary` })
      : releaseBoundary(account, { name, boundary: on }, hold)
  }
  return releasePolicy(account, name, { ...hold, clock })
}

async function released(act: () => Promise<EffectOutcome>): Promise<Pick<SweptHold, 'status' | 'detail'>> {
  try {
    const { status, detail } = await act()
    return { status: status === 'done' ? 'released' : 'failed', detail }
  } catch (error) {
    // One role that cannot be released keeps no other one held.
    return { status: 'failed', detail: wordsOf(error) }
  }
}

async function holdsOf(account: AwsAccount): Promise<readonly Found[]> {
  const found: Found[] = []
  let from: string | undefined
  for (let page = 0; page < MAX_PAGES; page++) {
    const details = await account.ask((client, { GetAccountAuthorizationDetailsCommand }) =>
      client.send(
        new GetAccountAuthorizationDetailsCommand({
          Filter: ['Role', 'User'],
          ...(from === undefined ? {} : { Marker: from }),
        }),
      ),
    )
    for (const { RoleName: name = '', Tags = [] } of details?.RoleDetailList ?? []) {
      found.push(...holdsIn(Tags, account.marked('role', name)).map((hold): Found => ({ kind: 'role', name, hold })))
    }
    for (const { UserName: name = '', Tags = [] } of details?.UserDetailList ?? []) {
      found.push(...holdsIn(Tags, account.marked('user', name)).map((hold): Found => ({ kind: 'user', name, hold })))
    }
    from = details?.Marker
    if (details?.IsTruncated !== true || from === undefined) return found
  }
  throw new ConnectorError('unusable', `account ${account.id} has more roles and users than are looked through`)
}
