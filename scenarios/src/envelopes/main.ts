/**
 * Runs two agents at once under two generated policies: `node --conditions=@holdfast/source scenarios/src/envelopes/main.ts
 * [--url URL --otlp URL]`, with the token in HOLDFAST_TOKEN. Without a server it brings its own. Progress on standard error, the
 * result as one JSON document on standard output. Exit code 0, 1 where it is not as it must be, 2 for wrong arguments.
 */
import { parseArgs } from 'node:util'
import { stopSignal } from '../stop-signal.ts'
import { runEnvelopes } from './run-envelopes.ts'

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { url: { type: 'string' }, otlp: { type: 'string' } } })
  const { url, otlp: otlpUrl } = values
  if ((url === undefined) !== (otlpUrl === undefined)) {
    process.stderr.write('--url and --otlp are given together, or neither\n')
    return 2
  }
  const signal = stopSignal()
  try {
    const result = await runEnvelopes({
      signal,
      onStep: (line) => void process.stderr.write(`${line}\n`),
      ...(url === undefined || otlpUrl === undefined
        ? {}
        : { holdfast: { url, otlpUrl, token: process.env['HOLDFAST_TOKEN'] ?? '' } }),
    })
    process.stdout.write(`${JSON.stringify(result)}\n`)
    return result.differences.length === 0 ? 0 : 1
  } catch (failure) {
    process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`)
    return 1
  }
}
