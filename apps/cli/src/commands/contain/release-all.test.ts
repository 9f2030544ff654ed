import { expect, test } from 'vitest'
import { cli } from '../../testing/run.ts'

test.each([
  ['a target', ['builder', '--all', '--reason', 'x', '--yes'], 'it takes no TARGET'],
  ['what is held on this host', ['--all', '--local', '--yes'], 'it takes no --all'],
  ['a data form', ['--all', '--reason', 'x', '--yes', '--json'], 'has no data form'],
  ['no reason', ['--all', '--yes'], 'needs a --reason'],
  ['no yes', ['--all', '--reason', 'x'], 'nothing was done'],
])('release of everything with %s is refused before a server is asked', async (_, flags, said) => {
  const { code, stderr } = await cli(['contain', 'release', ...flags], { env: { HOLDFAST_URL: 'http://127.0.0.1:1' } })
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) })
})
