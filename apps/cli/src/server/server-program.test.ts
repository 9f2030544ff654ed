import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { SERVER_HEAP } from './server-program.ts'

const ROOT = '../../../..'

test.each(['tasks/server.ts', 'deploy/Containerfile', 'bench/web/incident.ts'])(
  '%s gives the server the heap that `holdfast up` gives it',
  (file) => {
    const text = readFileSync(fileURLToPath(new URL(`${ROOT}/${file}`, import.meta.url)), 'utf8')
    expect(text.match(/--max-semi-space-size=\d+|--expose-gc/g)).toEqual([...SERVER_HEAP])
  },
)

test('a thread of a program with them can have its garbage collected', () => {
  const program = `new (require('worker_threads').Worker)('console.log(typeof gc)', { eval: true })`
  const { stdout } = spawnSync(process.execPath, [...SERVER_HEAP, '-e', program], { encoding: 'utf8' })
  expect(stdout).toBe('function\n')
})

test('this Node takes the flags, and a burst leaves a young heap of two half spaces of that size', () => {
  const program = `let kept = []
    for (let i = 0; i < 2e6; i += 1) { kept.push({ i }); if (kept.length > 1e5) kept = [] }
    const young = require('v8').getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')
    console.log(young.space_size / 2 ** 20)`
  const { stdout } = spawnSync(process.execPath, [...SERVER_HEAP, '-e', program], { encoding: 'utf8' })
  expect(Number(stdout)).toBeGreaterThan(0)
  expect(Number(stdout)).toBeLessThanOrEqual(16)
})
