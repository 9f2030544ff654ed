import { once } from 'node:events'
import { createServer } from 'node:http'
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler } from '@modelcontextprotocol/server'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { apiOf, openApi } from '../../server/api.ts'
import { findServer } from '../../server/find-server.ts'
import type { McpServerFlags } from './command.ts'
import { letIn } from './door.ts'
import { REQUEST_BYTES } from './limits.ts'
import { ProviderTokens } from './provider-tokens.ts'
import { sessionOf } from './session.ts'

/** Serves assistants over stdio, or over HTTP on this machine, until the command is interrupted or its input ends. */
export async function serveAssistants(this: CliContext, flags: McpServerFlags): Promise<void> {
  if (flags.http === undefined) await overStdio(this, flags)
  else await overHttp(this, flags, flags.http)
}

/** The caller is whoever started the command: it has the token that every other command would use. */
async function overStdio(context: CliContext, flags: McpServerFlags): Promise<void> {
  const api = openApi(context, flags)
  const transport = new StdioServerTransport()
  const ended = Promise.withResolvers<void>()
  const session = serveStdio(() => sessionOf(api), {
    transport,
    onerror: (fault) => context.stderr.write(`holdfast: ${inert(fault.message)}\n`),
  })
  process.stdin.once('end', ended.resolve)
  context.signal.addEventListener('abort', () => ended.resolve(), { once: true })
  if (context.signal.aborted) ended.resolve()
  await ended.promise
  await session.close()
}

/**
 * Each request is made as the bearer of its own token; this process lends nobody its own, so that another program of the
 * machine gets no further through it than without it. Only loopback names are answered, against pages that rebind theirs.
 */
async function overHttp(context: CliContext, flags: McpServerFlags, port: number): Promise<void> {
  const address = findServer({ env: context.env, cwd: context.cwd, data: flags.data })
  const handler = toNodeHandler(
    createMcpHandler(({ authInfo }) => sessionOf(apiOf(context, { ...address, token: authInfo?.token }))),
    {
      maxRequestBodySize: REQUEST_BYTES,
      onerror: (fault) => context.stderr.write(`holdfast: ${inert(fault.message)}\n`),
    },
  )
  const tokens = new ProviderTokens({ http: address.http, nowMs: () => performance.now() })
  const [isOurHost, isOurOrigin] = [localhostHostValidation(), localhostOriginValidation()]
  const http = createServer((request, response) => {
    if (!isOurHost(request, response) || !isOurOrigin(request, response)) return
    letIn(request, response, tokens).then(
      (token) => {
        if (token === undefined) return
        // A request that a server received has a method and a URL; node:http types them as optional for its clients' sake.
        const { method = 'GET', url = '/' } = request
        const auth = { token, clientId: 'assistant', scopes: [] }
        void handler(Object.assign(request, { method, url, auth }), response)
      },
      (fault: unknown) => {
        context.stderr.write(`holdfast: ${inert(fault instanceof Error ? fault.message : 'a request failed')}\n`)
        response.destroy()
      },
    )
  })
  await new Promise<void>((listening, failed) => {
    http.once('error', (cause) =>
      failed(
        new CliError('conflict', `cannot listen on 127.0.0.1:${port}: ${cause.message}`, {
          cause,
          remedy: 'name another port with --http, or 0 for a free one',
        }),
      ),
    )
    http.listen(port, '127.0.0.1', listening)
  })
  const bound = http.address()
  if (typeof bound === 'object' && bound !== null) context.stdout.write(`http://127.0.0.1:${bound.port}/mcp\n`)
  context.stderr.write('holdfast: assistants are served with their own tokens; Ctrl-C ends it\n')
  if (!context.signal.aborted) await once(context.signal, 'abort')
  http.closeAllConnections()
  await new Promise((closed) => http.close(closed))
}
