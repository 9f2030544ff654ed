/**
 * An agent on the Vercel AI SDK that keeps reports. Which of two it is stands in ENVELOPE_AGENT, what it is asked in
 * ENVELOPE_PROMPT and its conversation in ENVELOPE_CONVERSATION. Each tool says what became of it, and at the end all of that is
 * one line of JSON. Run as `holdfast run -- node --import telemetry.ts agent.ts`.
 */
import { fchmodSync, closeSync, mkdtempSync, openSync, rmSync, symlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOpenAI } from '@ai-sdk/openai'
import { OpenTelemetry } from '@ai-sdk/otel'
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { registerTelemetry, stepCountIs, tool, ToolLoopAgent } from 'ai'
import { z } from 'zod'
import { DELIVERY_PORT, ENVELOPE_AGENTS } from './agents.ts'

registerTelemetry(new OpenTelemetry({ runtimeContext: true }))

const {
  ENVELOPE_AGENT: name = '',
  ENVELOPE_PROMPT: prompt = '',
  ENVELOPE_CONVERSATION: conversation = '',
} = process.env
const folder = mkdtempSync(join(tmpdir(), 'report-'))
const became: Record<string, string> = {}
const inputSchema = z.object({})

/** What an act gave, as the model is told too: a refusal is an answer like any other. */
async function doing(what: string, act: () => void | Promise<void>): Promise<string> {
  try {
    await act()
    became[what] = 'done'
  } catch (error) {
    became[what] = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
  return became[what]
}

function deliver(host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(DELIVERY_PORT, host, () => socket.end('the report', resolve))
    socket.once('error', reject)
  })
}

const tools = {
  point_latest: tool({
    description: 'Points the link "latest" at the newest report.',
    inputSchema,
    execute: () => doing('point_latest', () => symlinkSync('report-1', join(folder, 'latest'))),
  }),
  seal_report: tool({
    description: 'Makes a report read-only.',
    inputSchema,
    execute: () =>
      doing('seal_report', () => {
        const file = openSync(join(folder, 'report-1'), 'w')
        try {
          fchmodSync(file, 0o444)
        } finally {
          closeSync(file)
        }
      }),
  }),
  ...Object.fromEntries(
    ENVELOPE_AGENTS.map((one) => [
      `deliver_${one.name}`,
      tool({
        description: `Delivers the report to ${one.host}.`,
        inputSchema,
        execute: () => doing(`deliver_${one.name}`, () => deliver(one.host)),
      }),
    ]),
  ),
}

const agent = new ToolLoopAgent({
  id: name,
  model: createOpenAI().chat('gpt-5-mini'),
  instructions: `You are the ${name} of a reporting desk.`,
  tools,
  stopWhen: stepCountIs(12),
  telemetry: { functionId: name },
})
// The run's own trace, so that what the kernel sees of this process is of the same conversation.
const run = propagation.extract(ROOT_CONTEXT, { traceparent: process.env['TRACEPARENT'] ?? '' })
await context.with(run, () =>
  trace.getTracer(name).startActiveSpan(`report ${conversation}`, async (span) => {
    span.setAttribute('gen_ai.conversation.id', conversation)
    try {
      await agent.generate({ prompt })
    } finally {
      span.end()
    }
  }),
)
rmSync(folder, { recursive: true, force: true })
console.error(`became ${JSON.stringify(became)}`)
