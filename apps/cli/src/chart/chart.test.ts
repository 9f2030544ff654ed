import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { settingSchema } from '../settings/schema.ts'
import { SETTING_NAMES, valueOf } from '../settings/table.ts'
import { cli } from '../testing/run.ts'
import { VERSION } from '../version.ts'
import { CHART, chartDigest, pathOf, PLAIN_MANIFESTS } from './testing/chart-files.ts'
import { sensorValuesSchema, valuesJsonSchema, valuesSchema } from './values.ts'

const textOf = (path: string) => readFileSync(join(CHART, path), 'utf8')
const stated = () => parse(textOf('values.yaml')) as Readonly<Record<string, object>> // our own file

test.each([
  ['values.schema.json', valuesSchema],
  ['charts/sensor/values.schema.json', sensorValuesSchema],
])('%s is made of the schema of the values', (path, schema) => {
  const text = `${JSON.stringify(valuesJsonSchema(schema), null, 2)}\n`
  if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(join(CHART, path), text)
  expect(textOf(path), 'run with UPDATE_GOLDEN=1 and review the new file').toBe(text)
})

test('the values that a chart comes with are values of its schema', () => {
  expect(valuesSchema.safeParse(stated()).error).toBeUndefined()
  expect(sensorValuesSchema.safeParse(parse(textOf('charts/sensor/values.yaml'))).error).toBeUndefined()
})

test('nothing that acts in the cluster is on unless it is asked for', () => {
  const { response, sensor, networkPolicy, metrics, serviceMonitor } = stated()
  for (const part of [response, sensor, networkPolicy, metrics, serviceMonitor])
    expect(part).toMatchObject({ enabled: false })
})

test.each([
  ['a name that is none', { respnse: { enabled: true } }],
  ['a setting that the chart states itself', { settings: { data: '/tmp' } }],
  ['a port that is any free one', { settings: { 'http-port': 0 } }],
  ['a text for a switch', { response: { enabled: 'yes' } }],
  ['a digest that is none', { image: { ...stated()['image'], digest: 'latest' } }],
])('%s is no value', (_, change) => {
  expect(valuesSchema.safeParse({ ...stated(), ...change }).success).toBe(false)
})

test.each([
  ['the server', '.'],
  ['the sensor', 'charts/sensor'],
])('every value that a template of %s asks for is stated', (_, chart) => {
  const values: unknown = parse(textOf(join(chart, 'values.yaml')))
  const folder = join(CHART, chart, 'templates')
  const asked = readdirSync(folder).flatMap((name) => [
    ...readFileSync(join(folder, name), 'utf8').matchAll(/[.$ (]Values((?:\.\w+)+)/g),
  ])
  expect(asked.length).toBeGreaterThan(10)
  for (const [, path = ''] of asked) {
    let at = values
    for (const name of path.slice(1).split('.')) {
      // The values of the sub-chart are its own; `global` comes from the one above.
      if (at === values && ((chart === '.' && name === 'sensor') || name === 'global')) break
      expect(at, `.Values${path}`).toHaveProperty(name)
      at = (at as Readonly<Record<string, unknown>>)[name] // as just seen
    }
  }
})

test('the Service of the workspace has the port of the server, which kubectl forwards to whatever the target is', () => {
  const [, port, target] =
    /name: workspace\s+port: (.+)\s+targetPort: (.+)/.exec(textOf('templates/service.yaml')) ?? []
  expect(port).toBe('{{ $http }}')
  expect(target).toBe(port)
})

test('the folders that values.yaml speaks of are where the files are put', () => {
  const spoken = [...textOf('values.yaml').matchAll(/\/etc\/holdfast[-/\w]*/g)].map(([path]) => path)
  const put = [...textOf('templates/statefulset.yaml').matchAll(/mountPath: (\/etc\/\S+)/g)].map(([, path]) => path)
  expect(spoken.length).toBeGreaterThan(0)
  expect(put).toEqual(expect.arrayContaining(spoken))
})

test('the server in the Pod is configured by settings that it has', async () => {
  const [manifest] = PLAIN_MANIFESTS
  const texts = parseAllDocuments(readFileSync(pathOf(manifest!), 'utf8')).map((document) => document.toJS() as object)
  const { data } = texts.find((object) => 'data' in object) as { readonly data: Readonly<Record<string, string>> } // ours
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-chart-'))
  mkdirSync(join(folder, 'holdfast'))
  writeFileSync(join(folder, 'holdfast', 'config.yaml'), data['config.yaml'] ?? '')
  const { code, stdout } = await cli(['config', 'list', '--json'], { env: { XDG_CONFIG_HOME: folder }, cwd: '/' })
  rmSync(folder, { recursive: true })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: 'data', value: '/data/log' })]),
  )
})

test('a setting takes as a typed value what it takes in a file, and nothing else but what is written as text', () => {
  const given = fc.oneof(
    fc.integer({ min: -1, max: 70_000 }),
    fc.boolean(),
    fc.constantFrom(null, 1.5, {}, ''),
    fc.webUrl(),
  )
  fc.assert(
    fc.property(fc.constantFrom(...SETTING_NAMES), given, (name, value) => {
      expect(settingSchema(name).safeParse(value).success).toBe(valueOf(name, value) !== undefined)
      expect(settingSchema(name).safeParse('https://me:secret@otlp.example/').success).toBe(
        valueOf(name, 'https://me:secret@otlp.example/') !== undefined,
      )
    }),
  )
})

test.each(['Chart.yaml', 'charts/sensor/Chart.yaml'])('%s has the version of the product', (path) => {
  const chart = parse(textOf(path)) as { readonly dependencies?: readonly object[] } // our own file
  expect(chart).toMatchObject({ version: VERSION, appVersion: VERSION })
  for (const dependency of chart.dependencies ?? []) expect(dependency).toMatchObject({ version: VERSION })
})

test.each(PLAIN_MANIFESTS)('$name was made of the chart as it is', (manifest) => {
  const how = 'where Helm is: UPDATE_GOLDEN=1 vitest run --project integration apps/cli/src/chart'
  expect(readFileSync(pathOf(manifest), 'utf8'), how).toContain(
    `# Made of deploy/helm/holdfast, sha256 ${chartDigest()}.`,
  )
})

test.each(['.holdfast', 'log.key', 'master.key', 'token', '*.token'])(
  'no %s of a checkout goes into an image',
  (name) => {
    const ignored = readFileSync(new URL('../../../../.dockerignore', import.meta.url), 'utf8').split('\n')
    expect(ignored).toContain(`**/${name}`)
  },
)
