import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'

import { anthropicMessages, anthropicTokenCount } from './anthropic-messages.ts'
import { buildAnswer, CREATED_AT } from './answer.ts'
import type { Answer } from './answer.ts'
import { parseGooglePath } from './google-generate.ts'
import { isObject } from './json.ts'
import type { JsonObject } from './json.ts'
import { MAX_BODY_BYTES, MAX_KEPT_REQUESTS, MAX_REMEMBERED } from './limits.ts'
import type { Memory, ModelApi, ServerSentEvent } from './model-api.ts'
import { openaiChat, openaiError } from './openai-chat.ts'
import { openaiEmbeddings } from './openai-embeddings.ts'
import { inputItems, openaiResponses, outputItems } from './openai-responses.ts'
import { chooseReply } from './script.ts'
import type { Script } from './script.ts'

/** A request that the server has answered. `body` is the parsed JSON, undefined where there was none. */
export type ModelRequest = {
  readonly method: string
  readonly path: string
  /** Trace context that the client sent along, if it did. */
  readonly traceparent: string | undefined
  readonly status: number
  readonly body: JsonObject | undefined
}

export type ModelServer = AsyncDisposable & {
  /** `http://127.0.0.1:<port>`, without a path: OpenAI clients want `/v1` appended. */
  readonly url: string
  /** The latest requests, oldest first. */
  readonly requests: readonly ModelRequest[]
  /** How many older requests `requests` no longer holds. */
  readonly droppedRequests: number
}

/**
 * Starts a model provider on the loopback interface that answers from `script`, over the wire formats of OpenAI,
 * Anthropic and Google. Any API key is accepted. `port` 0 or none takes a free one. Rejects when the port is taken.
 */
export async function startModelServer(options: {
  readonly script: Script
  readonly port?: number
}): Promise<ModelServer> {
  const provider = new ScriptedProvider(options.script)
  const server = createServer((request, response) => {
    provider.serve(request, response).catch(() => {
      // The client went away while it was sending; there is nobody to answer.
      response.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return provider.requests
    },
    get droppedRequests() {
      return provider.droppedRequests
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // Clients keep idle connections open; without this, closing waits for their time-out.
      server.closeAllConnections()
      await closed
    },
  }
}

type Reply =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'stream'; readonly events: readonly ServerSentEvent[] }

class ScriptedProvider {
  readonly requests: ModelRequest[] = []
  droppedRequests = 0
  readonly #script: Script
  readonly #toolOfCall = new Map<string, string>()
  readonly #itemsOfResponse = new Map<string, readonly JsonObject[]>()
  readonly #memory: Memory = {
    toolOfCall: (callId) => this.#toolOfCall.get(callId),
    itemsOfResponse: (responseId) => this.#itemsOfResponse.get(responseId) ?? [],
  }
  #answers = 0
  #calls = 0

  constructor(script: Script) {
    this.#script = script
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname
    const body = await readBody(request)
    const reply = body.status === 'read' ? this.#reply(path, request.method ?? '', body.json) : failure(body.message)
    this.#keep({
      method: request.method ?? '',
      path,
      traceparent: firstOf(request.headers['traceparent']),
      status: reply.kind === 'json' ? reply.status : 200,
      body: body.status === 'read' ? body.json : undefined,
    })
    send(response, reply)
  }

  #reply(path: string, method: string, body: JsonObject | undefined): Reply {
    if (method === 'GET' && path === '/v1/models') return ok(modelList)
    if (method === 'POST' && body !== undefined) {
      switch (path) {
        case '/v1/chat/completions':
          return this.#complete(openaiChat, body)
        case '/v1/responses':
          return this.#complete(openaiResponses, body)
        case '/v1/messages':
          return this.#complete(anthropicMessages, body)
        case '/v1/messages/count_tokens':
          return ok(anthropicTokenCount(anthropicMessages.readTurn(body, this.#memory)))
        case '/v1/embeddings':
          return ok(openaiEmbeddings(body))
      }
      const google = parseGooglePath(path)
      if (google !== undefined) return this.#complete(google.api, { ...body, model: google.model })
    }
    return { kind: 'json', status: 404, body: openaiError(`no such endpoint: ${method} ${path} with a JSON body`) }
  }

  #complete(api: ModelApi, body: JsonObject): Reply {
    const turn = api.readTurn(body, this.#memory)
    const choice = chooseReply(this.#script, turn)
    if (choice.status === 'unmatched') return { kind: 'json', status: 400, body: api.error(choice.explanation) }
    const answer = buildAnswer(turn, choice.reply, { number: ++this.#answers, firstCall: this.#calls + 1 })
    this.#calls += answer.calls.length
    this.#remember(answer, api === openaiResponses ? inputItems(body, this.#memory) : undefined)
    return api.wantsStream(body) ? { kind: 'stream', events: api.events(answer, body) } : ok(api.body(answer, body))
  }

  #remember(answer: Answer, input: readonly JsonObject[] | undefined): void {
    for (const call of answer.calls) this.#toolOfCall.set(call.id, call.name)
    if (input !== undefined) this.#itemsOfResponse.set(`resp_${answer.number}`, [...input, ...outputItems(answer)])
    for (const memory of [this.#toolOfCall, this.#itemsOfResponse]) {
      for (const oldest of memory.keys()) {
        if (memory.size <= MAX_REMEMBERED) break
        memory.delete(oldest)
      }
    }
  }

  #keep(request: ModelRequest): void {
    this.requests.push(request)
    if (this.requests.length <= MAX_KEPT_REQUESTS) return
    this.requests.shift()
    this.droppedRequests += 1
  }
}

const modelList = {
  object: 'list',
  data: [{ id: 'scripted', object: 'model', created: CREATED_AT, owned_by: 'holdfast' }],
}

function ok(body: unknown): Reply {
  return { kind: 'json', status: 200, body }
}

function failure(message: string): Reply {
  return { kind: 'json', status: 400, body: openaiError(message) }
}

type Body =
  | { readonly status: 'read'; readonly json: JsonObject | undefined }
  | { readonly status: 'unreadable'; readonly message: string }

async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    // A request stream without an encoding yields buffers.
    const buffer = chunk as Buffer
    bytes += buffer.length
    // The rest of a body that is too large is read and forgotten: a client that still sends does not see an answer.
    if (bytes <= MAX_BODY_BYTES) chunks.push(buffer)
    else chunks.length = 0
  }
  if (bytes > MAX_BODY_BYTES) return { status: 'unreadable', message: `body exceeds ${MAX_BODY_BYTES} bytes` }
  if (bytes === 0) return { status: 'read', json: undefined }
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    if (isObject(parsed)) return { status: 'read', json: parsed }
  } catch {
    // Not JSON: answered like JSON of the wrong type, below.
  }
  return { status: 'unreadable', message: 'body is not a JSON object' }
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.kind === 'json') {
    const text = JSON.stringify(reply.body)
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(text)
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  for (const { event, data } of reply.events) {
    const name = event === undefined ? '' : `event: ${event}\n`
    response.write(`${name}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`)
  }
  response.end()
}

function firstOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0]
}
