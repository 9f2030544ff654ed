/**
 * A store as an MCP server over HTTP: one tool, which answers with all items of the store as JSON. Prints `listening URL`. Run as
 * `node store-server.ts`, with SCENARIO_STORE_NAME, SCENARIO_STORE_TOOL, SCENARIO_STORE_PARAMETER and SCENARIO_ITEMS set.
 */
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { serveTools } from './serve-tools.ts'

const { SCENARIO_STORE_NAME: name = '', SCENARIO_STORE_TOOL: tool = '', SCENARIO_ITEMS: items = '[]' } = process.env
const parameter = process.env['SCENARIO_STORE_PARAMETER'] ?? 'query'

await serveTools(() => {
  const server = new McpServer({ name, version: '1.0.0' })
  server.registerTool(
    tool,
    { description: 'Answers with what it holds.', inputSchema: z.object({ [parameter]: z.string() }) },
    async () => ({ content: [{ type: 'text', text: items }] }),
  )
  return server
})
