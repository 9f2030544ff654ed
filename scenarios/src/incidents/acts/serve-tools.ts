import { createServer } from 'node:http'
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, type McpServer } from '@modelcontextprotocol/server'

/** Serves MCP over HTTP on a free loopback port and prints `listening URL`; ends on SIGTERM. */
export async function serveTools(make: () => McpServer): Promise<void> {
  const serve = toNodeHandler(createMcpHandler(make))
  const isOurHost = localhostHostValidation()
  const isOurOrigin = localhostOriginValidation()
  const http = createServer((request, response) => {
    // A request that a server received has a method and a URL; node:http types them as optional for its clients' sake.
    const { method = 'GET', url = '/' } = request
    if (isOurHost(request, response) && isOurOrigin(request, response))
      void serve(Object.assign(request, { method, url }), response)
  })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  const address = http.address()
  if (typeof address === 'object' && address !== null) console.log(`listening http://127.0.0.1:${address.port}/mcp`)
  process.once('SIGTERM', () => {
    http.close()
    http.closeAllConnections()
  })
}
