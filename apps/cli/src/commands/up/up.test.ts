import { expect, test } from 'vitest'
import { serverArguments, withSettings } from './run.ts'

test('flags go on to the server as they were given, the folder as a full path', () => {
  expect(serverArguments({ cwd: '/home/me' }, { data: 'case', httpPort: 0, json: true, takeNextPort: true })).toEqual([
    '--data',
    '/home/me/case',
    '--http-port',
    '0',
    '--json',
    '--take-next-port',
  ])
})

test('what was not given is left to the server', () => {
  expect(serverArguments({ cwd: '/' }, { json: false, takeNextPort: false, open: false })).toEqual([])
})

test('what a flag leaves open is taken from the environment, and a flag beats it', () => {
  const flags = { json: true, takeNextPort: false, open: false, httpPort: 0 }
  const env = {
    HOLDFAST_HTTP_PORT: '5000',
    HOLDFAST_OTLP_HTTP_PORT: '5001',
    HOLDFAST_SENSOR: 'false',
    HOLDFAST_TAKE_NEXT_PORT: 'true',
    HOLDFAST_RULES: 'rules',
  }
  expect(serverArguments({ cwd: '/home/me' }, withSettings({ cwd: '/home/me', env }, flags))).toEqual([
    '--http-port',
    '0',
    '--otlp-http-port',
    '5001',
    '--rules',
    '/home/me/rules',
    '--json',
    '--take-next-port',
    '--no-sensor',
  ])
})

test.each([
  [true, []],
  [false, ['--no-sensor']],
])('a sensor that a flag says is %s goes before what the environment says', (sensor, expected) => {
  const flags = { json: false, takeNextPort: false, open: false, sensor }
  const where = { cwd: '/home/me', env: { HOLDFAST_SENSOR: String(!sensor) } }
  expect(serverArguments(where, withSettings(where, flags))).toEqual(expected)
})
