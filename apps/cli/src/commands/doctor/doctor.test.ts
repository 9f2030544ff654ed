import { expect, test } from 'vitest'
import { cli } from '../../testing/run.ts'

const given = { env: { HOLDFAST_URL: 'http://127.0.0.1:1' }, program: './hf' }

test('where no server answers a person can paste what starts one, and data name it as it is called everywhere', async () => {
  const table = await cli(['doctor'], given)
  expect(table).toMatchObject({ code: 1, stdout: expect.stringContaining('fix: ./hf up') })
  for (const form of ['json', 'yaml', 'csv', 'junit']) {
    const { code, stdout } = await cli(['doctor', '-o', form], given)
    expect(code).toBe(1)
    expect(stdout).toContain('holdfast up, or set HOLDFAST_URL')
    expect(stdout).not.toContain('./hf')
  }
})
