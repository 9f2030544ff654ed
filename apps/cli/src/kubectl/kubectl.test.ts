import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Kubectl } from './kubectl.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-kubectl-bounds-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** kubectl as a script of the shell, held to bounds that it is to meet. */
function kubectlOf(script: string): Kubectl {
  const program = join(folder, 'kubectl')
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  const env = { PATH: process.env['PATH'], KUBECTL: program }
  return new Kubectl({ access: [], env, signal: new AbortController().signal, most: { bytes: 100, readyMs: 50 } })
}

test('a list that is too long is told by what was asked for, and what would make it shorter', async () => {
  await expect(kubectlOf(`printf '%0200d' 0`).read('/api/v1/pods')).rejects.toMatchObject({
    code: 'unavailable',
    message: 'kubectl get --raw /api/v1/pods: it prints more than 100 bytes: narrow it with -n',
  })
})

test('a port that is not forwarded in time is told by its Service, with what kubectl said last', async () => {
  const kubectl = kubectlOf(`echo 'waiting for a proxy' >&2; exec sleep 600`)
  const to = { namespace: 'ops', service: 'holdfast-workspace', port: 4319 }
  await expect(kubectl.forward(to)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/^kubectl port-forward: no port of holdfast-workspace in 0\.05 s; /),
  })
})
