import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { cli } from '../testing/run.ts'
import { settle } from './settings.ts'
import { SETTING_NAMES } from './table.ts'

const root = mkdtempSync(join(tmpdir(), 'holdfast-settings-'))
const home = join(root, 'home')
const cwd = join(root, 'project', 'below')
mkdirSync(join(home, 'holdfast'), { recursive: true })
mkdirSync(cwd, { recursive: true })
afterAll(() => rmSync(root, { recursive: true, force: true }))

const project = join(root, 'project', 'holdfast.yaml')
const env = (more: Readonly<Record<string, string>> = {}) => ({ XDG_CONFIG_HOME: home, ...more })
beforeEach(() => {
  writeFileSync(project, 'http-port: 5000\nrules: rules\n')
  writeFileSync(join(home, 'holdfast', 'config.yaml'), 'http-port: 6000\nhost: 0.0.0.0\n')
})

const of = (name: string, more?: Readonly<Record<string, string>>, flags = {}) =>
  settle({ env: env(more), cwd }, flags).find((one) => one.name === name)

test('a flag beats the environment, that the file of the project, that the one of the user, and each that is beaten is named', () => {
  const said = of('http-port', { HOLDFAST_HTTP_PORT: '7000' }, { 'http-port': 8000 })
  expect(said).toEqual({
    name: 'http-port',
    value: 8000,
    source: 'flag --http-port',
    beaten: [
      { value: 7000, source: 'environment HOLDFAST_HTTP_PORT' },
      { value: 5000, source: project },
      { value: 6000, source: join(home, 'holdfast', 'config.yaml') },
    ],
  })
  expect(of('http-port')).toMatchObject({ value: 5000, source: project })
  expect(of('host')).toMatchObject({ value: '0.0.0.0' })
  expect(of('otlp-http-port')).toMatchObject({ value: 4318, source: 'default' })
})

test('a path in a file is one beside it, from wherever the command is run', () => {
  expect(of('rules')).toMatchObject({ value: join(root, 'project', 'rules') })
})

test.each([
  ['a setting that is none', 'htp-port: 1', 'there is no setting "htp-port"'],
  ['a value that is none', 'http-port: many', 'http-port is a number from 0 to 65535'],
  ['a list', '- 1', 'holds no settings'],
  ['a text that is no YAML', 'a: [', 'holdfast.yaml:'],
])('%s in a file ends with 2 and names the file', async (_, text, said) => {
  writeFileSync(project, text)
  const { code, stderr } = await cli(['config', 'list'], { env: env(), cwd })
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(said) })
})

test('a variable that cannot be meant so ends with 2', async () => {
  const { code, stderr } = await cli(['config', 'list'], { env: env({ HOLDFAST_SENSOR: 'maybe' }), cwd })
  expect(code).toBe(2)
  expect(stderr).toContain('HOLDFAST_SENSOR is "maybe": write true or false')
})

test('an address that holds a password is refused in a file and in the environment, and repeated in neither', async () => {
  const address = 'https://me:s3cret@collector.example'
  const said = await cli(['config', 'list'], { env: env({ HOLDFAST_FORWARD_OTLP: address }), cwd })
  writeFileSync(project, `forward-otlp: ${address}\n`)
  const written = await cli(['config', 'list'], { env: env(), cwd })
  for (const { code, stdout, stderr } of [said, written]) {
    expect([code, stdout + stderr]).toEqual([2, expect.stringContaining('holds no credentials')])
    expect(stdout + stderr).not.toContain('s3cret')
  }
  writeFileSync(project, 'forward-otlp: https://collector.example\nforward-otlp-headers: headers\n')
  const { stdout } = await cli(['config', 'explain', 'forward-otlp'], { env: env(), cwd })
  expect(stdout).toContain(`forward-otlp is https://collector.example, by ${project}`)
  expect(of('forward-otlp-headers')).toMatchObject({ value: join(root, 'project', 'headers') })
})

test('explain says who wins and who is beaten', async () => {
  const { code, stdout } = await cli(['config', 'explain', 'http-port'], { env: env(), cwd })
  expect(code).toBe(0)
  expect(stdout).toContain(`http-port is 5000, by ${project}`)
  expect(stdout).toContain(`beaten: 6000, by ${join(home, 'holdfast', 'config.yaml')}`)
  expect((await cli(['config', 'explain', 'nothing'], { env: env(), cwd })).code).toBe(2)
})

test('every setting is a flag of up', async () => {
  const { stdout } = await cli(['up', '--help'])
  for (const name of SETTING_NAMES) expect(stdout).toContain(`--${name}`)
})

test.each(['cli', 'operating'])('docs/%s.md lists the flag of every setting', (page) => {
  const text = readFileSync(new URL(`../../../../docs/${page}.md`, import.meta.url), 'utf8')
  const lines = text.split('\n').filter((line) => /^\| `(?:holdfast up`|--)/.test(line))
  const listed = new Set(lines.flatMap((line) => [...line.matchAll(/`--(?:no-)?([a-z-]+)/g)].map(([, name]) => name)))
  expect([...listed]).toEqual(expect.arrayContaining([...SETTING_NAMES]))
})
