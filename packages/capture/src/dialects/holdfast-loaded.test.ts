import { expect, test } from 'vitest'
import { normalise } from '../normalise.ts'
import { logEntry } from './testing/entries.ts'

function bodiesOf(attributes: Parameters<typeof logEntry>[0]['attributes']) {
  const { events, dialect } = normalise(logEntry({ eventName: 'holdfast.loaded', attributes, trace: false }))
  return { dialect, bodies: events.map(({ body }) => body) }
}

test('a runtime and packages are components as loaded, frameworks among them by name', () => {
  const packages = [
    { name: '@langchain/core', version: '1.2.13', path: '/app/node_modules/@langchain/core' },
    { name: 'zod', version: '4.6.7', path: '/app/node_modules/zod' },
  ]
  const { bodies, dialect } = bodiesOf({
    'process.runtime.name': 'node',
    'process.runtime.version': '24.1.0',
    'holdfast.loaded.packages': packages.map((one) => JSON.stringify(one)),
    'process.pid': 7,
  })
  expect(dialect).toBe('holdfast-loaded')
  expect(bodies).toMatchObject([
    {
      kind: 'component',
      state: 'loaded',
      component: { kind: 'runtime', name: 'node', version: '24.1.0', slot: 'runtime:node' },
    },
    { kind: 'component', loader: packages[0]?.path, component: { kind: 'framework', name: '@langchain/core' } },
    {
      kind: 'component',
      component: { kind: 'package', name: 'zod', details: { ecosystem: 'npm', path: packages[1]?.path } },
    },
  ])
})

test('the image that the process runs from is a component with its digest, told once with the runtime', () => {
  const digest = `sha256:${'4f'.repeat(32)}`
  const imagesOf = (resource: Record<string, string>, attributes: Record<string, string>) =>
    normalise(logEntry({ eventName: 'holdfast.loaded', attributes, resource, trace: false })).events.flatMap(
      ({ body }) => (body.kind === 'component' && body.component.kind === 'image' ? [body.component] : []),
    )
  const runtime = { 'process.runtime.name': 'node', 'process.runtime.version': '24.1.0' }
  const named = { 'container.image.name': 'registry.test/office' }
  const image = { kind: 'image', name: 'registry.test/office', digest, details: {} }
  expect(imagesOf({ ...named, 'oci.manifest.digest': digest }, runtime)).toEqual([image])
  expect(imagesOf({ ...named, 'container.image.repo_digests': `registry.test/office@${digest}` }, runtime)).toEqual([
    image,
  ])
  expect(imagesOf(named, runtime)).toEqual([{ kind: 'image', name: 'registry.test/office', details: {} }])
  expect(imagesOf({ ...named, 'oci.manifest.digest': digest }, {})).toEqual([])
  expect(imagesOf({ 'oci.manifest.digest': digest }, runtime)).toEqual([])
})

test('one package at two places is two components, and what is no package is none', () => {
  const two = ['/a', '/b'].map((path) => JSON.stringify({ name: 'zod', version: '4.6.7', path }))
  expect(bodiesOf({ 'holdfast.loaded.packages': [...two, 'zod', '{"name":"x"}'] }).bodies).toHaveLength(2)
})

test('a report without either is kept as a step', () => {
  expect(bodiesOf({ 'process.pid': 7 }).bodies).toMatchObject([{ kind: 'step', name: 'loaded packages of process 7' }])
})
