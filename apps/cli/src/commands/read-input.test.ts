import { expect, test } from 'vitest'
import { cli } from '../testing/run.ts'

const KEY = 'example.test/log+0673810e+ATnCGCgx+YZnnTgpFB25jr5HbfDmJH83r0m7KAaALrPt'
const stdin = (text: string) => ({ readStdin: async () => Buffer.from(text) })

test.each([['attest'], ['roster']])('%s verify - judges standard input and names it', async (group) => {
  const { code, stdout } = await cli([group, 'verify', '-', '--key', KEY], stdin('not signed\n'))
  expect(code).toBe(1)
  expect(stdout).toMatch(/^NOT INTACT {2}standard input\n/)
})

test('runbooks import - ends with 2 where standard input is no JSON, before a server is asked', async () => {
  const { code, stderr } = await cli(['runbooks', 'import', '-'], {
    ...stdin('{'),
    env: { HOLDFAST_URL: 'http://127.0.0.1:1' },
  })
  expect(code).toBe(2)
  expect(stderr).toContain('standard input is not JSON')
})
