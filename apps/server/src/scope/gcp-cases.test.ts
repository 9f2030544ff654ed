import { describe, expect, test } from 'vitest'
import { AGENT, scopeOf, stated, words } from './testing/scope-of.ts'

const BOT = 'cart@acme.iam.gserviceaccount.com'
let serial = 0

const policy = (resource: string, name: string, condition?: object) => ({
  resource,
  policy: {
    bindings: [{ role: name, members: [`serviceAccount:${BOT}`], ...(condition === undefined ? {} : { condition }) }],
  },
})
const PROJECT = '//cloudresourcemanager.googleapis.com/projects/acme'
const call = (permission: string, resource: string) => ({
  insertId: `i${serial++}`,
  timestamp: '2026-03-02T10:00:00Z',
  resource: { labels: { project_id: 'acme' } },
  protoPayload: {
    methodName: 'm',
    authenticationInfo: { principalEmail: BOT },
    authorizationInfo: [{ permission, resource, granted: true }],
  },
})
const custom = (...includedPermissions: readonly string[]) => ({ name: 'projects/acme/roles/own', includedPermissions })
const OWN = 'projects/acme/roles/own'

describe('Google Cloud IAM', () => {
  const gcp = (needs: readonly object[], ...rest: readonly unknown[]) =>
    words(scopeOf(AGENT, [stated('gcp', BOT, needs), ...rest]))
  const publish = call('pubsub.topics.publish', 'projects/acme/topics/t')
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'a role on the project is overreach, also where it was used',
      gcp(
        [],
        custom('bigquery.tables.getData'),
        policy(PROJECT, OWN),
        call('bigquery.tables.getData', 'projects/acme/datasets/crm/tables/pii'),
      ),
      [
        'inheritedOverreach: bigquery.tables.getData on projects/acme projects/acme/*',
        'inheritedOverreach: bigquery.tables.getData on projects/acme/datasets/crm/tables/pii',
      ],
    ],
    [
      'a role on a topic is direct',
      gcp(
        [{ actions: ['pubsub.topics.publish'], resources: ['projects/acme/topics/t'] }],
        custom('pubsub.topics.publish', 'pubsub.topics.delete'),
        policy('//pubsub.googleapis.com/projects/acme/topics/t', OWN),
        publish,
      ),
      [
        'justified: pubsub.topics.publish on projects/acme/topics/t projects/acme/topics/t/*',
        'unusedExcess: pubsub.topics.delete on projects/acme/topics/t projects/acme/topics/t/*',
      ],
    ],
    [
      'a declared need of an inherited role is told from the rest',
      gcp(
        [{ actions: ['pubsub.topics.publish'], resources: ['projects/acme/topics/t'] }],
        custom('pubsub.topics.publish'),
        policy(PROJECT, OWN),
        publish,
      ),
      [
        'inheritedOverreach: pubsub.topics.publish on projects/acme projects/acme/*',
        'justified: pubsub.topics.publish on projects/acme/topics/t',
      ],
    ],
    [
      'a declared need of an inherited role that is idle is excess at the ancestor',
      gcp(
        [{ actions: ['pubsub.topics.publish'], resources: ['projects/acme/topics/t'] }],
        custom('pubsub.topics.publish'),
        policy(PROJECT, OWN),
        call('storage.buckets.list', 'projects/acme'),
      ),
      [
        'gap: storage.buckets.list on projects/acme',
        'inheritedOverreach: pubsub.topics.publish on projects/acme projects/acme/*',
        'unusedExcess: pubsub.topics.publish on projects/acme/topics/t',
      ],
    ],
    [
      'a bucket is one wherever its project is',
      gcp(
        [],
        policy('//storage.googleapis.com/projects/_/buckets/b', 'roles/storage.objectCreator'),
        call('storage.objects.create', 'projects/_/buckets/b/objects/o'),
      ).filter((row) => row.includes('objects.create')),
      ['undeclaredUse: storage.objects.create on projects/*/buckets/b projects/*/buckets/b/*'],
    ],
    [
      'a predefined role that is not known is unresolved, and gives no row',
      gcp([], policy(PROJECT, 'roles/some.unknownRole'), publish),
      ['gap: pubsub.topics.publish on projects/acme/topics/t'],
    ],
  ])('%s', (_title, found, expected) => expect(found).toEqual(expected))

  test('a condition is kept as it is written', () => {
    const report = scopeOf(AGENT, [
      stated('gcp', BOT),
      custom('pubsub.topics.publish'),
      policy(PROJECT, OWN, { expression: "request.time < timestamp('2027-01-01T00:00:00Z')" }),
    ])
    expect(report.inheritedOverreach[0]?.grant.conditions.join()).toContain('request.time')
  })
})
