import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test, vi } from 'vitest'

// Two processes start, the second once the first has.
vi.setConfig({ testTimeout: 120_000 })

const CHILD = new URL('child.ts', import.meta.url).href

test('a program of a scenario ends where the process that started it is killed', async () => {
  const source = `
    import { Child } from ${JSON.stringify(CHILD)}
    const child = new Child({ program: 'mcp/library-server.ts', env: { PATH: process.env.PATH } })
    process.stdout.write(await child.listening())
  `
  const args = ['--conditions=@holdfast/source', '--input-type=module', '--eval', source]
  const starter = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [address] = (await once(starter.stdout, 'data')) as [Buffer]
  const isServed = async (): Promise<boolean> => {
    const answer = await fetch(address.toString()).catch(() => undefined)
    return answer !== undefined
  }
  expect(await isServed()).toBe(true)
  starter.kill('SIGKILL')
  await vi.waitFor(async () => expect(await isServed()).toBe(false), { timeout: 60_000, interval: 50 })
})
