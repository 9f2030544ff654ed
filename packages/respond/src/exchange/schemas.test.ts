import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'

import { HOSTILE, sampleReport } from '../testing/reports.ts'
import type { Observable } from './observables.ts'
import { toOcsf } from './ocsf.ts'
import { toStix } from './stix.ts'

/** Published schemas, which are no part of this repository: without them these tests are skipped. */
const SCHEMAS = fileURLToPath(new URL('../../../../../shared/schemas/', import.meta.url))
const isThere = existsSync(SCHEMAS)

const seen = { count: 2, first: '2026-11-21T01:00:00Z', last: '2026-11-21T01:09:00.5Z', entries: [5, 7] }
const observables: readonly Observable[] = [
  { kind: 'domain', value: 'evil.example.test', isIndicator: true, ...seen },
  { kind: 'ipv4', value: '203.0.113.50', isIndicator: true, ...seen },
  { kind: 'ipv6', value: '2001:db8::1', isIndicator: false, ...seen },
  { kind: 'url', value: "https://evil.example.test/a'b\\c", isIndicator: true, ...seen },
  { kind: 'email', value: 'audit@evil.example.test', isIndicator: true, ...seen },
  { kind: 'file', value: `/tmp/${HOSTILE}`, isIndicator: true, ...seen },
  { kind: 'account', value: 'arn:aws:iam::1:role/refund', isIndicator: false, ...seen },
]

describe.skipIf(!isThere)('the published STIX 2.1 schemas (skipped where they are absent)', () => {
  test('X3 every object of a bundle is valid, and every reference leads to one of them', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, unicodeRegExp: false })
    const folders = ['common', 'observables', 'sdos', 'sros']
    for (const folder of folders) {
      for (const file of readdirSync(`${SCHEMAS}stix-2.1/schemas/${folder}`))
        ajv.addSchema(JSON.parse(readFileSync(`${SCHEMAS}stix-2.1/schemas/${folder}/${file}`, 'utf8')) as object)
    }
    const schemaOf = (type: string) =>
      ['sdos', 'sros', 'observables', 'common']
        .map((folder) => ajv.getSchema(`${STIX_BASE}${folder}/${type}.json`))
        .find((found) => found !== undefined)
    const bundle = toStix(sampleReport(), observables)
    const ids = new Set(bundle.objects.map(({ id }) => id))
    expect(ids.size).toBe(bundle.objects.length)
    for (const object of bundle.objects) {
      const check = schemaOf(object.type)
      expect(check, object.type).toBeDefined()
      expect([check?.(object), check?.errors, object.type]).toEqual([true, null, object.type])
      for (const id of JSON.stringify(object).match(/[a-z0-9-]+--[0-9a-f-]{36}/g) ?? []) expect(ids).toContain(id)
    }
    const types = new Set(bundle.objects.map(({ type }) => type))
    for (const type of ['incident', 'indicator', 'observed-data', 'attack-pattern', 'course-of-action', 'report'])
      expect(types).toContain(type)
  })
})

const STIX_BASE = 'http://raw.githubusercontent.com/oasis-open/cti-stix2-json-schemas/stix2.1/schemas/'

test('X3 the same incident gives the same ids, and a quote in a value ends no pattern', () => {
  expect(toStix(sampleReport(), observables)).toEqual(toStix(sampleReport(), observables))
  const patterns = toStix(sampleReport(), observables).objects.flatMap(({ pattern }) => pattern ?? [])
  expect(patterns).toHaveLength(5)
  expect(patterns).toContain(String.raw`[url:value = 'https://evil.example.test/a\'b\\c']`)
})

type Attribute = { readonly requirement?: string; readonly enum?: Readonly<Record<string, unknown>> }

type OcsfClass = {
  readonly uid?: number
  readonly extends?: string
  readonly category?: string
  readonly name: string
  /** Under `$include` stand files of profiles. */
  readonly attributes: Readonly<Record<string, Attribute | readonly string[]>>
  readonly constraints?: { readonly at_least_one?: readonly string[] }
}

describe.skipIf(!isThere)('the published OCSF schema (skipped where it is absent)', () => {
  test('X4 each event has what its class requires, nothing that it does not know, and its numbers', () => {
    const classes = new Map<string, OcsfClass>()
    const files = readdirSync(`${SCHEMAS}ocsf/events`, { recursive: true, encoding: 'utf8' })
    for (const file of files.filter((name) => name.endsWith('.json'))) {
      const read = JSON.parse(readFileSync(`${SCHEMAS}ocsf/events/${file}`, 'utf8')) as OcsfClass
      classes.set(read.name, read)
    }
    const { attributes: categories } = JSON.parse(readFileSync(`${SCHEMAS}ocsf/categories.json`, 'utf8')) as {
      readonly attributes: Readonly<Record<string, { readonly uid: number }>>
    }
    const events = toOcsf(sampleReport())
    expect(events.map((event) => event['class_uid'])).toEqual([2005, 2004, 7004])
    for (const event of events) {
      const chain = chainOf(classes, NAMES.get(Number(event['class_uid'])) ?? '')
      const attributes = attributesOf(chain, profilesOf(event))
      for (const [name, { requirement }] of attributes)
        if (requirement === 'required')
          expect(Object.keys(event), `${String(event['class_name'])} ${name}`).toContain(name)
      for (const [name, value] of Object.entries(event)) {
        expect([...attributes.keys()], `${String(event['class_name'])} ${name}`).toContain(name)
        const allowed = attributes.get(name)?.enum
        if (allowed !== undefined && !COMPUTED.has(name)) expect(Object.keys(allowed), name).toContain(String(value))
      }
      const category = chain.map((one) => one.category).findLast((one) => one !== undefined) ?? ''
      expect(event['category_uid']).toBe(categories[category]?.uid)
      expect(event['type_uid']).toBe(Number(event['class_uid']) * 100 + Number(event['activity_id']))
      for (const { constraints } of chain) {
        const some = constraints?.at_least_one
        if (some !== undefined) expect(some.some((name) => name in event)).toBe(true)
      }
    }
  })
})

/** Their numbers are those of the classes, and stand in no list. */
const COMPUTED = new Set(['category_uid', 'class_uid', 'type_uid'])

const NAMES: ReadonlyMap<number, string> = new Map([
  [2004, 'detection_finding'],
  [2005, 'incident_finding'],
  [7001, 'remediation_activity'],
  [7003, 'process_remediation_activity'],
  [7004, 'network_remediation_activity'],
])

/** A class and what it extends, the most general first. */
function chainOf(classes: ReadonlyMap<string, OcsfClass>, name: string): readonly OcsfClass[] {
  const own = classes.get(name)
  if (own === undefined) return []
  return [...(own.extends === undefined ? [] : chainOf(classes, own.extends)), own]
}

function profilesOf(event: Readonly<Record<string, unknown>>): readonly unknown[] {
  const { profiles = [] } = event['metadata'] as { readonly profiles?: readonly unknown[] }
  return profiles
}

function attributesOf(chain: readonly OcsfClass[], profiles: readonly unknown[]): ReadonlyMap<string, Attribute> {
  const found = new Map<string, Attribute>()
  const add = (name: string, more: Attribute): void => {
    const known = found.get(name) ?? {}
    // An enum of a narrower class adds to that of the general one.
    found.set(name, {
      ...known,
      ...more,
      ...(more.enum === undefined ? {} : { enum: { ...known.enum, ...more.enum } }),
    })
  }
  const addAll = ({ attributes }: OcsfClass): void => {
    for (const [name, given] of Object.entries(attributes)) if (!isList(given)) add(name, given)
  }
  for (const one of chain) {
    const included = one.attributes['$include'] ?? []
    for (const path of isList(included) ? included : []) {
      const profile = JSON.parse(readFileSync(`${SCHEMAS}ocsf/${path}`, 'utf8')) as OcsfClass
      // What a profile requires is required of events that say they have it.
      if (profiles.includes(profile.name)) addAll(profile)
    }
    addAll(one)
  }
  return found
}

function isList(given: Attribute | readonly string[]): given is readonly string[] {
  return Array.isArray(given)
}
