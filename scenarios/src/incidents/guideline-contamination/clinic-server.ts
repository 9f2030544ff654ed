/** The record of a clinic as an MCP server over HTTP: keeps what was suggested for whom. Prints `listening URL`. */
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { serveTools } from '../acts/serve-tools.ts'

await serveTools(() => {
  const server = new McpServer({ name: 'clinic-server', version: '2.2.0' })
  server.registerTool(
    'finding.read',
    { description: 'Reads the findings of one case.', inputSchema: z.object({ case: z.string() }) },
    async (asked) => ({
      content: [{ type: 'text', text: JSON.stringify({ ...asked, finding: 'stable, over 60 years' }) }],
    }),
  )
  return server
})
