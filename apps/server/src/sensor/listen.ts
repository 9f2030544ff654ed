import { chmodSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { scanSensorBatch } from '@holdfast/capture'
import type { Recorder } from '@holdfast/recorder'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { problemOf, HttpError } from '../http/problem.ts'
import { collect } from '../otlp/collect-body.ts'
import { MemoryBudget } from '../otlp/memory-budget.ts'
import { REFUSALS, type Refused } from '../otlp/outcome.ts'
import { codingOf, inflate } from '../otlp/read-body.ts'
import type { GapCounter } from '../gap-counter.ts'
import type { BatchStore, ReadBatch } from './batch-store.ts'
import type { SensorEnrolment } from './enrolment.ts'
import { BATCH_BYTES, BATCHES_IN_FLIGHT_BYTES, ENROL_BYTES, SENSOR_JSON_BYTES, SOCKET_PATH_BYTES } from './limits.ts'
import type { LossLedger } from './loss-ledger.ts'
import type { SensorRegistry } from './registry.ts'
import {
  endingsSchema,
  enrolSchema,
  lossesSchema,
  reportSchema,
  resultSchema,
  speakerSchema,
  type Speaker,
} from './wire.ts'

export type SensorSocketOptions = {
  readonly folder: string
  readonly recorder: Pick<Recorder, 'size'>
  readonly registry: SensorRegistry
  readonly batches: BatchStore
  readonly losses: LossLedger
  readonly gaps: Pick<GapCounter, 'count'>
  readonly logger: Logger
}

/**
 * Listens for the sensor of this host on `sensor.sock` in the data folder, which nobody but its owner may enter: whoever
 * reaches the socket may speak for the kernel. Undefined, and said in the log, where the path is too long for a socket.
 */
export async function startSensorSocket(options: SensorSocketOptions): Promise<AsyncDisposable | undefined> {
  const path = sensorSocketPath(options.folder)
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES) {
    options.logger.warn({ path }, `no sensor can connect: a socket's path has at most ${SOCKET_PATH_BYTES} bytes`)
    return undefined
  }
  // Left by a server that was killed: the folder's lock says that none runs now.
  rmSync(path, { force: true })
  const memory = sensorMemory()
  // Whoever reaches the socket is the owner of the folder: any sensor may be meant.
  const admit = (): void => undefined
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    answerSensor({ ...options, memory, admit }, request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  chmodSync(path, 0o600)
  return {
    async [Symbol.asyncDispose]() {
      options.registry[Symbol.dispose]()
      server.closeIdleConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function sensorSocketPath(folder: string): string {
  return join(folder, 'sensor.sock')
}

/** What a start may say for the one before it: what was on its disk when it ended. */
const OF_EARLIER_STARTS: ReadonlySet<string> = new Set(['POST /sensor/v1/batches', 'POST /sensor/v1/lost'])

/** Bytes of batches being read by one listener. */
export function sensorMemory(): MemoryBudget {
  return new MemoryBudget({ totalBytes: BATCHES_IN_FLIGHT_BYTES, senderBytes: BATCHES_IN_FLIGHT_BYTES })
}

type Sources = SensorSocketOptions & {
  readonly memory: MemoryBudget
  /** Throws the HttpError that says why the sender of a request may not speak as that sensor. */
  readonly admit: (request: IncomingMessage, claimed: string) => void
  /** Where sensors may enrol. */
  readonly enrolment?: Pick<SensorEnrolment, 'enrol'>
}

/** Answers one request of SPEC S5, whichever way it came. */
export function answerSensor(sources: Sources, request: IncomingMessage, response: ServerResponse): void {
  exchange(sources, request, response).catch((error: unknown) => sendProblem(sources, response, error))
}

async function exchange(sources: Sources, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '', 'http://sensor')
  const route = `${request.method} ${url.pathname}`
  if (route === 'POST /sensor/v1/enrol') return sendJson(response, await enrol(sources, request))
  const speaker = parsed(speakerSchema, Object.fromEntries(url.searchParams))
  sources.admit(request, speaker.sensor)
  const { registry, losses, recorder } = sources
  if (route === 'POST /sensor/v1/reports') {
    const { report, watched } = parsed(reportSchema, await readJson(sources, request))
    if (report.sensor !== speaker.sensor || report.start !== speaker.start)
      throw new HttpError(400, 'the report is of another')
    await registry.report(report, watched, recorder.size)
    return sendJson(response, {})
  }
  // 409 asks the sensor to report itself again: this server may have been started after it.
  if (!registry.isKnown(speaker) && !OF_EARLIER_STARTS.has(route))
    throw new HttpError(409, 'this start has not reported itself')
  switch (route) {
    case 'POST /sensor/v1/batches':
      return sendJson(response, await takeBatch(sources, speaker, url, request))
    case 'GET /sensor/v1/commands':
      return registry.openCommands(speaker, response)
    case 'POST /sensor/v1/results': {
      const { id, result } = parsed(resultSchema, await readJson(sources, request))
      return sendJson(response, { wasAwaited: registry.answer(speaker, id, result) })
    }
    case 'POST /sensor/v1/endings': {
      const { endings } = parsed(endingsSchema, await readJson(sources, request))
      await registry.tellEnded(speaker.sensor, endings)
      return sendJson(response, {})
    }
    case 'POST /sensor/v1/lost': {
      const body = parsed(lossesSchema, await readJson(sources, request))
      const reported = losses.report(speaker, body.losses, registry.firstReportOf(speaker))
      registry.noteLost(speaker, await reported.catch((error: unknown) => refuseLosses(sources, speaker, error)))
      return sendJson(response, {})
    }
  }
  throw new HttpError(404, `nothing at ${route.slice(0, 200)}`)
}

/** Batches of earlier starts come too: what its spool kept while the server was away, sent by the start after it. */
async function takeBatch(
  sources: Sources,
  speaker: Speaker,
  url: URL,
  request: IncomingMessage,
): Promise<{ readonly acknowledged: number; readonly status: string }> {
  const sequence = Number(url.searchParams.get('sequence'))
  if (!Number.isSafeInteger(sequence) || sequence < 1) throw new HttpError(400, 'sequence is a number from 1')
  using lease = sources.memory.lease('sensor')
  const body = await readBody(request, lease, BATCH_BYTES)
  const batch = { ...speaker, sequence }
  const read = (): ReadBatch => scanSensorBatch({ body, instance: 'sensor.sock', batch })
  const outcome = await sources.batches.store(batch, read)
  if (outcome.status === 'refused') {
    const { gap = 'refused-malformed', http } = REFUSALS[outcome.code]
    sources.gaps.count({ sender: `sensor ${speaker.sensor}`, channel: 'sensor', reason: gap, detail: outcome.message })
    throw new HttpError(http, outcome.message)
  }
  if (outcome.status === 'stored') sources.registry.noteBatch(speaker, outcome.entries)
  return { acknowledged: sequence, status: outcome.status }
}

/** Losses that are refused are not told again: that they are missing is on record. */
function refuseLosses({ gaps }: Sources, { sensor }: Speaker, error: unknown): never {
  if (error instanceof HttpError)
    gaps.count({
      sender: `sensor ${sensor}`,
      channel: 'sensor',
      reason: 'refused-oversized',
      detail: `counts of losses: ${error.message}`,
    })
  throw error
}

async function enrol({ memory, enrolment }: Sources, request: IncomingMessage): Promise<object> {
  if (enrolment === undefined) throw new HttpError(404, 'sensors of other hosts enrol on the port that is for them')
  const outcome = await enrolment.enrol(parsed(enrolSchema, await readJson({ memory }, request, ENROL_BYTES)))
  if (outcome.status === 'refused') throw new HttpError(403, outcome.message)
  const { sensor, certificate, authority } = outcome
  return { sensor, certificate, authority }
}

async function readJson(
  { memory }: Pick<Sources, 'memory'>,
  request: IncomingMessage,
  maxBytes = SENSOR_JSON_BYTES,
): Promise<unknown> {
  using lease = memory.lease('sensor')
  const body = await readBody(request, lease, maxBytes)
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw new HttpError(400, `not JSON: ${error instanceof Error ? error.message : ''}`)
  }
}

async function readBody(
  request: IncomingMessage,
  lease: ReturnType<MemoryBudget['lease']>,
  maxBytes: number,
): Promise<Buffer> {
  const length = request.headers['content-length']
  const coding = codingOf(request.headers['content-encoding'])
  if (coding === undefined) throw new HttpError(415, 'content-encoding must be gzip, deflate or zstd')
  const packed = await collect(request, lease, {
    ...(length === undefined ? {} : { announced: Number(length) }),
    maxBytes,
  })
  const read = packed.status === 'refused' ? packed : await inflate(packed.body, coding, lease)
  if (read.status === 'refused') throw refusalOf(read)
  return read.body
}

function refusalOf({ code, message }: Refused): HttpError {
  return new HttpError(REFUSALS[code].http, message)
}

function parsed<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new HttpError(400, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`)
}

function sendJson(response: ServerResponse, value: unknown): void {
  const body = JSON.stringify(value)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
}

function sendProblem({ logger }: SensorSocketOptions, response: ServerResponse, error: unknown): void {
  const problem = error instanceof RangeError ? { status: 503, headers: {}, detail: error.message } : problemOf(error)
  if (problem === undefined) logger.error({ err: error }, 'a request of the sensor failed')
  if (response.headersSent) return void response.destroy()
  const { status = 500, headers = {}, detail = 'this is a fault of the server; its log says more' } = problem ?? {}
  const body = JSON.stringify({ type: 'about:blank', title: 'Error', status, detail })
  response.writeHead(status, { ...headers, 'content-type': 'application/problem+json', connection: 'close' }).end(body)
}
