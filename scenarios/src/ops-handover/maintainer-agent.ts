import { createOpenAI } from '@ai-sdk/openai'
import { OpenTelemetry } from '@ai-sdk/otel'
import { recordIdentity, recordRetrieval } from '@holdfast/sdk'
import { registerTelemetry, tool, ToolLoopAgent } from 'ai'
import { z } from 'zod'

import { search } from '../retrieval/bm25.ts'
import { loadCorpus } from '../retrieval/corpus.ts'

registerTelemetry(new OpenTelemetry({ runtimeContext: true }))

const runbooks = await loadCorpus('runbook')

const searchRunbooks = tool({
  description: 'Searches the runbooks.',
  inputSchema: z.object({ query: z.string() }),
  execute: async ({ query }) => {
    const documents = search(runbooks, query, 1).map(({ id, uri, version, text, score }) => ({
      id,
      uri,
      version,
      score,
      content: text,
      trust: 'internal',
    }))
    recordRetrieval({ query, source: 'runbook', documents })
    return documents
  },
})

const rotateLogs = tool({
  description: 'Rotates and compresses the logs of a host.',
  inputSchema: z.object({ host: z.string() }),
  execute: async ({ host }) => {
    recordIdentity({ principal: `role/host-admin@${host}`, kind: 'role', onBehalfOf: 'svc-host-maintainer' })
    return { host, freedGb: 37, usedPercent: 61 }
  },
})

/** Works on one task by the runbook and gives the report. */
export async function maintain(work: { readonly conversationId: string; readonly task: string }): Promise<string> {
  const agent = new ToolLoopAgent({
    id: 'host-maintainer',
    model: createOpenAI().chat('gpt-5-mini'),
    instructions: 'You are the host maintainer. Follow the runbook and report in one sentence.',
    tools: { search_runbooks: searchRunbooks, rotate_logs: rotateLogs },
    runtimeContext: { conversationId: work.conversationId },
    telemetry: { functionId: 'host-maintainer', includeRuntimeContext: { conversationId: true } },
  })
  const { text } = await agent.generate({ prompt: work.task })
  return text
}
