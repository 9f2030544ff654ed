import { expect, test } from 'vitest'
import { signInFault, signInHref } from './sign-in-words.ts'

test('an address names a fault of ours or none', () => {
  expect([signInFault('?sign-in=revoked'), signInFault('?q=1'), signInFault('?sign-in=<b>')]).toEqual([
    'revoked',
    undefined,
    undefined,
  ])
})

test('a sign-in ends on the page that was asked for', () => {
  const of = (pathname: string, search = '') => signInHref('http://h/sign-in/provider', { pathname, search })
  expect([of('/'), of('/', '?sign-in=stale')]).toEqual(['http://h/sign-in/provider', 'http://h/sign-in/provider'])
  expect(of('/incidents/x', '?cell=a&sign-in=stale')).toBe('http://h/sign-in/provider?to=%2Fincidents%2Fx%3Fcell%3Da')
})
