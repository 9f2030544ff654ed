/** An MCP server over stdio that remembers notes in a file, as memories of agents do. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

const [file = ''] = process.argv.slice(2)
const kept = (): Record<string, string> =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {} // only this server writes it

serveStdio(() => {
  const server = new McpServer({ name: 'memory', version: '1.0.0' })
  const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] })
  server.registerTool(
    'save_note',
    { description: 'Remembers a note.', inputSchema: z.object({ key: z.string(), note: z.string() }) },
    async ({ key, note }) => {
      writeFileSync(file, JSON.stringify({ ...kept(), [key]: note }))
      return text('saved')
    },
  )
  server.registerTool(
    'search_notes',
    { description: 'Finds notes.', inputSchema: z.object({ words: z.string() }) },
    async ({ words }) => {
      const found = Object.entries(kept()).filter(([, note]) => note.includes(words))
      return text(found.map(([key, note]) => `- ${key}: ${note}`).join('\n'))
    },
  )
  server.registerTool(
    'delete_note',
    { description: 'Forgets a note.', inputSchema: z.object({ key: z.string() }) },
    async ({ key }) => {
      writeFileSync(file, JSON.stringify(Object.fromEntries(Object.entries(kept()).filter(([name]) => name !== key))))
      return text('forgotten')
    },
  )
  return server
})
