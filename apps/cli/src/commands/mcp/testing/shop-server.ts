import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

/** An MCP server over HTTP: `/mcp` of either era without sessions, `/sessions` of the older one with them. */
export type ShopServer = AsyncDisposable & { readonly origin: string }

function makeServer(): McpServer {
  const server = new McpServer({ name: 'shop', version: '2.1.0' })
  server.registerTool(
    'price',
    { description: 'Tells a price.', inputSchema: z.object({ of: z.string() }) },
    async ({ of }) => ({ content: [{ type: 'text', text: `${of}: 29.90 EUR` }] }),
  )
  return server
}

export async function startShop(): Promise<ShopServer> {
  const stateless = toNodeHandler(createMcpHandler(makeServer))
  const sessions = new Map<string, NodeStreamableHTTPServerTransport>()
  const inSession = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const id = request.headers['mcp-session-id']
    const known = typeof id === 'string' ? sessions.get(id) : undefined
    if (known !== undefined) return known.handleRequest(request, response)
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (session) => void sessions.set(session, transport),
    })
    await makeServer().connect(transport)
    await transport.handleRequest(request, response)
  }
  const http = createServer((request, response) => {
    const { method = 'GET', url = '/' } = request
    if (url.startsWith('/sessions')) void inSession(request, response)
    else void stateless(Object.assign(request, { method, url }), response)
  })
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))
  // A listening TCP server has one.
  const { port } = http.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((done) => http.close(done))
      http.closeAllConnections()
      await closed
    },
  }
}
