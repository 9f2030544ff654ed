import { expect, test } from 'vitest'
import { parsePolicy, type PolicyPlace } from './parse-policy.ts'

const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' }
const with_ = (changed: object): unknown => ({ Version: '2012-10-17', Statement: [{ ...statement, ...changed }] })
const faultsOf = (value: unknown, place?: PolicyPlace): readonly string[] => {
  const parsed = parsePolicy(value, place)
  return parsed.status === 'valid' ? [] : parsed.faults.map(({ pointer, why }) => `${pointer} ${why}`)
}

test('a policy of the grammar is valid, and one statement is a list of one', () => {
  expect(parsePolicy({ Version: '2012-10-17', Statement: statement })).toEqual({
    status: 'valid',
    policy: { Version: '2012-10-17', Statement: [statement] },
  })
  expect(faultsOf(with_({ Condition: { 'ForAnyValue:StringLikeIfExists': { 'aws:TagKeys': ['a*'] } } }))).toEqual([])
})

test.each([
  ['no object', 'policy', [' a policy is an object']],
  [
    'a version of another day',
    { Version: '2020-01-01', Statement: statement },
    ['/Version is neither 2012-10-17 nor 2008-10-17'],
  ],
  ['no statement', { Version: '2012-10-17', Statement: [] }, ['/Statement holds no statement']],
  ['a foreign element', with_({ Actions: 's3:*' }), ['/Statement/0/Actions is no element of a statement']],
  ['an effect in small letters', with_({ Effect: 'allow' }), ['/Statement/0/Effect is neither Allow nor Deny']],
  [
    'both kinds of action',
    with_({ NotAction: 's3:*' }),
    ['/Statement/0/Action needs one of Action and NotAction, and has 2'],
  ],
  [
    'no resource',
    with_({ Resource: undefined }),
    ['/Statement/0/Resource needs one of Resource and NotResource, and has 0'],
  ],
  [
    'an action without a service',
    with_({ Action: ['s3:GetObject', 'GetObject'] }),
    ['/Statement/0/Action/1 "GetObject" is no action'],
  ],
  ['a resource that is no ARN', with_({ Resource: 'bucket' }), ['/Statement/0/Resource "bucket" is no ARN and no *']],
  ['an empty list', with_({ Action: [] }), ['/Statement/0/Action is empty']],
  ['a name with a blank', with_({ Sid: 'read it' }), ['/Statement/0/Sid takes letters and digits alone']],
  [
    'an operator that is none',
    with_({ Condition: { StringIs: { a: 'b' } } }),
    ['/Statement/0/Condition/StringIs is no operator of a condition'],
  ],
  [
    'a principal of an identity',
    with_({ Principal: '*' }),
    ['/Statement/0/Principal a policy of an identity names no principal'],
  ],
] as const)('%s is a fault with its place', (_, value, faults) => {
  expect(faultsOf(value)).toEqual(faults)
})

test('two statements of one name are a fault', () => {
  const value = {
    Version: '2012-10-17',
    Statement: [
      { ...statement, Sid: 'a' },
      { ...statement, Sid: 'a' },
    ],
  }
  expect(faultsOf(value)).toEqual(['/Statement/1/Sid "a" is used twice'])
})

test('a trust policy names a principal and no resource', () => {
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }
  expect(faultsOf({ Version: '2012-10-17', Statement: trust }, 'trust')).toEqual([])
  expect(faultsOf({ Version: '2012-10-17', Statement: statement }, 'trust')).toHaveLength(2)
})

test('more characters than a managed policy takes are a fault, white space apart', () => {
  const long = with_({ Resource: Array.from({ length: 400 }, (_, i) => `arn:aws:s3:::bucket-${i}/*`) })
  expect(faultsOf(long)[0]).toMatch(/characters, of which IAM takes 6144/)
})
