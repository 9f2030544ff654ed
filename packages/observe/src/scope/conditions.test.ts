import { expect, test } from 'vitest'
import { conditionOf } from './conditions.ts'

const ROLE = 'arn:aws:iam::111122223333:role/exporter'

function of(operator: string, value: string): string {
  return conditionOf({ [operator]: { 'aws:PrincipalArn': [value] } }, ROLE).kind
}

test.each([
  ['StringEquals', 'arn:aws:iam::111122223333:role/exporter', 'always'],
  ['StringEquals', 'arn:aws:iam::111122223333:role/ops/exporter', 'always'],
  ['StringEquals', 'arn:aws:iam::111122223333:role/*', 'never'],
  ['StringNotEquals', 'arn:aws:iam::*:role/exporter', 'always'],
  ['StringEqualsIgnoreCase', 'arn:aws:iam::111122223333:ROLE/Exporter', 'always'],
  ['StringNotEqualsIgnoreCase', 'arn:aws:iam::111122223333:role/EXPORTER', 'never'],
  ['StringLike', 'arn:aws:iam::111122223333:role/exp*', 'always'],
  ['ArnEquals', 'arn:aws:iam::*:role/exporter', 'always'],
  ['ArnNotLike', 'arn:aws:iam::*:role/exporter', 'never'],
  ['ArnLike', 'arn:aws:iam::111122223333:role/other*', 'never'],
])('of the principal alone, %s %s holds: %s', (operator, value, kind) => expect(of(operator, value)).toBe(kind))

test('whether a role lies in a path is not known from its name, so it stays open', () => {
  expect(of('ArnLike', 'arn:aws:iam::111122223333:role/ops/*')).toBe('open')
  expect(of('StringNotLike', 'arn:aws:iam::111122223333:role/ops/exp*')).toBe('open')
  expect(of('ArnLike', 'arn:aws:iam::111122223333:role/ops/other*')).toBe('never')
  expect(of('ArnLike', 'arn:aws:iam::111122223333:role/*')).toBe('always')
})

test('a condition on the account is decided by the principal, any other stays open', () => {
  expect(conditionOf({ StringEquals: { 'aws:PrincipalAccount': ['111122223333'] } }, ROLE).kind).toBe('always')
  expect(conditionOf({ StringNotEquals: { 'aws:PrincipalAccount': ['111122223333'] } }, ROLE).kind).toBe('never')
  expect(conditionOf({ IpAddress: { 'aws:SourceIp': ['10.0.0.0/8'] } }, ROLE).kind).toBe('open')
})
