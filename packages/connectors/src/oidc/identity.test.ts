import { expect, test } from 'vitest'
import { signInConfigSchema } from './config.ts'
import { identityOf } from './identity.ts'

const GIVEN = { sub: 's-1', email: 'ann@corp.test', email_verified: true, groups: ['soc'] }
const by = (claims: unknown, { name = 'email', values = ['groups'] } = {}) => identityOf('i', claims, { name, values })

test('an address that nobody verified is no name, another claim is', () => {
  expect(by(GIVEN)?.name).toBe('ann@corp.test')
  for (const verified of [false, undefined, 'true', 1])
    expect(by({ ...GIVEN, email_verified: verified })?.name).toBeUndefined()
  expect(by({ ...GIVEN, preferred_username: 'ann' }, { name: 'preferred_username' })?.name).toBe('ann')
})

test('values are read from one text, from a list, and below other claims', () => {
  expect(by({ ...GIVEN, groups: 'soc' })?.values).toEqual(['soc'])
  expect(by({ ...GIVEN, groups: ['a', 1, null, { b: 1 }, ['c'], 'x'.repeat(301), 'b'] })?.values).toEqual(['a', 'b'])
  expect(by({ ...GIVEN, realm: { roles: ['a'] } }, { values: ['realm', 'roles'] })?.values).toEqual(['a'])
  for (const groups of [undefined, null, 7, {}, true]) expect(by({ ...GIVEN, groups })?.values).toEqual([])
})

test('nothing that every object has is a claim', () => {
  const values = ['constructor', 'name']
  expect(by(GIVEN, { values })?.values).toEqual([])
  expect(by(JSON.parse('{"sub":"s","__proto__":{"groups":["soc"]}}'))?.values).toEqual([])
  for (const claims of [undefined, null, 'x', [], { sub: '' }, { sub: 7 }]) expect(by(claims)).toBeUndefined()
})

const RIGHT = {
  issuer: 'https://id.corp.test',
  'client-id': 'holdfast',
  'client-secret': { file: 'f' },
  roles: [{ value: 'soc', role: 'analyst' }],
}

test('nobody is mapped unless it is said, and secrets stand elsewhere', () => {
  expect(signInConfigSchema.parse(RIGHT)).toMatchObject({ 'session-hours': 12, 'name-claim': 'email', allow: [] })
  for (const wrong of [
    { roles: [] },
    { roles: undefined },
    { roles: [{ value: 'soc' }] },
    { roles: [{ value: '', role: 'viewer' }] },
    { roles: [{ value: 'soc', role: 'owner' }] },
    { roles: [RIGHT.roles[0], RIGHT.roles[0]] },
    { 'client-secret': 'in the file' },
    { issuer: 'ftp://id.corp.test' },
    { issuer: 'https://id.corp.test?x' },
    { issuer: 'https://me:pw@id.corp.test' },
    { scopes: ['email'] },
    { 'session-hours': 25 },
    { 'default-role': 'viewer' },
  ])
    expect(signInConfigSchema.safeParse({ ...RIGHT, ...wrong }).success, JSON.stringify(wrong)).toBe(false)
})
