import fc from 'fast-check'
import { expect, test } from 'vitest'
import { entriesOf, folded, scopeOf } from './testing/scope-of.ts'

const AGENT = 'k8s:-/shop/cart'
const BOT = 'cart@acme.iam.gserviceaccount.com'

const call = (insertId: string, day: string, granted = true) => ({
  insertId,
  timestamp: `2026-03-${day}T10:00:00Z`,
  resource: { labels: { project_id: 'acme' } },
  protoPayload: {
    methodName: 'm',
    authenticationInfo: { principalEmail: BOT },
    authorizationInfo: [{ permission: 'pubsub.topics.publish', resource: 'projects/acme/topics/t', granted }],
  },
})
const role = (at: string, ...permissions: readonly string[]) => ({
  holdfastDeclared: {
    document: 'role.json',
    at,
    content: { name: 'projects/acme/roles/own', includedPermissions: permissions },
  },
})
const binding = {
  resource: '//pubsub.googleapis.com/projects/acme/topics/t',
  policy: { bindings: [{ role: 'projects/acme/roles/own', members: [`serviceAccount:${BOT}`] }] },
}
const agent = {
  holdfastAuthority: { agent: AGENT, owner: 'team-shop', identities: [{ plane: 'gcp', principal: BOT }], needs: [] },
}

const CONTENTS = [
  agent,
  binding,
  role('2026-01-01T00:00:00Z', 'pubsub.topics.publish', 'pubsub.topics.delete'),
  role('2026-02-01T00:00:00Z', 'pubsub.topics.publish'),
  ...['01', '01', '02', '03'].map((day, i) => call(`c${i}`, day)),
  call('refused', '03', false),
]

test('the state is the same in whatever order entries arrive, and in whatever batches', () => {
  const entries = entriesOf(CONTENTS)
  const stateOf = (order: readonly (typeof entries)[number][], batch: number): string =>
    JSON.stringify(
      [...folded(order, batch).rows]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, bytes]) => [key, Buffer.from(bytes).toString()]),
    )
  const expected = stateOf(entries, 100)
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...entries], { minLength: entries.length }),
      fc.integer({ min: 1, max: 9 }),
      (order, batch) => {
        expect(stateOf(order, batch)).toBe(expected)
      },
    ),
  )
})

test('the latest document of an object is in force, and what was refused is no use', () => {
  const report = scopeOf(AGENT, CONTENTS)
  expect(report.undeclaredUse[0]).toMatchObject({
    owner: 'team-shop',
    evidence: { uses: 4, lastUse: '2026-03-03T10:00:00Z' },
  })
  expect(report.unusedExcess).toEqual([])
  expect(report.refused).toMatchObject([{ action: 'pubsub.topics.publish', uses: 1 }])
})
