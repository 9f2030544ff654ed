import { parseArgs } from 'node:util'
import { z } from 'zod'
import { endpointSchema } from './forward/endpoint.ts'

const port = z.coerce.number().int().min(0).max(65_535)

/** `HOST:PORT`, an IPv6 address in brackets. */
const listenSchema = z.string().transform((text, context) => {
  const [, v6, name, number] = /^(?:\[([0-9a-f:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text) ?? []
  const host = v6 ?? name
  if (host !== undefined && Number(number) <= 65_535) return { host, port: Number(number) }
  context.addIssue('HOST:PORT is meant, such as 0.0.0.0:4320')
  return z.NEVER
})

const optionsSchema = z.object({
  data: z.string().min(1),
  host: z.enum(['127.0.0.1', '::1', 'localhost']),
  httpPort: port,
  otlpHttpPort: port,
  otlpGrpcPort: port,
  json: z.boolean(),
  takeNextPort: z.boolean(),
  open: z.boolean(),
  sensor: z.boolean(),
  sensorListen: listenSchema.optional(),
  rules: z.string().min(1).optional(),
  connectors: z.string().min(1).optional(),
  forwardOtlp: endpointSchema.optional(),
  forwardOtlpHeaders: z.string().min(1).optional(),
})

/** How a server is to run. Ports: 0 picks a free one. */
export type ServerOptions = z.output<typeof optionsSchema>

/** Reads the command line. Returns the sentence that says what is wrong with it. */
export function parseServerOptions(args: readonly string[]): ServerOptions | string {
  let values: Readonly<Record<string, string | boolean | undefined>>
  try {
    values = parseArgs({
      args: [...args],
      options: {
        data: { type: 'string', default: '.holdfast' },
        host: { type: 'string', default: '127.0.0.1' },
        'http-port': { type: 'string', default: '4319' },
        'otlp-http-port': { type: 'string', default: '4318' },
        'otlp-grpc-port': { type: 'string', default: '4317' },
        json: { type: 'boolean', default: false },
        'take-next-port': { type: 'boolean', default: false },
        open: { type: 'boolean', default: false },
        'sensor-listen': { type: 'string' },
        rules: { type: 'string' },
        connectors: { type: 'string' },
        'forward-otlp': { type: 'string' },
        'forward-otlp-headers': { type: 'string' },
        'no-sensor': { type: 'boolean', default: false },
      },
      strict: true,
    }).values
  } catch (error) {
    return error instanceof Error ? error.message : 'the arguments were not understood'
  }
  const parsed = optionsSchema.safeParse({
    data: values['data'],
    host: values['host'],
    httpPort: values['http-port'],
    otlpHttpPort: values['otlp-http-port'],
    otlpGrpcPort: values['otlp-grpc-port'],
    json: values['json'],
    takeNextPort: values['take-next-port'],
    open: values['open'],
    sensor: values['no-sensor'] !== true,
    sensorListen: values['sensor-listen'],
    rules: values['rules'],
    connectors: values['connectors'],
    forwardOtlp: values['forward-otlp'],
    forwardOtlpHeaders: values['forward-otlp-headers'],
  })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  return `--${(issue?.path.join('.') ?? '').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${issue?.message ?? 'not understood'}`
}
