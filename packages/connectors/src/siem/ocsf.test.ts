import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Notice } from '@holdfast/respond'
import { describe, expect, test } from 'vitest'
import { BASE, noticeWith } from '../testing/notices.ts'
import { ocsfEvent } from './ocsf.ts'

type Json = { readonly [name: string]: unknown }
type Attributes = Readonly<Record<string, Json>>

const FOLDER = fileURLToPath(new URL('../../../../../shared/schemas/ocsf', import.meta.url))
const HOW = { key: 'k1', base: BASE, version: '0.1.0' }

const found: readonly Notice[] = [
  noticeWith({ confidence: 0.82 }),
  noticeWith({ id: 'r', kind: 'incident-revised' }),
  noticeWith({ id: 'c', kind: 'case-closed', lines: [] }),
  noticeWith({ id: 't', kind: 'test', incident: '' }),
  noticeWith({ id: 'd', kind: 'duty-started', for: ['compliance'] }),
]
const done: readonly Notice[] = [
  noticeWith({ id: 'p', kind: 'plan-applied', plan: 'ab'.repeat(32) }),
  noticeWith({ id: 'f', kind: 'plan-failed', plan: 'ab'.repeat(32) }),
  ...(
    ['watch', 'restrict', 'soft-quarantine', 'pause', 'stop', 'kill', 'hold-image', 'quarantine-document'] as const
  ).map((rung) =>
    noticeWith({
      id: rung,
      kind: 'hold-changed',
      action: { id: 'c1', rung, agent: 'host:a/b', agentName: 'b', state: 'confirmed' },
    }),
  ),
  noticeWith({
    id: 'e',
    kind: 'hold-ended',
    action: { id: 'c1', rung: 'pause', agent: 'host:a/b', agentName: 'b', state: 'released' },
  }),
]

test('what was found is created, updated and closed under the id of the incident', () => {
  expect(found.slice(0, 3).map((notice) => ocsfEvent(notice, HOW))).toMatchObject([
    {
      class_uid: 2004,
      activity_id: 1,
      type_uid: 200_401,
      confidence_score: 82,
      finding_info: { uid: 'inc-0123456789abcdef' },
    },
    { class_uid: 2004, activity_id: 2, finding_info: { uid: 'inc-0123456789abcdef' } },
    { class_uid: 2004, activity_id: 3, status_id: 4, finding_info: { uid: 'inc-0123456789abcdef' } },
  ])
})

test('what was done is of the class of what it took hold of, and says how it ended', () => {
  const classes = done.map((notice) => ocsfEvent(notice, HOW)['class_uid'])
  expect(classes).toEqual([7001, 7001, 7001, 7004, 7004, 7003, 7003, 7003, 7002, 7002, 7003])
  expect(ocsfEvent(done[1] ?? noticeWith(), HOW)).toMatchObject({ status_id: 2, status: 'Failure' })
  expect(ocsfEvent(done.at(-1) ?? noticeWith(), HOW)).toMatchObject({ activity_id: 3, activity_name: 'Restore' })
})

describe.skipIf(!existsSync(FOLDER))('against the schema, which lies beside the repository', () => {
  const schema = existsSync(FOLDER) ? loadSchema() : undefined
  test.each([...found, ...done].map((notice) => [`${notice.kind} ${notice.id}`, notice] as const))(
    '%s',
    (_, notice) => {
      const event = ocsfEvent(notice, HOW)
      expect(mistakesIn(schema ?? loadSchema(), event)).toEqual([])
    },
  )

  test('what is wrong is found', () => {
    const read = schema ?? loadSchema()
    const event = ocsfEvent(found[0] ?? noticeWith(), HOW)
    const { finding_info: _, ...without } = event
    expect(mistakesIn(read, without)).toEqual(['finding_info is required'])
    expect(mistakesIn(read, { ...event, activity_id: 4, type_uid: 200_404 })).toEqual([
      'activity_id 4 is no value of it',
    ])
    expect(mistakesIn(read, { ...event, invented: 1 })).toEqual(['invented is no attribute of detection_finding'])
    expect(mistakesIn(read, { ...event, message: 1 })).toEqual(['message is no string_t'])
  })
})

type Schema = {
  readonly dictionary: Attributes
  readonly events: ReadonlyMap<string, Json>
  readonly objects: ReadonlyMap<string, Json>
}

function loadSchema(): Schema {
  const read = (path: string): Json => JSON.parse(readFileSync(join(FOLDER, path), 'utf8')) as Json // the schema's own files
  const all = (folder: string): readonly Json[] =>
    readdirSync(join(FOLDER, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.json'))
      .map((path) => read(join(folder, path)))
  const named = (list: readonly Json[]): ReadonlyMap<string, Json> =>
    new Map(list.map((one) => [String(one['name']), one]))
  return {
    dictionary: read('dictionary.json')['attributes'] as Attributes,
    events: named(all('events')),
    objects: named(all('objects')),
  }
}

/** Attributes of a class or object with those of what it extends; nearer ones go before. */
function attributesOf(of: ReadonlyMap<string, Json>, name: string): Attributes {
  const own = of.get(name)
  if (own === undefined) return {}
  const above = typeof own['extends'] === 'string' ? attributesOf(of, own['extends']) : {}
  const merged: Record<string, Json> = { ...above }
  for (const [key, value] of Object.entries(own['attributes'] as Attributes)) {
    if (key === '$include') continue
    const enums = { ...(merged[key]?.['enum'] as Json | undefined), ...(value['enum'] as Json | undefined) }
    merged[key] = { ...merged[key], ...value, ...(Object.keys(enums).length === 0 ? {} : { enum: enums }) }
  }
  return merged
}

const CLASSES: ReadonlyMap<number, string> = new Map([
  [2004, 'detection_finding'],
  [7001, 'remediation_activity'],
  [7002, 'file_remediation_activity'],
  [7003, 'process_remediation_activity'],
  [7004, 'network_remediation_activity'],
])

function mistakesIn(schema: Schema, event: Json): readonly string[] {
  const name = CLASSES.get(Number(event['class_uid']))
  if (name === undefined) return [`there is no class ${String(event['class_uid'])}`]
  const { class_uid: uid, category_uid: category, type_uid: type, activity_id: activity } = event
  return [
    ...(type === Number(uid) * 100 + Number(activity) && Number(category) === Math.floor(Number(uid) / 1_000)
      ? []
      : ['type_uid']),
    // Set for each class by its number, which the class files hold as a part of it only.
    ...objectMistakes(schema, { name, of: schema.events }, event).filter(
      (mistake) => !/^(class|category|type)_uid/.test(mistake),
    ),
  ]
}

function objectMistakes(
  schema: Schema,
  what: { readonly name: string; readonly of: ReadonlyMap<string, Json> },
  value: Json,
): readonly string[] {
  const attributes = attributesOf(what.of, what.name)
  const required = Object.entries(attributes)
    .filter(([key, { requirement }]) => requirement === 'required' && value[key] === undefined)
    .map(([key]) => `${key} is required`)
  const constraints = what.of.get(what.name)?.['constraints'] as
    | { readonly at_least_one?: readonly string[] }
    | undefined
  const oneOf = constraints?.at_least_one
  return [
    ...required,
    ...(oneOf === undefined || oneOf.some((key) => value[key] !== undefined)
      ? []
      : [`${what.name} needs one of ${oneOf.join(', ')}`]),
    ...Object.entries(value).flatMap(([key, member]) => {
      const attribute = { ...schema.dictionary[key], ...attributes[key] }
      return attributes[key] === undefined
        ? [`${key} is no attribute of ${what.name}`]
        : valueMistakes(schema, key, attribute, member)
    }),
  ]
}

function valueMistakes(schema: Schema, key: string, attribute: Json, value: unknown): readonly string[] {
  if (attribute['is_array'] === true) {
    if (!Array.isArray(value)) return [`${key} is no list`]
    return value.flatMap((one) => valueMistakes(schema, key, { ...attribute, is_array: false }, one))
  }
  const values = attribute['enum'] as Json | undefined
  const type = String(attribute['type'])
  if (type === 'integer_t' && values !== undefined && values[String(value)] === undefined)
    return [`${key} ${String(value)} is no value of it`]
  if (!type.endsWith('_t')) {
    if (typeof value !== 'object' || value === null) return [`${key} is no object`]
    return type === 'object' ? [] : objectMistakes(schema, { name: type, of: schema.objects }, value as Json) // an object
  }
  const isNumber = ['integer_t', 'long_t', 'timestamp_t', 'float_t'].includes(type)
  const fits = isNumber
    ? typeof value === 'number'
    : type === 'boolean_t'
      ? typeof value === 'boolean'
      : typeof value === 'string'
  return fits ? [] : [`${key} is no ${type}`]
}
