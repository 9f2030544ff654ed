import { exec } from 'node:child_process'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { createOpenAI } from '@ai-sdk/openai'
import { OpenTelemetry } from '@ai-sdk/otel'
import { registerTelemetry, tool, ToolLoopAgent } from 'ai'
import { z } from 'zod'

/**
 * An agent on the AI SDK that takes turns when it is told to: each line of standard input is a number of turns, answered by
 * one line, the milliseconds that each took as a JSON list. Run with `--import` of the telemetry set-up, TURN_SITE set.
 */
registerTelemetry(new OpenTelemetry())

const run = promisify(exec)

const runCommand = tool({
  description: 'Runs a shell command and returns what it prints.',
  inputSchema: z.object({ command: z.string() }),
  execute: async ({ command }) => (await run(command)).stdout,
})

const readPage = tool({
  description: 'Reads a page of the site.',
  inputSchema: z.object({ page: z.string() }),
  execute: async ({ page }) => (await fetch(`${process.env['TURN_SITE'] ?? ''}${page}`)).text(),
})

const agent = new ToolLoopAgent({
  id: 'turns',
  model: createOpenAI().chat('gpt-5-mini'),
  instructions: 'You run errands with a shell and a browser, one step at a time.',
  tools: { run_command: runCommand, read_page: readPage },
  telemetry: { functionId: 'turns' },
})

/** Milliseconds from the prompt to the last word of the answer. */
async function turn(): Promise<number> {
  const began = performance.now()
  const { text } = await agent.generate({ prompt: 'Please run the errand.' })
  if (text !== 'The errand is done.') throw new Error(`the turn ended with: ${text}`)
  return performance.now() - began
}

for await (const line of createInterface({ input: process.stdin })) {
  const took: number[] = []
  for (let at = 0; at < Number(line); at += 1) took.push(await turn())
  process.stdout.write(`${JSON.stringify(took)}\n`)
}
