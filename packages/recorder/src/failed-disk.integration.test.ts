import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { scratchFolder } from './testing/groups.ts'
import { RunChecker } from './testing/run-checker.ts'

const CHILD = fileURLToPath(new URL('testing/append-child.ts', import.meta.url))

test('FC2 a write that the disk fails ends the process at once, and what was acknowledged is there', () => {
  using folder = scratchFolder()
  // The kernel fails every write past this file size with an error that is not "no space".
  const run = 'ulimit -c 0; ulimit -f 1500; exec "$0" --conditions=@holdfast/source "$1" "$2"'
  const child = spawnSync('sh', ['-c', run, process.execPath, CHILD, folder.path], { timeout: 60_000 })
  expect(child.signal).toBe('SIGABRT')
  expect(child.stderr.toString()).toContain('what is on disk is not known any more')
  const checker = new RunChecker(folder.path, (body) => /^\d+\/\d+ /.exec(Buffer.from(body).toString())?.[0])
  const acked = [...child.stdout.toString().matchAll(/^ack (\d+)$/gm)].map(([, batch]) => Number(batch))
  for (const batch of acked) {
    checker.acknowledged({
      name: String(batch),
      bodies: Array.from({ length: 1 + (batch % 40) }, (_, i) => `${batch}/${i} `),
    })
  }
  expect(acked.length).toBeGreaterThan(10)
  expect(checker.check()).toEqual([])
})
