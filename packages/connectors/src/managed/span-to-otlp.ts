import { objectOf, textOf } from './platform.ts'

/**
 * A span as CloudWatch keeps it in `aws/spans` (one flat JSON object: attributes as a map), as an OTLP/JSON request of one
 * span. What OTLP has no place for goes along as attributes below `aws.spans.`. Undefined for what is no span.
 */
export function spanToOtlp(message: string): string | undefined {
  let record: Readonly<Record<string, unknown>>
  try {
    record = objectOf(JSON.parse(message))
  } catch {
    // A log group may hold lines of text beside spans.
    return undefined
  }
  const { traceId, spanId } = record
  if (textOf(traceId) === undefined || textOf(spanId) === undefined) return undefined
  const scope = objectOf(record['scope'])
  const rest = Object.entries(record).filter(([key]) => !PLACED.has(key))
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: keyValues(objectOf(objectOf(record['resource'])['attributes'])) },
        scopeSpans: [
          {
            scope: { name: textOf(scope['name']) ?? '', version: textOf(scope['version']) ?? '' },
            spans: [
              {
                traceId,
                spanId,
                ...(textOf(record['parentSpanId']) === undefined ? {} : { parentSpanId: record['parentSpanId'] }),
                ...(textOf(record['traceState']) === undefined ? {} : { traceState: record['traceState'] }),
                name: textOf(record['name']) ?? '',
                kind: KINDS.indexOf(textOf(record['kind'])?.toUpperCase() ?? 'UNSPECIFIED'),
                startTimeUnixNano: nanos(message, 'startTimeUnixNano'),
                endTimeUnixNano: nanos(message, 'endTimeUnixNano'),
                attributes: [
                  ...keyValues(objectOf(record['attributes'])),
                  ...keyValues(Object.fromEntries(rest.map(([key, value]) => [`aws.spans.${key}`, value]))),
                ],
                status: {
                  code: STATUSES.indexOf(textOf(objectOf(record['status'])['code'])?.toUpperCase() ?? 'UNSET'),
                },
              },
            ],
          },
        ],
      },
    ],
  })
}

const PLACED: ReadonlySet<string> = new Set([
  'traceId',
  'spanId',
  'parentSpanId',
  'traceState',
  'name',
  'kind',
  'startTimeUnixNano',
  'endTimeUnixNano',
  'attributes',
  'resource',
  'scope',
])

/** In the order of OTLP's numbers. */
const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']
const STATUSES = ['UNSET', 'OK', 'ERROR']

function keyValues(map: Readonly<Record<string, unknown>>): readonly object[] {
  return Object.entries(map).map(([key, value]) => ({ key, value: valueOf(value) }))
}

function valueOf(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { stringValue: JSON.stringify(value) ?? '' }
}

/** Nanoseconds are beyond what a number of JSON holds: they are read from the text. */
function nanos(message: string, name: 'startTimeUnixNano' | 'endTimeUnixNano'): string {
  const found = /"(startTimeUnixNano|endTimeUnixNano)"\s*:\s*"?(\d{1,20})/g
  return [...message.matchAll(found)].find(([, key]) => key === name)?.[2] ?? '0'
}
