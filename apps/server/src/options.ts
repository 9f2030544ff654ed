import { parseArgs } from 'node:util'
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)

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
  })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  return `--${(issue?.path.join('.') ?? '').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${issue?.message ?? 'not understood'}`
}
