import { expect, test } from 'vitest'
import { serverArguments } from './run.ts'

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
