import { expect, test } from 'vitest'
import { scanAuthority } from './scan-authority.ts'

const ARRIVAL = { instance: 'http push', credential: 'token' }
const trail = (eventID: string) => ({
  eventID,
  eventVersion: '1.11',
  eventSource: 's3.amazonaws.com',
  eventName: 'GetObject',
  userIdentity: { type: 'Root', accountId: '111122223333' },
})

test('what is pushed is live, and one unknown record does not keep the others out', () => {
  const { groups, accepted, rejected, why } = scanAuthority(
    [{ 'detail-type': 'AWS API Call via CloudTrail', detail: trail('1') }, trail('2'), { odd: true }],
    ARRIVAL,
  )
  expect({ accepted, rejected, why }).toEqual({
    accepted: 2,
    rejected: 1,
    why: 'no record of an audit log that is known',
  })
  expect(groups[0]?.envelope).toMatchObject({
    clock: 'live',
    tier: 'provider',
    channel: 'cloudtrail',
    credential: 'token',
    instance: 'http push',
  })
})

test('a credential in a record is masked before it is stored', () => {
  const secret = `AKIA${'Z'.repeat(16)}`
  const { groups } = scanAuthority(
    { ...trail('3'), requestParameters: { password: 'hunter2-hunter2', note: secret } },
    ARRIVAL,
  )
  expect(Buffer.from(groups[0]?.bytes ?? []).toString()).not.toContain('hunter2-hunter2')
})

test('nothing but unknown JSON gives no entry', () => {
  expect(scanAuthority({ kind: 'EventList', items: [] }, ARRIVAL)).toMatchObject({ accepted: 0, rejected: 1 })
})
