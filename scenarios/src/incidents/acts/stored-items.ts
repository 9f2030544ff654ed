import { createMCPClient } from '@ai-sdk/mcp'
import { z } from 'zod'
import { tracedFetch } from './traced-fetch.ts'

const answerSchema = z.object({ content: z.array(z.object({ text: z.string() })).min(1) })

/**
 * JSON of the items of a store, by one of its tools, where SCENARIO_STORE names an MCP server or the proxy before it; `own` where it
 * names none. What a proxy holds back is no item.
 */
export async function storedItems(own: string, tool: string, given: Readonly<Record<string, string>>): Promise<string> {
  const url = process.env['SCENARIO_STORE']
  if (url === undefined) return own
  const mcp = await createMCPClient({ transport: { type: 'http', url, fetch: tracedFetch } })
  try {
    const tools = await mcp.tools()
    const answer: unknown = await tools[tool]?.execute(given, { toolCallId: tool, messages: [], context: undefined })
    const [first] = answerSchema.parse(answer).content
    return first?.text.startsWith('[') === true ? first.text : '[]'
  } finally {
    await mcp.close()
  }
}
