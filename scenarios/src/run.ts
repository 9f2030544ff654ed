/**
 * Runs the demo agents: `node --conditions=@holdfast/source scenarios/src/run.ts [--only NAME]... --otlp URL`. One JSON
 * line a step on standard output. Exit code 0, 1 where a scenario failed, 2 for wrong arguments. SIGINT and SIGTERM stop it
 * and all that it started.
 */
import { parseArgs } from 'node:util'

import { runDemo } from './demo/run-demo.ts'
import { STORIES } from './demo/stories.ts'

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, otlp: { type: 'string' } } })
const only =
  values.only === undefined
    ? undefined
    : STORIES.map((story) => story.name).filter((name) => values.only?.includes(name))
const unknown = (values.only ?? []).filter((name) => !STORIES.some((story) => story.name === name))
if (values.otlp === undefined || unknown.length > 0) {
  const names = STORIES.map((story) => story.name).join(', ')
  console.error(`usage: run.ts [--only NAME] --otlp URL, where NAME is one of ${names}`)
  process.exit(2)
}
const stopped = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => stopped.abort(new Error(`stopped by ${name}`)))
const result = await runDemo({
  signal: stopped.signal,
  otlpUrl: values.otlp.replace(/\/+$/, ''),
  ...(only === undefined ? {} : { only }),
  onProgress: (progress) => console.log(JSON.stringify(progress)),
})
process.exitCode = result.failed.length === 0 ? 0 : 1
