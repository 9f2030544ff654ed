/**
 * Runs errands on the Vercel AI SDK: one tool runs a shell command, the other asks a site from within this process. Each
 * argument is an errand and a conversation of its own; all of them go on at once. Run as
 * `holdfast run -- node --import telemetry.ts agent.ts ERRAND...`, with ERRANDS_FOLDER and ERRANDS_SITE set.
 */
import { exec } from 'node:child_process'
import { promisify } from 'node:util'

import { createOpenAI } from '@ai-sdk/openai'
import { OpenTelemetry } from '@ai-sdk/otel'
import { trace } from '@opentelemetry/api'
import { registerTelemetry, tool, ToolLoopAgent } from 'ai'
import { z } from 'zod'

registerTelemetry(new OpenTelemetry({ runtimeContext: true }))

const run = promisify(exec)

const runCommand = tool({
  description: 'Runs a shell command and returns what it prints.',
  inputSchema: z.object({ command: z.string() }),
  execute: async ({ command }) => (await run(command)).stdout,
})

const readPage = tool({
  description: 'Reads a page of the site.',
  inputSchema: z.object({ page: z.string() }),
  execute: async ({ page }) => (await fetch(`${process.env['ERRANDS_SITE'] ?? ''}${page}`)).text(),
})

async function runErrand(errand: string): Promise<string> {
  const agent = new ToolLoopAgent({
    id: 'errands',
    model: createOpenAI().chat('gpt-5-mini'),
    instructions: 'You run errands with a shell and a browser, one step at a time.',
    tools: { run_command: runCommand, read_page: readPage },
    telemetry: { functionId: 'errands' },
  })
  return trace.getTracer('errands').startActiveSpan(`errand ${errand}`, async (span) => {
    span.setAttribute('gen_ai.conversation.id', `errand-${errand}`)
    try {
      return (await agent.generate({ prompt: `Please run errand ${errand}.` })).text
    } finally {
      span.end()
    }
  })
}

for (const answer of await Promise.all(process.argv.slice(2).map(runErrand))) console.log(answer)
