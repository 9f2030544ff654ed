/** An MCP server over stdio with one tool, which runs Python as the agent's user. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

const run = promisify(execFile)

serveStdio(() => {
  const server = new McpServer({ name: 'python', version: '2.1.0' })
  server.registerTool(
    'run_python',
    { description: 'Runs a Python script and returns what it prints.', inputSchema: z.object({ code: z.string() }) },
    async ({ code }) => {
      const folder = mkdtempSync(join(tmpdir(), 'python-'))
      try {
        const path = join(folder, 'script.py')
        writeFileSync(path, code)
        const { stdout, stderr } = await run('/usr/bin/python3', [path])
        return { content: [{ type: 'text', text: stdout || stderr || 'done' }] }
      } catch (cause) {
        return { isError: true, content: [{ type: 'text', text: cause instanceof Error ? cause.message : 'failed' }] }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  )
  return server
})
