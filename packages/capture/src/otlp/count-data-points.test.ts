import { expect, test } from 'vitest'
import { countDataPoints } from './count-data-points.ts'
import { encode } from './testing/otlp-schema.ts'

const METRICS = {
  resourceMetrics: [
    {
      scopeMetrics: [
        {
          metrics: [
            { name: 'a', gauge: { dataPoints: [{ asDouble: 1 }, { asDouble: 2 }] } },
            { name: 'b', sum: { dataPoints: [{ asDouble: 3 }] } },
          ],
        },
        { metrics: [{ name: 'c', gauge: { dataPoints: [{ asDouble: 1 }] } }] },
      ],
    },
  ],
}

test('counts data points the same in protobuf and in JSON', () => {
  expect(countDataPoints('proto', encode('MetricsRequest', METRICS))).toEqual({ status: 'counted', dataPoints: 4 })
  const json = new TextEncoder().encode(JSON.stringify(METRICS))
  expect(countDataPoints('json', json)).toEqual({ status: 'counted', dataPoints: 4 })
})

test.each([
  ['proto', Uint8Array.from([0x0a, 0x7f])],
  ['json', new TextEncoder().encode('{"resourceMetrics":[}')],
  ['json', new TextEncoder().encode('[]')],
] as const)('refuses what is not OTLP in %s', (encoding, body) => {
  expect(countDataPoints(encoding, body).status).toBe('malformed')
})
