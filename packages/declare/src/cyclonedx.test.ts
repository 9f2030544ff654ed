import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { BOM_CATEGORY, COMPONENT_KINDS, type Component } from '@holdfast/model'
import { expect, test } from 'vitest'
import { toCycloneDx, type ExportInput } from './cyclonedx.ts'
import { rowsAt } from './instant.ts'
import { minute, standAt } from './testing/seen.ts'

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot7)
const AGENT = { id: 'k8s:-/shop/desk', name: 'desk <script>', class: 'support' }

const COMPONENTS: readonly Component[] = COMPONENT_KINDS.map((kind, i) => ({
  kind,
  name: `${kind} "name" \u202e ${i}`,
  version: '1.0',
  digest: i.toString(16).padStart(64, '0'),
  details: {
    server: 'tickets',
    provider: 'openai',
    ecosystem: 'pypi',
    url: 'https://files.example.test/mcp',
    loader: 'a|b',
  },
}))

function exported(rows: ExportInput['rows'], at = minute(10)): ReturnType<typeof toCycloneDx> {
  return toCycloneDx({ agent: AGENT, version: '0.1.0', at, rows, emptyReasons: { identities: 'none was seen' } })
}

function rowsOf(components: readonly Component[]): ExportInput['rows'] {
  const stands = components.map((component, i) => standAt({ component, minutes: [i, i + 1] }, 100))
  return rowsAt({ at: minute(100), stands, catalogues: [], declared: [] })
}

test('a document with every kind of component validates against the 1.7 schema', async () => {
  const document = exported(rowsOf(COMPONENTS))
  expect(await validator.validate(JSON.stringify(document))).toBeNull()
  const names = JSON.stringify(document)
  for (const kind of COMPONENT_KINDS) expect(names).toContain(`"${kind}:`)
  for (const category of new Set(Object.values(BOM_CATEGORY))) expect(names).toContain(`"value":"${category}"`)
})

test('an empty one validates and says why its categories are', async () => {
  const document = exported([])
  expect(await validator.validate(JSON.stringify(document))).toBeNull()
  expect(JSON.stringify(document)).toContain('"holdfast:ai:empty:identities","value":"none was seen"')
})

test('the validator refuses what is none', async () => {
  const document = { ...exported([]), components: [{ type: 'agent', name: 'x' }] }
  expect(await validator.validate(JSON.stringify(document))).not.toBeNull()
})

test('an address that a viewer would run is no endpoint, and is kept beside', async () => {
  for (const [url, isEndpoint] of [
    ['javascript://%0aalert(1)', false],
    ['vbscript://x', false],
    ['data://text/html,x', false],
    ['wss://tools.example.test/mcp', true],
  ] as const) {
    const server: Component = { kind: 'mcp-server', name: 'tickets', details: { url } }
    const document = JSON.stringify(exported(rowsOf([server])))
    expect([url, document.includes(`"endpoints":["${url}"]`)]).toEqual([url, isEndpoint])
    expect(document).toContain(`"holdfast:ai:detail:url","value":"${url}"`)
  }
})

test('a package whose name is half a character is in a document that validates', async () => {
  const half: Component = { kind: 'package', name: 'a\ud800/b', version: '\udfff', details: { ecosystem: 'npm' } }
  const document = JSON.stringify(exported(rowsOf([half])))
  expect(document).toContain('pkg:npm/a%EF%BF%BD/b@%EF%BF%BD')
  expect(await validator.validate(document)).toBeNull()
})

test('the same instant gives the same bytes and another its own serial number', () => {
  const rows = rowsOf(COMPONENTS)
  expect(JSON.stringify(exported(rows))).toBe(JSON.stringify(exported(rowsOf(COMPONENTS.toReversed().toReversed()))))
  expect(exported(rows)['serialNumber']).not.toBe(exported(rows, minute(11))['serialNumber'])
  expect(exported(rows)['serialNumber']).toMatch(
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
})
