import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluateAccess, type AccessRequest, type PolicySet } from './evaluate.ts'
import { matches } from './match.ts'
import type { IamPolicy, IamStatement } from './policy-document.ts'

const policy = (...Statement: readonly IamStatement[]): IamPolicy => ({ Version: '2012-10-17', Statement })
const allow = (Action: string, Resource = '*'): IamStatement => ({ Effect: 'Allow', Action, Resource })
const ask = (action: string, resource: string, context: AccessRequest['context'] = {}): AccessRequest => ({
  action,
  resource,
  context,
})

describe('order of decisions', () => {
  test('nothing allows, so it is denied without a statement', () => {
    expect(evaluateAccess({ identity: [] }, ask('s3:GetObject', 'arn:aws:s3:::a/b'))).toEqual({
      decision: 'implicit-deny',
      missingFrom: 'identity',
    })
  })
  test('a deny wins over an allow, wherever each stands', () => {
    const policies: PolicySet = {
      identity: [policy(allow('s3:*'))],
      scps: [policy(allow('*'), { Effect: 'Deny', Action: 's3:Put*', Resource: '*' })],
    }
    expect(evaluateAccess(policies, ask('s3:PutObject', 'arn:aws:s3:::a/b'))).toEqual({
      decision: 'explicit-deny',
      by: { in: 'scp', policy: 0, statement: 1 },
    })
    expect(evaluateAccess(policies, ask('s3:GetObject', 'arn:aws:s3:::a/b')).decision).toBe('allowed')
  })
  test('a boundary gives nothing by itself and takes what it does not name', () => {
    const boundary = policy(allow('s3:GetObject'))
    expect(evaluateAccess({ identity: [], boundary }, ask('s3:GetObject', 'arn:aws:s3:::a/b'))).toEqual({
      decision: 'implicit-deny',
      missingFrom: 'identity',
    })
    expect(evaluateAccess({ identity: [policy(allow('*'))], boundary }, ask('iam:CreateUser', '*'))).toEqual({
      decision: 'implicit-deny',
      missingFrom: 'boundary',
    })
  })
  test('a session policy narrows like a boundary', () => {
    const set = { identity: [policy(allow('*'))], session: [policy(allow('s3:List*'))] }
    expect(evaluateAccess(set, ask('s3:ListBucket', 'arn:aws:s3:::a')).decision).toBe('allowed')
    expect(evaluateAccess(set, ask('s3:GetObject', 'arn:aws:s3:::a/b'))).toMatchObject({ missingFrom: 'session' })
  })
  test('actions are compared without case, resources with it', () => {
    const set = { identity: [policy(allow('S3:getobject', 'arn:aws:s3:::Logs/*'))] }
    expect(evaluateAccess(set, ask('s3:GetObject', 'arn:aws:s3:::Logs/x')).decision).toBe('allowed')
    expect(evaluateAccess(set, ask('s3:GetObject', 'arn:aws:s3:::logs/x')).decision).toBe('implicit-deny')
  })
  test('what is not told was let by an allow of some of it, and is stopped by a deny of all', () => {
    const some = policy(allow('s3:GetObject', 'arn:aws:s3:::a/*'))
    const request = { action: 's3:GetObject', resource: undefined }
    expect(evaluateAccess({ identity: [some] }, request).decision).toBe('allowed')
    const denied = (Resource: string): IamPolicy => policy({ Effect: 'Deny', Action: 's3:*', Resource })
    expect(evaluateAccess({ identity: [some, denied('arn:aws:s3:::b/*')] }, request).decision).toBe('allowed')
    expect(evaluateAccess({ identity: [some, denied('*')] }, request).decision).toBe('explicit-deny')
  })
})

describe('conditions', () => {
  const when = (Condition: IamStatement['Condition']): PolicySet => ({
    identity: [policy({ ...allow('s3:GetObject'), ...(Condition === undefined ? {} : { Condition }) })],
  })
  const rows: readonly (readonly [string, IamStatement['Condition'], AccessRequest['context'], boolean])[] = [
    ['a key that is absent fails', { StringEquals: { 'aws:PrincipalTag/team': 'a' } }, {}, false],
    ['with IfExists it holds', { StringEqualsIfExists: { 'aws:PrincipalTag/team': 'a' } }, {}, true],
    ['what is absent is unequal', { StringNotEquals: { 'aws:PrincipalTag/team': 'a' } }, {}, true],
    ['one of the values is enough', { StringEquals: { 'aws:k': ['a', 'b'] } }, { 'aws:k': ['b'] }, true],
    ['none of the values may be it', { StringNotEquals: { 'aws:k': ['a', 'b'] } }, { 'aws:k': ['b'] }, false],
    [
      'keys are compared without case',
      { Bool: { 'AWS:SecureTransport': 'TRUE' } },
      { 'aws:securetransport': ['true'] },
      true,
    ],
    [
      'a range of addresses',
      { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
      { 'aws:sourceip': ['203.0.113.9'] },
      true,
    ],
    ['another range', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, { 'aws:sourceip': ['203.0.114.9'] }, false],
    [
      'a range of IPv6',
      { IpAddress: { 'aws:SourceIp': '2001:db8::/32' } },
      { 'aws:sourceip': ['2001:db8:1::5'] },
      true,
    ],
    [
      'all values of a list',
      { 'ForAllValues:StringLike': { 'aws:TagKeys': 'a*' } },
      { 'aws:tagkeys': ['ab', 'b'] },
      false,
    ],
    [
      'any value of a list',
      { 'ForAnyValue:StringLike': { 'aws:TagKeys': 'a*' } },
      { 'aws:tagkeys': ['ab', 'b'] },
      true,
    ],
    ['an empty list holds all', { 'ForAllValues:StringLike': { 'aws:TagKeys': 'a*' } }, {}, true],
    ['Null asks for absence', { Null: { 'aws:TokenIssueTime': 'true' } }, {}, true],
    ['a number', { NumericLessThan: { 's3:max-keys': '10' } }, { 's3:max-keys': ['9'] }, true],
    [
      'a date',
      { DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } },
      { 'aws:currenttime': ['2025-12-31T23:59:59Z'] },
      true,
    ],
    ['an operator that is none never holds', { StringMaybe: { 'aws:k': 'a' } }, { 'aws:k': ['a'] }, false],
  ]
  test.each(rows)('%s', (_, condition, context, isLet) => {
    const { decision } = evaluateAccess(when(condition), ask('s3:GetObject', 'arn:aws:s3:::a/b', context))
    expect(decision === 'allowed').toBe(isLet)
  })
})

describe('patterns', () => {
  test('a variable is what the request says, and without it nothing is matched', () => {
    const pattern = 'arn:aws:s3:::home/${aws:username}/*'
    expect(matches(pattern, 'arn:aws:s3:::home/eve/x', { 'aws:username': ['eve'] })).toBe(true)
    expect(matches(pattern, 'arn:aws:s3:::home/bob/x', { 'aws:username': ['eve'] })).toBe(false)
    expect(matches(pattern, 'arn:aws:s3:::home/bob/x')).toBe(false)
    expect(matches("arn:aws:s3:::home/${aws:username, 'all'}/*", 'arn:aws:s3:::home/all/x')).toBe(true)
  })
  test('an escaped star is a star, and a user called by one matches nobody else', () => {
    expect(matches('a${*}b', 'a*b')).toBe(true)
    expect(matches('a${*}b', 'axb')).toBe(false)
    expect(matches('home/${aws:username}', 'home/bob', { 'aws:username': ['*'] })).toBe(false)
  })
})

/** All of it as regular expressions and sets of every request: slow, and nothing is shared with what it checks. */
function slowly({ identity, boundary, session, scps }: PolicySet, { action, resource }: AccessRequest): boolean {
  const regex = (pattern: string, flags: string): RegExp =>
    new RegExp(
      `^${pattern
        .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '[^]*')
        .replaceAll('?', '[^]')}$`,
      flags,
    )
  const any = (list: unknown, text: string, flags = ''): boolean =>
    [list].flat().some((one) => regex(String(one), flags).test(text))
  const hit = (one: IamStatement): boolean =>
    (one.Action === undefined ? !any(one.NotAction, action, 'i') : any(one.Action, action, 'i')) &&
    (one.Resource === undefined ? !any(one.NotResource, resource ?? '') : any(one.Resource, resource ?? ''))
  const effects = (list: readonly IamPolicy[]): readonly string[] =>
    list.flatMap(({ Statement }) => Statement.filter(hit).map(({ Effect }) => Effect))
  const layers = [
    identity,
    ...(boundary ? [[boundary]] : []),
    ...(session ? [session] : []),
    ...(scps ?? []).map((one) => [one]),
  ]
  return (
    layers.every((layer) => effects(layer).includes('Allow')) &&
    !layers.some((layer) => effects(layer).includes('Deny'))
  )
}

test('agrees with a slow reference on every set of policies', () => {
  const part = fc.constantFrom('a', 'b', '*', '?', 'ab', 'A')
  const pattern = fc.tuple(part, part).map(([x, y]) => `s:${x}${y}`)
  const resources = fc.tuple(part, part).map(([x, y]) => `r:${x}${y}`)
  const some = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> => fc.array(one, { minLength: 1, maxLength: 3 })
  const statement: fc.Arbitrary<IamStatement> = fc
    .tuple(fc.constantFrom('Allow', 'Deny'), some(pattern), some(resources), fc.boolean(), fc.boolean())
    .map(([Effect, actions, list, isNot, isNotResource]) => ({
      Effect: Effect as 'Allow' | 'Deny', // one of the two above
      ...(isNot ? { NotAction: actions } : { Action: actions }),
      ...(isNotResource ? { NotResource: list } : { Resource: list }),
    }))
  const one = fc.array(statement, { maxLength: 4 }).map((list): IamPolicy => policy(...list))
  const set = fc.record(
    {
      identity: fc.array(one, { maxLength: 3 }),
      boundary: one,
      session: fc.array(one, { maxLength: 2 }),
      scps: fc.array(one, { maxLength: 2 }),
    },
    { requiredKeys: ['identity'] },
  )
  const name = fc.tuple(fc.constantFrom('a', 'b', 'A', 'c'), fc.constantFrom('', 'a', 'b', 'ab'))
  fc.assert(
    fc.property(set, name, name, (policies, [x, y], [u, v]) => {
      const request = { action: `s:${x}${y}`, resource: `r:${u}${v}` }
      expect(evaluateAccess(policies as PolicySet, request).decision === 'allowed').toBe(
        slowly(policies as PolicySet, request),
      )
    }),
    { numRuns: 3_000 },
  )
})
