/**
 * Text extraction as an MCP server over HTTP: one tool, which really writes objects to the store in SCENARIO_BUCKET, as the role
 * session that SCENARIO_SESSIONS names for the bucket. Prints `listening URL`.
 */
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { serveTools } from '../acts/serve-tools.ts'

const store = process.env['SCENARIO_BUCKET'] ?? ''
const sessions = z.record(z.string(), z.string()).parse(JSON.parse(process.env['SCENARIO_SESSIONS'] ?? '{}'))
const OBJECT_BYTES = 1_300

await serveTools(() => {
  const server = new McpServer({ name: 'extract-server', version: '1.8.0' })
  server.registerTool(
    'extract.write',
    {
      description: 'Extracts one batch of documents and writes the texts into a bucket.',
      inputSchema: z.object({ bucket: z.string(), batch: z.number(), objects: z.number() }),
    },
    async ({ bucket, batch, objects }) => {
      for (let i = 1; i <= objects; i += 1) {
        const response = await fetch(`${store}/${bucket}/batch-${batch}/text-${i}.json`, {
          method: 'PUT',
          headers: { 'x-principal-arn': sessions[bucket] ?? '' },
          body: new Uint8Array(OBJECT_BYTES).fill(0x2e),
        })
        if (!response.ok) throw new Error(`the store answered ${response.status}`)
      }
      return { content: [{ type: 'text', text: JSON.stringify({ bucket, batch, written: objects }) }] }
    },
  )
  return server
})
