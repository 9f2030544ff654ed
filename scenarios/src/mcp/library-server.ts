/** An MCP server over streamable HTTP with a small paper catalogue. Prints its address once it listens. */
import { createServer } from 'node:http'

import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

const papers = [
  { key: 'lin-2025', title: 'Prefix caching in practice', year: 2025, savingPercent: 62 },
  { key: 'osei-2024', title: 'Batch interfaces and their queues', year: 2024, savingPercent: 50 },
]

const serve = toNodeHandler(
  createMcpHandler(() => {
    const server = new McpServer({ name: 'library-server', version: '2.1.0' })
    server.registerTool(
      'find_papers',
      {
        description: 'Finds papers of a year or later by a word of their title.',
        inputSchema: z.object({ word: z.string(), since: z.number() }),
      },
      async ({ word, since }) => {
        const found = papers.filter(
          (paper) => paper.year >= since && paper.title.toLowerCase().includes(word.toLowerCase()),
        )
        return { content: [{ type: 'text', text: JSON.stringify(found) }] }
      },
    )
    return server
  }),
)
const isOurHost = localhostHostValidation()
const isOurOrigin = localhostOriginValidation()
const http = createServer((request, response) => {
  // A request that a server received has a method and a URL; node:http types them as optional for its clients' sake.
  const { method = 'GET', url = '/' } = request
  if (isOurHost(request, response) && isOurOrigin(request, response))
    void serve(Object.assign(request, { method, url }), response)
})
http.listen(0, '127.0.0.1', () => {
  const address = http.address()
  if (typeof address === 'object' && address !== null) console.log(`listening http://127.0.0.1:${address.port}/mcp`)
})
