import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const DIALECTS = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'dialects')

/** One OTLP request as a real library sent it. */
export type RecordedRequest = {
  readonly signal: 'traces' | 'logs'
  readonly encoding: 'proto' | 'json'
  readonly contentType: string
  readonly body: Buffer<ArrayBuffer>
  readonly file: string
}

/** The requests that were recorded of a dialect, in their order. */
export function recordedRequests(dialect: string): readonly RecordedRequest[] {
  const folder = join(DIALECTS, dialect)
  return readdirSync(folder)
    .toSorted()
    .flatMap((file) => {
      const [, signal, format] = /^\d+\.(traces|logs)\.(pb|json)$/.exec(file) ?? []
      if (signal === undefined) return []
      return [
        {
          signal: signal === 'logs' ? ('logs' as const) : ('traces' as const),
          encoding: format === 'pb' ? ('proto' as const) : ('json' as const),
          contentType: format === 'pb' ? 'application/x-protobuf' : 'application/json',
          body: readFileSync(join(folder, file)),
          file: `${dialect}/${file}`,
        },
      ]
    })
}
