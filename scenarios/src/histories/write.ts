import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { HISTORIES } from './histories.ts'

/** Writes one simulated history as a file that `holdfast import` reads: `write.ts NAME PATH [--seed N] [--days N] [--executions N]`. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      days: { type: 'string', default: '42' },
      executions: { type: 'string', default: '120' },
    },
  })
  const [name, path] = positionals
  const history = HISTORIES.find((known) => known.name === name)
  const [seed, days, executions] = [Number(values.seed), Number(values.days), Number(values.executions)]
  if (history === undefined || path === undefined || ![seed, days, executions].every(Number.isSafeInteger)) {
    process.stderr.write(`usage: write.ts NAME PATH [--seed N] [--days N] [--executions N]\n`)
    for (const known of HISTORIES) process.stderr.write(`  ${known.name}: ${known.tells}\n`)
    return 2
  }
  const file = createWriteStream(path)
  for (const line of history.lines({ seed, days, executions })) if (!file.write(`${line}\n`)) await once(file, 'drain')
  file.end()
  await finished(file)
  return 0
}

process.exitCode = await main()
