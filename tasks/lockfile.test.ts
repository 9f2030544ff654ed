import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { entriesFor, unlistedOptional, type Packages } from './lockfile.ts'

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Packages
}

test('the lockfile lists every optional package, so that npm ci takes it (else: node setup.js lock)', () => {
  expect(unlistedOptional(packages)).toEqual([])
})

test('the lockfile names no registry', () => {
  const hosts = Object.entries(packages).filter(([, { resolved, link }]) => resolved !== undefined && link !== true)
  expect(hosts).toEqual([])
})

test('an optional package beside or above the one that needs it is listed', () => {
  const needs = { version: '1.0.0', optionalDependencies: { '@x/a-linux-x64-musl': '1.0.0' } }
  expect(unlistedOptional({ 'apps/a/node_modules/x': needs, 'apps/a/node_modules/@x/a-linux-x64-musl': {} })).toEqual(
    [],
  )
  expect(unlistedOptional({ 'apps/a/node_modules/x': needs, 'node_modules/@x/a-linux-x64-musl': {} })).toEqual([])
  const unlisted = unlistedOptional({ 'node_modules/x': needs, 'apps/a/node_modules/@x/a-linux-x64-musl': {} })
  expect(unlisted).toEqual([{ name: '@x/a-linux-x64-musl', version: '1.0.0', isDev: false }])
  expect(entriesFor(unlisted)).toEqual({
    'node_modules/@x/a-linux-x64-musl': {
      version: '1.0.0',
      optional: true,
      cpu: ['x64'],
      os: ['linux'],
      libc: ['musl'],
    },
  })
})
