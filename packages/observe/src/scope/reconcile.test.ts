import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Grant, GrantBinding } from '@holdfast/model'
import { reconcileScope } from './reconcile.ts'
import type { ScopeInput, ScopeReport, Use } from './scope-types.ts'

const ROLE = 'arn:aws:iam::111122223333:role/exporter'
const SOURCE = { document: 'd.json', format: 'iam-policy', entry: 3 }

function grant(more: Partial<Grant>): Grant {
  return { plane: 'aws', role: 'identity', effect: 'allow', conditions: {}, source: 'p', statement: 's1', ...more }
}

function bound(more: Partial<GrantBinding> = {}): GrantBinding {
  return { plane: 'aws', subject: ROLE, subjectKind: 'role', source: 'p', path: 'direct', ...more }
}

function use(more: Partial<Use>): Use {
  return {
    plane: 'aws',
    principal: ROLE,
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::a/k',
    day: '2026-03-02',
    calls: 1,
    denied: 0,
    last: '1',
    entries: [9],
    ...more,
  }
}

function report(more: {
  readonly grants?: readonly Grant[]
  readonly bindings?: readonly GrantBinding[]
  readonly uses?: readonly Use[]
  readonly path?: 'inherited'
}): ScopeReport {
  const { grants = [], bindings = [bound()], uses = [] } = more
  const input: ScopeInput = {
    agent: 'k8s:-/shop/cart',
    actsAs: [
      {
        principal: ROLE,
        path: more.path ?? 'direct',
        statedBy: 'test',
        entries: [1],
        ...(more.path === undefined ? {} : { ancestor: 'node n' }),
      },
    ],
    grants: grants.map((one) => ({ grant: one, source: SOURCE })),
    bindings: bindings.map((one) => ({ binding: one, source: SOURCE })),
    uses,
    heard: new Map([['aws', { days: 30 }]]),
    window: { from: '2026-02-01', to: '2026-03-02', days: 30 },
    gaps: [],
  }
  return reconcileScope(input)
}

const LISTS = [
  'unusedExcess',
  'inheritedOverreach',
  'justified',
  'undeclaredUse',
  'inScopeAnomalies',
  'undetermined',
  'withoutEffect',
] as const

/** Which list holds what, in words: `unusedExcess s3:Get* on *`. */
function words(of: ScopeReport): readonly string[] {
  return LISTS.flatMap((list) =>
    of[list].map((row) => `${list} ${row.grant.action} on ${row.grant.resources.join(' ')}`),
  )
}

const READ = grant({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::a/*'] })
const NEED = grant({ role: 'capability', source: 'needs', actions: ['s3:GetObject'], resources: ['arn:aws:s3:::a/*'] })

describe('the table of requirement 6.4', () => {
  test.each([
    ['direct', true, true, 'justified'],
    ['direct', true, false, 'unusedExcess'],
    ['direct', false, false, 'unusedExcess'],
    ['direct', false, true, 'undeclaredUse'],
    ['inherited', true, true, 'justified'],
    ['inherited', true, false, 'unusedExcess'],
    ['inherited', false, true, 'inheritedOverreach'],
    ['inherited', false, false, 'inheritedOverreach'],
  ] as const)('%s, declared %s, exercised %s is %s', (path, isDeclared, isUsed, list) => {
    const of = report({
      grants: isDeclared ? [READ, NEED] : [READ],
      uses: isUsed ? [use({})] : [],
      ...(path === 'inherited' ? { path } : {}),
    })
    expect(words(of)).toEqual([`${list} s3:GetObject on arn:aws:s3:::a/*`])
    expect(of[list][0]?.evidence).toMatchObject(isUsed ? { uses: 1, positions: [9] } : { uses: 0, positions: [] })
  })

  test('what is done without a known grant is an inventory gap, and of known grants a candidate of Type 2', () => {
    expect(report({ bindings: [], uses: [use({})] }).inventoryGaps).toMatchObject([
      { isType2Candidate: false, action: 's3:GetObject' },
    ])
    expect(report({ grants: [READ], uses: [use({ action: 's3:DeleteObject' })] }).inventoryGaps).toMatchObject([
      { isType2Candidate: true },
    ])
  })

  test('a use that goes far beyond its days is an in-scope anomaly and not justified', () => {
    const days = Array.from({ length: 9 }, (_, i) => use({ day: `2026-02-1${i}`, calls: i === 8 ? 40 : 10 }))
    expect(words(report({ grants: [READ, NEED], uses: days }))).toEqual([
      'inScopeAnomalies s3:GetObject on arn:aws:s3:::a/*',
    ])
  })
})

test('the used part of a wildcard is told from its idle part, with the statement that would be left', () => {
  const wide = grant({ actions: ['s3:Get*'], resources: ['arn:aws:s3:::acme-*/*'] })
  const of = report({ grants: [wide], uses: [use({ resource: 'arn:aws:s3:::acme-x/k' })] })
  expect(words(of)).toEqual([
    'unusedExcess s3:Get* on arn:aws:s3:::acme-*/*',
    'undeclaredUse s3:GetObject on arn:aws:s3:::acme-x/*',
  ])
  expect(of.unusedExcess[0]?.grant.except).toEqual([
    { action: 's3:GetObject', resources: ['arn:aws:s3:::acme-x/*'], why: 'in use' },
  ])
  expect(JSON.parse(of.unusedExcess[0]?.remedy.statement ?? '')).toEqual({
    Sid: 's1',
    Effect: 'Allow',
    Action: ['s3:GetObject'],
    Resource: ['arn:aws:s3:::acme-x/*'],
  })
})

test('of a wildcard what was used and declared stands apart from what was used and never declared', () => {
  const wide = grant({ actions: ['s3:GetObject'], resources: ['*'] })
  const uses = [use({}), use({ resource: 'arn:aws:s3:::payroll/k' })]
  const found = words(report({ grants: [wide, NEED], uses, path: 'inherited' }))
  expect(found).toContain('justified s3:GetObject on arn:aws:s3:::a/*')
  expect(found).toContain('inheritedOverreach s3:GetObject on arn:aws:s3:::payroll/*')
})

test('objects of a used bucket that were not read make no excess', () => {
  expect(words(report({ grants: [READ, NEED], uses: [use({})] }))).toEqual([
    'justified s3:GetObject on arn:aws:s3:::a/*',
  ])
})

test('a deny takes the effect of an allow, and of a part of it where it denies a part', () => {
  const allow = grant({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'] })
  const deny = (resources: readonly string[]) =>
    grant({ effect: 'deny', actions: ['s3:*'], resources, statement: 'no' })
  expect(words(report({ grants: [allow, deny(['*'])] }))).toEqual([
    'withoutEffect s3:GetObject on arn:aws:s3:::a/* arn:aws:s3:::b/*',
  ])
  expect(words(report({ grants: [allow, deny(['arn:aws:s3:::b/*'])] }))).toEqual([
    'unusedExcess s3:GetObject on arn:aws:s3:::a/*',
  ])
  const conditional = { ...deny(['*']), conditions: { Bool: { 'aws:SecureTransport': ['false'] } } }
  expect(report({ grants: [allow, conditional] }).unusedExcess[0]?.grant.conditions.join()).toContain(
    'aws:SecureTransport',
  )
})

test('NotAction gives everything but what it names', () => {
  const all = grant({ notActions: ['iam:*'], resources: ['*'] })
  const of = report({ grants: [all], uses: [use({}), use({ action: 'iam:CreateUser', resource: '' })] })
  expect(of.undeclaredUse.map(({ grant: { action } }) => action)).toEqual(['s3:GetObject'])
  expect(of.inventoryGaps.map(({ action }) => action)).toEqual(['iam:CreateUser'])
})

test('a boundary lets no more than it names', () => {
  const bindings = [bound(), bound({ source: 'edge', as: 'boundary' })]
  const edge = grant({ source: 'edge', actions: ['s3:Get*'], resources: ['*'] })
  const both = grant({ actions: ['s3:GetObject', 'sqs:SendMessage'], resources: ['*'] })
  expect(words(report({ grants: [both, edge], bindings }))).toEqual([
    'unusedExcess s3:GetObject on *',
    'withoutEffect sqs:SendMessage on *',
  ])
})

test('a condition on the principal itself is decided, any other is kept', () => {
  const of = (key: string, value: string) =>
    report({ grants: [{ ...READ, conditions: { StringEquals: { [key]: [value] } } }] })
  expect(words(of('aws:PrincipalAccount', '999988887777'))[0]).toContain('withoutEffect')
  expect(of('aws:PrincipalAccount', '111122223333').unusedExcess[0]?.grant.conditions).toEqual([])
  expect(of('aws:RequestedRegion', 'eu-west-1').unusedExcess[0]?.grant.conditions).toEqual([
    'aws:RequestedRegion StringEquals eu-west-1',
  ])
})

test('a group hands down, and a statement that is also held directly is direct', () => {
  const group = 'arn:aws:iam::111122223333:group/all'
  const handed = [bound({ source: group, path: 'inherited', ancestor: group }), bound({ subject: group, source: 'p' })]
  expect(report({ grants: [READ], bindings: handed }).inheritedOverreach[0]?.grant).toMatchObject({
    ancestor: group,
    via: [ROLE, group, 'p'],
  })
  expect(words(report({ grants: [READ], bindings: [...handed, bound()] }))).toEqual([
    'unusedExcess s3:GetObject on arn:aws:s3:::a/*',
  ])
})

test('nothing recorded of a plane is not the same as idle', () => {
  const gcp = grant({ plane: 'gcp', source: 'roles/x', actions: ['storage.objects.get'] })
  expect(
    words(report({ grants: [gcp], bindings: [bound({ plane: 'gcp', source: 'roles/x', scope: ['projects/p/*'] })] })),
  ).toEqual(['undetermined storage.objects.get on projects/p/*'])
})

const action = fc.constantFrom('s3:GetObject', 's3:PutObject', 's3:Get*', 's3:*', '*', 'sqs:SendMessage')
const resource = fc.constantFrom('*', 'arn:aws:s3:::a/*', 'arn:aws:s3:::*/*', 'arn:aws:s3:::b/k', 'arn:aws:sqs:eu:1:q')
const grants = fc.array(
  fc.record({
    effect: fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const),
    role: fc.constantFrom('identity' as const, 'identity' as const, 'capability' as const),
    actions: fc.uniqueArray(action, { minLength: 1, maxLength: 3 }),
    resources: fc.uniqueArray(resource, { minLength: 1, maxLength: 3 }),
    source: fc.constantFrom('p', 'q'),
  }),
  { maxLength: 6 },
)
const uses = fc.array(
  fc.record({
    action: fc.constantFrom('s3:GetObject', 's3:PutObject', 'sqs:SendMessage'),
    resource: fc.constantFrom('arn:aws:s3:::a/k', 'arn:aws:s3:::b/k', 'arn:aws:sqs:eu:1:q', ''),
  }),
  { maxLength: 6 },
)

test('lists are disjoint, every allowed action of a statement is in one of them, and the order of the input changes nothing', () => {
  fc.assert(
    fc.property(grants, uses, fc.boolean(), (some, done, isInherited) => {
      const stated = some.map((one, i) => grant({ ...one, statement: `s${i}` }))
      const bindings = [bound(), bound({ source: 'q', ...(isInherited ? { path: 'inherited', ancestor: 'g' } : {}) })]
      const made = (reversed: boolean) => {
        const [g, u] = [[...stated], done.map((one) => use(one))]
        return report({ grants: reversed ? g.toReversed() : g, bindings, uses: reversed ? u.toReversed() : u })
      }
      const of = made(false)
      const ids = LISTS.flatMap((list) => of[list].map(({ id }) => id))
      expect(new Set(ids).size).toBe(ids.length)
      for (const { effect, role, actions = [], statement } of stated) {
        if (effect !== 'allow' || role !== 'identity') continue
        const rows = LISTS.flatMap((list) => of[list].filter((row) => row.grant.statement === statement))
        for (const one of actions)
          expect(rows.some(({ grant: { action: own } }) => own === one || one.includes('*'))).toBe(true)
      }
      expect(words(made(true)).toSorted()).toEqual(words(of).toSorted())
    }),
    { numRuns: 500 },
  )
})

test('a statement of absurd lists is split in time that grows with its actions', () => {
  const names = Array.from({ length: 1_000 }, (_, i) => `${i}`.padStart(40, 'x'))
  const wide = grant({ actions: names.map((name) => `s3:${name}`), resources: names.map((name) => `${name}*`) })
  expect(report({ grants: [wide] }).unusedExcess).toHaveLength(1_000)
})
