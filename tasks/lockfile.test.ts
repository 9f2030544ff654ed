import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { entriesFor, unlistedOptional, type Packages } from './lockfile.ts'

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Packages
}

test('the lockfile lists every optional package, so that npm ci takes it (else: node setup.js lock)', () => {
  expect(unlistedOptional(packages)).toEqual([])
})

test('the lockfile ties no optional package to the Node that npm runs on (else: node setup.js lock)', () => {
  const tied = Object.entries(packages).filter(
    ([, { optional, engines }]) => optional === true && engines !== undefined,
  )
  expect(tied.map(([path]) => path)).toEqual([])
})

test('the lockfile names no registry', () => {
  const hosts = Object.entries(packages).filter(([, { resolved, link }]) => resolved !== undefined && link !== true)
  expect(hosts).toEqual([])
})

test('the workspaces ask each other for the version that they have: npm ci would look for another in the registry', () => {
  const own = new Map(
    Object.entries(packages).flatMap(([path, { version }]) => {
      const name = Object.entries(packages).find(([, entry]) => entry.link === true && entry.resolved === path)?.[0]
      return name === undefined || version === undefined ? [] : [[name.slice('node_modules/'.length), version] as const]
    }),
  )
  const asked = Object.values(packages).flatMap(({ dependencies, devDependencies }) =>
    Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) => own.has(name)),
  )
  expect(asked.length).toBeGreaterThan(0)
  expect(asked.filter(([name, version]) => own.get(name) !== version)).toEqual([])
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
