import type { AgentId, UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { credentialRows } from './identity-rows.ts'

const ROLE = 'arn:aws:iam::111122223333:role/refund-writer'
const MISUSED = [
  // In the form of one.
  { agent: 'k8s:-/payments/refund-agent' as AgentId, name: ROLE, authority: 'aws', isMisused: true, used: [] },
] as const
type Use = Parameters<typeof credentialRows>[0]['events'][number]

function call(entry: number, decision: 'allowed' | 'denied' | 'failed', errorCode?: string): Use {
  const principal = { plane: 'aws', id: ROLE, kind: 'role', credential: 'ASIAEXAMPLE', via: [] } as const
  const nothing = { state: 'not-captured', reason: 'dialect-has-no-field' } as const
  return {
    entry,
    claimedAt: BigInt(entry) as UnixNano, // nanoseconds since 1970
    body: {
      kind: 'api-call',
      plane: 'aws',
      principal,
      action: 'dynamodb:PutItem',
      resources: [],
      decision,
      ...(errorCode === undefined ? {} : { errorCode }),
      request: nothing,
      response: nothing,
    },
  }
}

test.each([
  ['let last', [call(1, 'allowed')], 'live'],
  [
    'refused as expired, which its authority calls a failure',
    [call(1, 'allowed'), call(2, 'failed', 'ExpiredTokenException')],
    'dead',
  ],
  ['refused as inactive', [call(1, 'allowed'), call(2, 'denied', 'InactiveKey')], 'dead'],
  ['failed for another reason', [call(1, 'allowed'), call(2, 'failed', 'ThrottlingException')], 'live'],
  ['let again after it was refused', [call(1, 'failed', 'ExpiredTokenException'), call(2, 'allowed')], 'live'],
] as const)('a credential that was %s', (_, events, state) => {
  expect(credentialRows({ events }, MISUSED)).toMatchObject([{ credential: 'ASIAEXAMPLE', state }])
})
